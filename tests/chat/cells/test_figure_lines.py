"""Figures and ratios of a report, read by rules; silence where anything is in doubt."""

import pytest

from chat.cells import asked_figures, asked_verdicts, figure_lines
from tests.chat.cells.reports import BALANCE, CASH, INCOME, REPORT, passages, store


def line(question, *documents):
    documents = documents or (REPORT,)
    wanted = asked_figures.wanted(question)
    every = [each for document in documents for each in document]
    found = wanted and figure_lines.found(wanted, every, store(*documents))
    return found.text if found else None


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (
            "What is the year end FY2021 total amount of inventories of Harbour Ferries?",
            "Inventories (Note 4), March 31, 2021: $250 thousand",
        ),
        (
            "What were Harbour Ferries' total current liabilities in FY2020?",
            "Total current liabilities, March 31, 2020: $871 thousand",
        ),
        (
            "What was the capex of Harbour Ferries in 2021? Answer in USD millions.",
            "Purchases of property and equipment, 2021: $310 thousand (= $0.310 million)",
        ),
    ],
)
def test_a_figure_is_read_from_its_statement(question, told):
    assert line(question) == told


def test_a_ratio_that_the_question_defines_is_worked_out():
    asked = (
        "What is Harbour Ferries' FY2021 working capital ratio? Define working capital ratio as"
        " total current assets divided by total current liabilities. Round to two decimal places."
    )
    assert line(asked) == (
        "working capital ratio March 31, 2021 = 1.97"
        " (total current assets / total current liabilities = 1,831 / 930)"
    )


def test_a_standard_ratio_needs_no_definition():
    told = line("How high was the inventory turnover of Harbour Ferries in 2021?")
    assert told.startswith("inventory turnover 2021 = 16.79 (")
    assert told.endswith("= 4,030 / ((230 + 250) / 2))")


def test_definitions_may_rest_on_each_other():
    asked = (
        "What is the FY2021 cash conversion cycle of Harbour Ferries? Cash conversion cycle is"
        " defined as: DIO + DSO. DIO is defined as: 365 * (average inventory between FY2020 and"
        " FY2021) / (FY2021 COGS). DSO is defined as: 365 * FY2021 accounts receivable / FY2021"
        " revenue."
    )
    found = figure_lines.found(asked_figures.wanted(asked), REPORT, store(REPORT))
    assert found.text == "cash conversion cycle 2021 = 43.93 (DIO + DSO = 21.74 + 22.19)"
    assert found.steps.startswith("DIO = 365 * ((230 + 250) / 2) / 4,030 = 21.74; DSO = 365 * 377")


def test_two_years_are_compared():
    told = line("How did the gross margin of Harbour Ferries change in FY2021?")
    assert told == (
        "gross margin (gross profit / revenue) decreased by 1.0 percentage points,"
        " from 36.0% (2020 = 2,124 / 5,900) to 35.0% (2021 = 2,170 / 6,200)"
    )


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Did the gross margin of Harbour Ferries improve in FY2021?", "No, gross margin"),
        ("Has the revenue of Harbour Ferries increased in FY2021?", "Yes, Revenue increased"),
        ("Was there a drop in net income of Harbour Ferries in 2021?", "Yes, Net income decreased"),
        ("Has the revenue of Harbour Ferries grown or fallen in 2021?", "Revenue increased"),
        ("Did the effective tax rate of Harbour Ferries improve in 2021?", None),
    ],
)
def test_yes_and_no_are_told(question, verdict):
    told = line(question)
    assert told is verdict is None or told.startswith(verdict)


def test_a_mean_is_taken_over_years():
    told = line("What is the average net profit margin of Harbour Ferries from 2020 to 2021?")
    assert told == (
        "average net profit margin of 2020, 2021 = 8.1%"
        " (net income / revenue: 500 / 5,900; 480 / 6,200)"
    )


def test_what_two_formulas_are_called_is_told_by_both():
    told = line("What is the quick ratio of Harbour Ferries for 2021?")
    assert told.startswith("quick ratio March 31, 2021 = 1.70 (")
    assert "= (1,204 + 377) / 930)" in told
    assert "; or quick ratio March 31, 2021 = 1.70 ((total current assets - inventories)" in told


