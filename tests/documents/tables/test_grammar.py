"""The grammar of computations: how cells are read, what questions are, and what is refused."""

import random

import pytest

from documents.tables import execute, grammar, understand, wording
from documents.tables.grammar import BadPlan, Condition, Plan
from documents.tables.lexicon import Lexicon
from documents.tables.table import Table, parted
from localchat.lib.language import speaking


def table(*rows, exact=False, name="", file="orders.csv"):
    found = parted([row.split("|") for row in rows])
    columns = [(n, [row[k] for row in found.rows]) for k, n in enumerate(found.names)]
    return Table(name, columns, exact=exact, file=file, left_out=found.left_out)


ORDERS = table(
    "Order ID|Date|Customer|Country|Quantity|Unit Price|Amount",
    "1|2023-01-05|Acme|France|2|10.00|20.00",
    "2|2023-02-06|Bolt|Germany|3|5.50|16.50",
    "3|2024-03-07|Acme|France|1|99.90|99.90",
    "4|2024-03-08|Cobalt|Italy|7|1.00|7.00",
)


def answered(question, over=ORDERS, language="english"):
    found = understand.understood(question, Lexicon(over))
    if found is None:
        return None
    result = execute.run(found.plan, over)
    with speaking(language):
        return wording.markdown(found.plan, over, result, found.notes).replace("\\", "")


def test_totals_and_notes_at_the_end_are_no_rows():
    found = table("City|Visits|Paid", "Rome|1|2", "Oslo|3|4", "Total|4|6", "Source: the office||")
    assert found.rows == 2
    assert found.left_out == ["Source: the office", "Total"]
    assert "Left out as totals or notes" in answered("total visits", found)


def test_names_stand_under_titles_and_over_figures():
    found = parted([["Report", "", ""], [], ["City", "City", ""], ["Rome", "Italy", "7"]])
    assert found.names == ["City", "City (2)", "Column 3"]
    assert found.rows == [["Rome", "Italy", "7"]]


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("How many orders are there?", "Count of rows: 4 of 4 rows, = 4"),
        ("What is the total amount?", "Sum of Amount: 4 of 4 rows, = 143.40"),
        ("average unit price", "Average of Unit Price: 4 of 4 rows, = 29.10"),
        ("median unit price", "Median of Unit Price: 4 of 4 rows, = 7.75"),
        ("What is the median amount per customer?", "| Acme | 59.95 | 2 |"),
        ("Which customer placed the most orders?", "**Acme**: 2"),
        ("Which country has the highest revenue?", "**France**: 119.90"),
        ("total amount per country", "| Germany | 16.50 | 1 |"),
        ("amount by year", "| 2023 | 36.50 | 2 |"),
        ("How many customers are not from France?", "Country != France: 2 of 4 rows, = 2"),
        ("How many orders from France or Italy?", "Country = France or Italy: 3 of 4"),
        ("orders between 10 and 50: how many?", "Amount between 10 and 50: 2 of 4 rows"),
        ("How many orders in Q1 2024?", "Date = 2024-Q1: 2 of 4 rows"),
        ("when was the first order", "Minimum of Date: 4 of 4 rows, = 2023-01-05"),
        ("top 2 customers by revenue", "| Acme | 119.90 | 2 |\n| Bolt | 16.50 | 1 |"),
        ("list all countries", "France, Germany, Italy"),
        ("How many customers containing 'co'?", "Customer contains co: 1 of 4 rows"),
        ("How many units did we sell?", "Sum of Quantity: 4 of 4 rows, = 13"),
        ("What was the revenue in 2024?", "Date = 2024: 2 of 4 rows, = 106.90"),
    ],
)
def test_questions_are_understood_as_people_put_them(question, part):
    assert part in answered(question)


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("Wie viele Bestellungen gibt es?", "Anzahl der Zeilen: 4 von 4 Zeilen, = 4"),
        ("Wie hoch ist der Gesamtbetrag in Italy?", "Country = Italy: 1 von 4 Zeilen, = 7,00"),
        ("Was ist der Median der Menge?", "Median von Quantity: 4 von 4 Zeilen, = 2,5"),
        ("Durchschnittlicher Betrag pro Land", "| France | 59,95 | 2 |"),
        ("Wie viele Bestellungen über 16?", "Amount > 16: 3 von 4 Zeilen"),
        ("Welcher Kunde hat den höchsten Umsatz?", "**Acme**: 119,90"),
        ("Wie viele verschiedene Länder gibt es?", "Verschiedene Werte von Country: 4 von 4"),
    ],
)
def test_german_questions_are_answered_in_german(question, part):
    assert part in answered(question, language="german")


@pytest.mark.parametrize(
    "question",
    [
        "What does the report say about France?",
        "How many employees does 3M have?",
        "How many orders were lost in France?",
        "Why did the amount fall in France?",
        "How many orders have the highest amount?",
        "What is the highest average amount?",
        "Summarise the orders",
        "How many are there?",
        "total amount next year",
        "median amount and highest amount",
        "What is the amount without tax?",
    ],
)
def test_what_is_not_wholly_understood_is_no_computation(question):
    assert answered(question) is None


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many orders came from Frankreich?", ("Frankreich",)),
        ("Wie viele Bestellungen kamen aus Frankreich?", ("Frankreich",)),
        ("Sum of amount for Dora Ltd in 2023", ("Dora", "Ltd")),
        ("average amount per manager", ("manager",)),
        ("How many orders came from France?", None),
        ("Which orders came from Frankreich?", None),
        ("How many orders were lost in France?", None),
        ("How many fountains does Rome have?", None),
    ],
)
def test_what_alone_was_not_understood_can_be_said(question, words):
    found = understand.lacking(question, Lexicon(ORDERS))
    assert (found.words if found else None) == words


