"""A figure against the passage that its sentence cites, in that passage's scale and years."""

import pytest

from chat.grounding.check import check

SHOP = (
    "SHOP_2019_10K.pdf\nMerchandise is counted each year in stores and in distribution centers.",
    """Consolidated Balance Sheets
$ in millions, except per share and share amounts

| February 2, 2019 | February 3, 2018
Assets
Current assets
Cash and cash equivalents | $ 1,980 | $ 1,101
Merchandise inventories | 5,409 | 5,209
Total current assets | 8,870 | 9,829""",
    """Brightwater Inc.
(in thousands)
December 31, 2022 2021
Accounts payable $ 812,450 $ 790,113
Total liabilities 5,466,312 5,102,998
Weighted-average shares outstanding 48,200 47,900""",
    """Konzernbilanz (in Mio. EUR)
 | 2023 | 2022
Umsatzerlöse | 1.412,6 | 1.380,2
Vorräte | 231,4 | 198,7""",
    "At the end of fiscal 2018 merchandise inventories had been 5,209 in all stores.",
)
KINDS = (
    """Store Sales | 2021 | 2020 | Change
North | 4,120 | 3,870 | 6.5 %
South | 2,610 | 2,940 | -11.2 %""",
    """Year | Visitors | Income
2019 | 23,480 | 61,200
2020 | 9,310 | 24,700""",
    """(Millions) 2018 2017 2016
Net sales $ 32,765 $ 31,657 $ 30,109
Operating income 7,207 7,692 7,027
The Company expects capital spending of $1.7 billion in 2019.""",
    "Angaben in TEUR\nUmsatz 84.310 79.205\nPersonalaufwand 21.450 20.118",
    "Revenue (in thousands) | 91,300\nStores | 412\nQ2 2023 net sales came to $96.2 million.",
)


def reasons(text, passages, numbers=()):
    return [doubt.reason for doubt in check(text, passages, numbers)]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("Merchandise inventories were $8,870 million [5].", "source 2, not in the cited one"),
        ("Total liabilities are [2] $5,466,312.", "5,466,312 is in source 3, not in the cited"),
        ("Total liabilities are $5,466,312 [1][2].", "is in source 3, not in the cited ones"),
        ("Total liabilities are $5,466,312 million [3].", "the sources give it in thousands"),
        ("Total liabilities were $5.47 million.", "the sources give it in thousands"),
        ("Die Vorräte betrugen 231,4 Tsd. EUR [4].", "in millions"),
        ("Merchandise inventories were $5,209 million in 2019 [2].", "stands under 2018"),
        ("Merchandise inventories for FY2019 were $5,209 [2].", "stands under 2018"),
        ("Cash was 1,101 in fiscal 2019 [2].", "stands under 2018"),
        ("Total liabilities were $5,102,998 in FY22 [3].", "stands under 2021"),
        ("Die Umsatzerlöse 2022 betrugen 1.412,6 Mio. EUR [4].", "stands under 2023"),
        ("Revenue in FY2035 was 5,409 [2].", "2035 is not in the sources"),
    ],
)
def test_a_borrowed_figure_is_doubted_with_its_reason(sentence, reason):
    (found,) = reasons(sentence, SHOP)
    assert reason in found


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("North sold 3,870 in 2021 [1].", "stands under 2020"),
        ("In 2020 there were 23,480 visitors [2].", "stands under 2019"),
        ("Net sales were $31,657 million in 2018 [3].", "stands under 2017"),
        ("Der Umsatz betrug 84,3 Tsd. EUR [4].", "in thousands"),
        ("Revenue was $91,300 million [5].", "in thousands"),
    ],
)
def test_tables_of_each_kind_are_read(sentence, reason):
    (found,) = reasons(sentence, KINDS)
    assert reason in found