@pytest.mark.parametrize(
    "question",
    [
        "What was the revenue of Harbour Ferries in 2019?",  # no such column
        "What was the revenue of Harbour Ferries in Q2 of 2021?",
        "What was the online revenue of Harbour Ferries in 2021?",  # not the firm's
        "What was the adjusted net income of Harbour Ferries in 2021?",
        "What was the revenue of Lake Steamers in 2021?",  # another firm
        "What drove the change of gross margin of Harbour Ferries in 2021?",
        "What is the goodwill of Harbour Ferries in 2021?",  # no such row
        "What are revenue and total assets of Harbour Ferries in 2021?",
    ],
)
def test_nothing_is_said_where_it_is_not_certain(question):
    assert line(question) is None


def test_two_rows_that_fit_equally_say_nothing():
    twice = BALANCE.replace(
        "Trade receivables | 377", "Trade receivables | 1 | 2\nTrade receivables | 377"
    )
    mine = passages(twice, INCOME, CASH)
    assert line("What are the receivables of Harbour Ferries in 2021?", mine) is None


def test_a_table_of_the_notes_is_not_the_statement():
    told = line("What is the current ratio of Harbour Ferries for FY2021?")
    assert "1,831 / 930" in told


def test_without_a_name_the_document_has_to_be_clear():
    other = passages(BALANCE, INCOME, CASH, filename="lake.pdf", document=2)
    assert line("What was the revenue in 2021?") == "Revenue, 2021: $6,200 thousand"
    assert line("What was the revenue in 2021?", REPORT[:3], other) is None


def test_a_year_that_ends_in_january_has_the_name_that_the_document_gives_it():
    page = BALANCE.replace("March 31, 2021", "February 2, 2019").replace(
        "March 31, 2020", "February 3, 2018"
    )
    question = "What were the total assets of the firm at year end FY2018?"
    assert "$10,675" in line(question, passages(page, filename="report-2019.pdf"))
    assert "$10,471" in line(question, passages(page, filename="report-2018.pdf"))
    assert line(question, passages(page, filename="report.pdf")) is None


def decided(question):
    wanted = asked_figures.wanted(question)
    found = wanted and figure_lines.found(wanted, REPORT, store(REPORT))
    return found.text if found and found.decides else None


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("Was the revenue of Harbour Ferries higher in 2021 than in 2020?", "Yes, Revenue"),
        ("Was the revenue of Harbour Ferries higher in 2020 than in 2021?", "No, Revenue"),
        ("Was net income of Harbour Ferries lower in 2021 than the year before?", "Yes, Net"),
        ("In which year was revenue of Harbour Ferries higher, 2020 or 2021?", "In 2021: Revenue"),
        ("Was net income of Harbour Ferries larger in 2020 or in 2021?", "In 2020: Net income"),
        ("Did the revenue of Harbour Ferries rise or fall in 2021?", "Revenue increased"),
        ("Ist der Umsatz von Harbour Ferries 2021 höher als 2020?", "Yes, Revenue"),
        ("Did the gross margin of Harbour Ferries improve or decline in 2021?", "gross margin"),
    ],
)
def test_which_of_two_years_is_decided(question, verdict):
    told = decided(question)
    assert told is not None
    assert told.startswith(verdict)


@pytest.mark.parametrize(
    "question",
    [
        "What was the revenue of Harbour Ferries in 2021?",
        "How did the revenue of Harbour Ferries change in 2021?",
        "Did the revenue of Harbour Ferries increase by more than 10% in 2021?",
        "Did the revenue of Harbour Ferries increase by 10 million in 2021?",
        "Has the revenue of Harbour Ferries increased each year?",
        "Did the revenue of Harbour Ferries grow more in 2021 than in 2020?",
        "Did the revenue of Harbour Ferries not increase in 2021?",
        "Was the revenue of Harbour Ferries higher than its cost of sales in 2021?",
    ],
)
def test_what_the_figures_do_not_decide_is_left_open(question):
    assert decided(question) is None


@pytest.mark.parametrize(
    ("question", "alone"),
    [
        ("Did revenue rise in 2021?", True),
        ("Did revenue rise in 2021, and by how much?", True),
        ("Did revenue rise in 2021? Answer in USD millions.", True),
        ("Did revenue rise in 2021 and why?", False),
        ("Did revenue rise in 2021? If so, explain.", False),
        ("Did revenue rise in 2021 and what drove it?", False),
        ("Did revenue rise in 2021? Who is the auditor?", False),
        ("Ist der Umsatz gestiegen und warum?", False),
    ],
)
def test_whether_something_else_is_asked(question, alone):
    assert asked_verdicts.is_all(question) is alone