def test_what_was_assumed_is_said():
    assert "“revenue” was taken for the column Amount." in answered("total revenue")
    assert "No column was named, so Amount was taken." in answered("How much in total for France?")
    other = table("From|To|Cost", "Rome|Oslo|3", "Oslo|Rome|4", "Bern|Rome|5", file="trips.csv")
    assert "“Rome” was looked for in From; it is also in To." in answered("total cost Rome", other)
    doubtful = table("Item|Sold", "A|03/04/2024", "B|05/06/2024")
    assert "“03/04/2024” was read as month, day, year." in answered("latest sold", doubtful)


def test_names_and_values_of_a_file_are_no_markup():
    hostile = table("<b>City</b>|Visits", "[9] *Rome*|4", "Oslo|6")
    found = understand.understood("list all city", Lexicon(hostile))
    text = wording.markdown(found.plan, hostile, execute.run(found.plan, hostile), [])
    assert "\\[9\\] \\*Rome\\*" in text
    assert "\\<b\\>" in text


@pytest.mark.parametrize(
    "plan",
    [
        Plan("sum", "Customer"),
        Plan("sum", "Nowhere"),
        Plan("sum"),
        Plan("min", "Country"),
        Plan("count", where=(Condition("Country", ">", ("France",)),)),
        Plan("count", where=(Condition("Amount", "=", ("much",)),)),
        Plan("count", where=(Condition("Date", ">", ("soon",)),)),
        Plan("count", group="Country", part="year"),
    ],
)
def test_a_plan_that_the_table_cannot_answer_is_refused(plan):
    with pytest.raises(BadPlan):
        execute.run(plan, ORDERS)


NAMES = ["Amount", "amount", "Date", "Country", "Customer", "Quantity", "", "x" * 300, "Nowhere"]
CELLS = [
    "France",
    "1",
    "2023",
    "2023-02-01/2023-03-01",
    "2023-03-01/2023-02-01",
    "2023-02",
    "-5",
    "1e9",
    "9999-12-31",
    "0000",
    "",
    "%",
    "\0",
    "²",
]
JUNK = [
    None,
    True,
    1.5,
    [],
    {},
    "DROP TABLE",
    -1,
    10**30,
    ["a"],
    {"column": "Amount"},
    float("nan"),
]


def told(chance):
    """Anything: mostly in the shape of a plan, some of it not."""

    def some(known):
        return chance.choice(JUNK) if chance.random() < 0.06 else chance.choice(known)

    def condition():
        values = [some(CELLS) for _ in range(chance.choice([0, 1, 1, 1, 2, 3]))]
        found = {"column": some(NAMES), "test": some(list(grammar.TESTS)), "values": values}
        return chance.choice(JUNK) if chance.random() < 0.05 else found

    plan = {
        "operation": some([*grammar.OPERATIONS, "none"]),
        "column": some(NAMES),
        "where": [condition() for _ in range(chance.choice([0, 1, 1, 2, 12]))],
        "group": some(["", "", *NAMES]),
        "part": some(["", "", "", "year", "month"]),
        "least": some([True, False]),
        "top": some([0, 1, 5, 101]),
    }
    for field in [field for field in plan if chance.random() < 0.05]:
        del plan[field]
    return chance.choice(JUNK) if chance.random() < 0.03 else plan


def fuzz(runs, seed):
    """How many of so many plans ran; each other one was refused by BadPlan, or this raises."""
    chance, ran = random.Random(seed), 0
    for _ in range(runs):
        try:
            plan = grammar.from_json(told(chance))
            result = execute.run(plan, ORDERS)
        except BadPlan:
            continue
        with speaking("german"):
            wording.markdown(plan, ORDERS, result, [])
        ran += 1
    return ran


def test_whatever_is_told_either_runs_or_is_refused():
    assert fuzz(3_000, seed=1) > 100


def test_whatever_is_asked_either_is_understood_or_not():
    chance, lexicon = random.Random(2), Lexicon(ORDERS)
    said = [
        *CELLS,
        *NAMES,
        "how many",
        "total",
        "top 3",
        "by",
        "over",
        "between",
        "and",
        "not",
        "in",
    ]
    for _ in range(400):
        question = " ".join(chance.choice(said) for _ in range(chance.randint(0, 9)))
        if found := understand.understood(question, lexicon):
            try:
                execute.run(found.plan, ORDERS)
            except BadPlan:
                continue


def test_rows_that_look_like_totals_are_told():
    found = table("Zone|Sales|Staff", "North|1|2", "South|3|4", "Total Europe|9|9", "Asia|5|1")
    assert "Rows that look like totals were counted in: Total Europe." in answered(
        "total sales", found
    )
