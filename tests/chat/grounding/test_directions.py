"""What is said to have risen has to be more than before."""

import pytest

from chat.grounding.check import check

SHOP = (
    "Gross margin | 19.4 % | 18.5 %\nNet sales | 14,544 | 14,694",
    "The gross margin decreased by 0.8 percentage points, from 19.4% to 18.5%.",
    "Costs rose by 4 % in 2022 and 2023.",
)


def reasons(text, passages=SHOP):
    return [doubt.reason for doubt in check(text, passages)]


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (
            "The gross margin increased from 19.4% in 2022 to 18.5% in 2023.",
            "18.5% is less than 19.4%",
        ),
        ("Net sales fell from 14,544 to 14,694.", "14,694 is more than 14,544"),
        (
            "The gross margin was 0.8 percentage points higher than before.",
            "A source says that it decreased by 0.8%",
        ),
        ("Costs decreased by 4%.", "A source says that it increased by 4%"),
    ],
)
def test_the_wrong_way_is_doubted(said, reason):
    assert reasons(said) == [reason]


@pytest.mark.parametrize(
    "said",
    [
        "The gross margin decreased from 19.4% to 18.5%.",
        "Net sales increased from 14,544 to 14,694.",
        "The gross margin did not increase from 19.4% to 18.5%.",
        "Net sales increased from 2022 to 2023.",
        "Costs rose by 4% in 2022.",
        "The gross margin was 0.8 percentage points lower than before.",
    ],
)
def test_the_right_way_is_not(said):
    assert reasons(said) == []