@pytest.mark.parametrize(
    "sentence",
    [
        "Merchandise inventories were $5,409 million in 2019 [2].",
        "Merchandise inventories were $5,409 million in fiscal 2018 [2].",  # it ended in February
        "Merchandise inventories were $5.4 billion [2].",
        "Inventories were 5,209 at the end of fiscal 2018 [2][5].",
        "Inventories were 5,209 in the year before, not in 2019 [2].",
        "Merchandise inventories rose from $5,209 million to $5,409 million in 2019 [2].",
        "Merchandise inventories of $5,209 million stood in the books.",
        "At year-end 2019, total current assets were about $8.9 billion [2].",
        "Total current assets were $8,870,000,000 [2].",
        "Total liabilities were $5,466,312 thousand at the end of 2022 [3].",
        "Total liabilities were $5,466 million [3].",
        "Total liabilities were roughly 5.47 billion dollars in FY2022 [3].",
        "Total liabilities were $5.466 billion in FY22 [3].",
        "Total liabilities were 5,466,312 (in thousands) [3].",
        "Accounts payable were $812.5 million in fiscal 2022 [3].",
        "Accounts payable were $790.1 million in 2021, and total liabilities $5,102,998 thousand [3].",
        "Weighted-average shares were 48.2 million [3].",
        "Die Umsatzerlöse lagen 2023 bei 1,41 Mrd. EUR [4].",
        "Die Vorräte betrugen 2022 198,7 Mio. EUR [4].",
        "Die Vorräte stiegen 2023 von 198,7 auf 231,4 Mio. EUR [4].",
        "Die Umsatzerlöse lagen im Geschäftsjahr 2023 bei 1.412.600.000 EUR [4].",
        "According to the 2019 annual report, inventories had been 5,209 [5].",
        "Merchandise inventories were $5,409 million [12].",  # a source that was not sent
        "| Year | Inventories |\n|---|---|\n| 2019 | 5,409 |",
    ],
)
def test_right_figures_scales_and_years_are_no_error(sentence):
    assert reasons(sentence, SHOP) == []


@pytest.mark.parametrize(
    "sentence",
    [
        "North sold 4,120 in 2021, 6.5 % more than in 2020 [1].",
        "In 2021 the South sold 2,610 [1].",
        "There were 9,310 visitors in 2020 [2].",
        "Visitors brought 61,200 in 2019 [2].",
        "Net sales were $32.8 billion in 2018 [3].",
        "In 2017, net sales were $31,657 million and operating income was $7,692 million [3].",
        "For 2019, capital spending of $1.7 billion is expected [3].",
        "Der Umsatz betrug 84,3 Mio. EUR [4].",
        "Der Umsatz betrug 84.310 TEUR [4].",
        "In the Second Quarter of 2023, net sales came to $96.2 million [5].",
        "Revenue was $91.3 million, from 412 stores [5].",
        "Net sales in the second quarter of 2023 were $96.2 million [5].",
        "Q2 2023 net sales came to $96.2 million [5].",
        "In Q2'23, net sales were $96.2 million [5].",
        "In Q2 FY23, net sales were $96.2 million [5].",
    ],
)
def test_right_figures_of_other_tables_are_no_error(sentence):
    assert reasons(sentence, KINDS) == []


def test_passages_are_cited_by_their_own_numbers():
    text = "Total liabilities are $5,466,312 [3]."
    assert reasons(text, [SHOP[0], SHOP[2]], [1, 3]) == []
    (found,) = reasons(text.replace("[3]", "[1]"), [SHOP[0], SHOP[2]], [1, 3])
    assert "is in source 3" in found


@pytest.mark.parametrize("period", ["FY", "FY2022", "FY22", "Q2", "H1", "2H", "Q2 2022", "1Q'22"])
def test_a_period_is_a_time_and_no_name(period):
    passages = ["The company sold pumps worth $412 million in the year that ended in June 2022."]
    assert reasons(f"The company sold pumps worth $412 million in {period}.", passages) == []
    assert reasons(f"The Fiscal Year {period} brought sales of $412 million.", passages) == []
