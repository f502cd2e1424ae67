"""Passages of small documents with tables, and what stands in for the library that they are in."""

from chat.cells.statements import Store
from tests.chat.test_prompt import make_passage

BALANCE = """Harbour Ferries plc
Consolidated Balance Sheets
(in thousands, except share data)

| March 31, 2021 | March 31, 2020
Assets
Cash and cash equivalents | $ 1,204 | $ 1,118
Trade receivables | 377 | 402
Inventories (Note 4) | 250 | 230
Total current assets | 1,831 | 1,750
Ships and equipment, net | 8,640 | 8,925
Total assets | $ 10,471 | $ 10,675

| March 31, 2021 | March 31, 2020
Accounts payable | 512 | 498
Total current liabilities | 930 | 871
Total liabilities | 4,120 | 4,376
"""
INCOME = """Harbour Ferries plc
Consolidated Statements of Income

(In Thousands) Years ended March 31, | 2021 | 2020
Revenue | $ 6,200 | $ 5,900
Cost of sales | (4,030) | (3,776)
Gross profit | 2,170 | 2,124
Operating profit | 620 | 649
Income taxes | 118 | 121
Net income | $ 480 | $ 500
"""
CASH = """Harbour Ferries plc
Consolidated Statements of Cash Flows

(In Thousands) Years ended March 31, | 2021 | 2020
Net income | $ 480 | $ 500
Depreciation and amortization | 285 | 270
Inventories | (20) | 12
Net cash provided by operating activities | 760 | 731
Purchases of property and equipment | (310) | (420)
Net cash used in investing activities | (310) | (420)
Dividends paid | (120) | (120)
Net cash used in financing activities | (364) | (150)
"""
NOTE = """Note 9. Summarized balance sheets of our partner

(in thousands) | 2021 | 2020
Total current assets | 77 | 70
Total current liabilities | 99 | 90
Total assets | 177 | 170
Total liabilities | 120 | 111
"""


def passages(*pages, filename="harbour-ferries-2021.pdf", document=1, first=40):
    """One for each page."""
    return [
        make_passage(
            text,
            chunk=100 * document + number,
            document=document,
            version=document,
            filename=filename,
            page=first + number,
            start=0,
            end=len(text),
            score=0.8 - 0.01 * number,
        )
        for number, text in enumerate(pages)
    ]


def store(*documents):
    """Of the passages of each document."""
    every = {each[0].document: each for each in documents}
    return Store(
        lambda document: [(each.page, each.text[:450]) for each in every[document]],
        lambda document, pages: [each for each in every[document] if each.page in pages],
    )


REPORT = passages(BALANCE, INCOME, CASH, NOTE)
