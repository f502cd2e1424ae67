"""Numbers that name what is in a row are counted, never added up; truth is worked out from the rows."""

import random

import pytest

from documents.tables import execute, understand, wording
from documents.tables.lexicon import Lexicon
from documents.tables.table import Table
from localchat.lib.language import speaking

LANDS = ["France", "Germany", "Italy", "Spain"]
THINGS = ["Chair", "Desk", "Lamp"]
NUMBERED = {
    "from one": lambda n, _: n,
    "from a thousand": lambda n, _: 1000 + n,
    "with gaps": lambda n, chance: 10_000 + 37 * n + chance.randrange(30),
    "codes": lambda n, _: f"INV-{n:04}",
    "shuffled": lambda n, _: 1 + n * 77 % 200,
}
NOUNS = [
    ("Order", "orders", "Bestellungen"),
    ("Invoice", "invoices", "Rechnungen"),
    ("Ticket", "tickets", "Tickets"),
    ("Customer", "customers", "Kunden"),
    ("Employee", "employees", "Mitarbeiter"),
    ("Patient", "patients", "Patienten"),
    ("Booking", "bookings", ""),
    ("Bestellung", "", "Bestellungen"),
    ("Rechnung", "", "Rechnungen"),
    ("Kunde", "", "Kunden"),
    ("Auftrag", "", "Aufträge"),
    ("Order No", "orders", "Bestellungen"),
    ("OrderID", "orders", "Bestellungen"),
    ("Kundennr", "", "Kunden"),
]


class Rows:
    """Two hundred rows; with `lines`, each key on one to three rows that follow each other."""

    def __init__(self, noun, numbered, *, first=True, lines=False, seed=1):
        chance = random.Random(seed)
        self.noun, self.rows, number = noun, [], 0
        while len(self.rows) < 200:
            number += 1
            key, land = str(NUMBERED[numbered](number, chance)), chance.choice(LANDS)
            day = f"{chance.choice([2023, 2024])}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
            for _ in range(chance.randint(1, 3) if lines else 1):
                thing, units = chance.choice(THINGS), chance.randint(1, 9)
                cents = chance.randint(100, 99_999)
                self.rows.append((key, day, land, thing, units, cents))
        names = [noun, "Date", "Country", "Product", "Units", "Amount"]
        cells = [[*map(str, row[:5]), f"{row[5] / 100:.2f}"] for row in self.rows]
        columns = [(name, [row[k] for row in cells]) for k, name in enumerate(names)]
        order = columns if first else [*columns[1:3], columns[0], *columns[3:]]
        self.table = Table("", order, file="export.csv")

    def count(self, meets=lambda row: True):
        return len({row[0] for row in self.rows if meets(row)})

    def units(self, meets):
        return sum(row[4] for row in self.rows if meets(row))

    def answer(self, question):
        """What is told: a value, the values by group, or that nothing is computed."""
        found = understand.understood(question, Lexicon(self.table))
        if found is None:
            return None
        result = execute.run(found.plan, self.table)
        if found.plan.group:
            first = result.groups[0].value
            shown = [g for g in result.groups if not found.plan.top or g.value == first]
            return {group.name: group.value for group in shown}
        return result.value


def asked(rows, english, german):
    """Questions with what is true of these rows."""
    by_land = {land: rows.count(lambda r, to=land: r[2] == to) for land in LANDS}
    france = by_land["France"]
    march = rows.count(lambda r: r[2] == "Germany" and r[1].startswith("2024-03"))
    over = rows.count(lambda r: r[5] > 50_000)
    over_in_spain = rows.count(lambda r: r[5] > 50_000 and r[2] == "Spain")
    under = rows.count(lambda r: r[5] < 20_000)
    between = rows.count(lambda r: 20_000 <= r[5] <= 60_000)
    not_italy = rows.count(lambda r: r[2] != "Italy")
    most = {land: n for land, n in by_land.items() if n == max(by_land.values())}
    told = {}
    if english:
        told |= {
            f"How many {english} came from France?": france,
            f"How many {english} are there?": rows.count(),
            f"how many different {english} are there": rows.count(),
            f"total number of {english}": rows.count(),
            f"How many {english} were from Germany in March 2024?": march,
            f"Number of {english} per country": by_land,
            f"How many {english} are there in each country?": by_land,
            f"How many {english} over 500 were placed in Spain?": over_in_spain,
            f"How many {english} over 500?": over,
            f"number of {english} under 200": under,
            f"How many {english} between 200 and 600 are there?": between,
            f"{english} above 500: how many?": over,
            f"How many {english} are not from Italy?": not_italy,
            f"total {english} in France": france,
            f"Which country has the most {english}?": most,
        }  # fmt: skip
    if german:
        told |= {
            f"Wie viele {german} gibt es?": rows.count(),
            f"Wie viele {german} kamen aus France?": france,
            f"Anzahl der {german} pro Land": by_land,
            f"Wie viele {german} über 500 gab es in Spain?": over_in_spain,
            f"Wie viele {german} zwischen 200 und 600?": between,
            f"Anzahl {german} im März 2024 in Germany": march,
        }
    return told


def wrong(rows, questions):
    told = {question: rows.answer(question) for question in questions}
    return {q: (told[q], true) for q, true in questions.items() if told[q] != true}


@pytest.mark.parametrize("numbered", NUMBERED)
@pytest.mark.parametrize(("noun", "english", "german"), NOUNS)
def test_what_is_counted_is_not_summed(noun, english, german, numbered):
    rows = Rows(noun, numbered)
    assert wrong(rows, asked(rows, english, german)) == {}


@pytest.mark.parametrize("numbered", ["from one", "from a thousand", "codes"])
@pytest.mark.parametrize(("noun", "english", "german"), NOUNS[:9])
def test_a_key_on_several_rows_is_counted_once(noun, english, german, numbered):
    rows = Rows(noun, numbered, lines=True)
    assert wrong(rows, asked(rows, english, german)) == {}
    lines = {
        "How many rows are there?": len(rows.rows),
        "How many lines are there?": len(rows.rows),
        "How many lines in France?": sum(row[2] == "France" for row in rows.rows),
        "Wie viele Zeilen gibt es?": len(rows.rows),
    }
    if english:
        lines[f"How many {english[:-1]} lines are there?"] = len(rows.rows)
    assert wrong(rows, lines) == {}


@pytest.mark.parametrize("numbered", NUMBERED)
@pytest.mark.parametrize(("noun", "english", "german"), NOUNS)
def test_a_key_that_is_not_the_first_column_is_never_summed(noun, english, german, numbered):
    """There may be no answer; a wrong one there is not."""
    rows = Rows(noun, numbered, first=False)
    answers = wrong(rows, asked(rows, english, german))
    assert {q: told for q, told in answers.items() if told[0] is not None} == {}


@pytest.mark.parametrize("numbered", NUMBERED)
def test_a_key_is_not_computed_with(numbered):
    rows = Rows("Order", numbered)
    for question in ("sum of order", "average order in France", "What is the highest order number?",
                     "Summe der Order", "How many units per order on average over 5?"):  # fmt: skip
        found = understand.understood(question, Lexicon(rows.table))
        assert found is None or found.plan.column != "Order"
        assert found is None or all(each.column != "Order" for each in found.plan.where)


@pytest.mark.parametrize(("thing", "where", "meets"), [
    ("chairs", "in Italy", lambda r: r[3] == "Chair" and r[2] == "Italy"),
    ("desks", "in 2024", lambda r: r[3] == "Desk" and r[1].startswith("2024")),
    ("lamps", "", lambda r: r[3] == "Lamp"),
])  # fmt: skip
def test_things_that_are_sold_are_counted_by_their_units(thing, where, meets):
    rows = Rows("Order", "from one")
    question = f"How many {thing} were sold {where}?"
    assert rows.answer(question) == rows.units(meets)
    found = understand.understood(question, Lexicon(rows.table))
    result = execute.run(found.plan, rows.table)
    with speaking("english"):
        assert "Units was summed up" in wording.markdown(
            found.plan, rows.table, result, found.notes
        )
    with speaking("german"):
        assert "Units wurde" in wording.markdown(found.plan, rows.table, result, found.notes)


def small(head, *rows):
    columns = zip(head.split("|"), zip(*(row.split("|") for row in rows), strict=True), strict=True)
    return Table("", list(columns), file="export.csv")


@pytest.mark.parametrize(
    ("question", "table", "value"),
    [
        ("How many visitors?", small("City|Visitors", "Rome|1", "Oslo|2", "Bern|3"), 6),
        ("How many orders?", small("Country|Orders", "France|12", "Italy|7", "Spain|9"), 28),
        ("Wie viele Besucher?", small("Stadt|Besucher", "Rom|12", "Oslo|7", "Bern|9"), 28),
        ("How many children?", small("Family|Children", "A|2", "B|0", "C|2"), 4),
        ("total population", small("City|Population", "Rome|27", "Oslo|7", "Bern|1"), 35),
        ("How many staff?", small("City|Staff", "Rome|27", "Oslo|7", "Bern|1"), 35),
        ("total weight", small("Box|Weight", "1|20", "2|21", "3|22"), 63),
        ("sales after week 1", small("Week|Sales", "1|20", "2|21", "3|22"), None),
        ("total sales where week over 1", small("Week|Sales", "1|20", "2|21", "3|22"), 43),
        ("What is the amount of order 12?", small("Order|Amount", "11|20", "12|21", "13|22"), 21),
    ],
)
def test_counts_and_measures_are_still_added_up(question, table, value):
    found = understand.understood(question, Lexicon(table))
    assert (execute.run(found.plan, table).value if found else None) == value


TWO = small(
    "Order|Units|Pieces|Net|Cost|Item", *(f"{n}|{n}|{n}|{n}.5|{n}.7|Chair" for n in range(9))
)


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("How many chairs were sold?", TWO),
        ("How many orders over 500?", TWO),
        ("How many orders over 5?", small("Order|Units", "1|2", "2|7", "3|9")),
        ("average number of orders per country", Rows("Order", "from one").table),
        ("How many sales were there?", small("Day|Sales", "A|2", "B|7", "C|9")),
        ("How many ratings are there?", small("Film|Rating", "A|2", "B|7", "C|9")),
        ("How many rooms are there?", small("House|Room", "A|3", "B|2", "C|3")),
    ],
)
def test_of_two_readings_none_is_told(question, table):
    assert understand.understood(question, Lexicon(table)) is None


ROWS = Rows("Order", "from one")
NAMELESS = small(
    "Project|Budget|Spent|Fare", *(f"{100 + n * n}|{n}000|{n}00|{n}.5" for n in range(1, 30))
)
YEARS = small(
    "Invoice|Customer|Total", *(f"{2000 + n // 2}|{'AB'[n // 2 % 2]}|{n}" for n in range(60))
)
MARKS = small("Nr|Class|Grade", *(f"{n}|{'ab'[n % 2]}|{n % 5 + 1}" for n in range(1, 30)))
BOUGHT = small(
    "Buyer|Article|Qty", *(f"{'XY'[n % 2]}X|{['Book', 'Lamp'][n % 3 > 1]}|{n}" for n in range(30))
)
TICKETS = small(
    "Ticket|Opened|Status", *(f"T-{n}|2024-01-0{n}|{['Open', 'Done'][n % 2]}" for n in range(1, 9))
)
AGES = small("Employee|Age|Start", *(f"{n}|{20 + n}|{2000 + n}-01-01" for n in range(1, 20)))


@pytest.mark.parametrize(
    ("question", "table"),
    [
        ("How many orders were under 100 or over 900?", ROWS.table),
        ("How many orders from France or over 500?", ROWS.table),
        ("average orders per month", ROWS.table),
        ("sum of orders", ROWS.table),
        ("highest order no", Rows("Order No", "from one").table),
        ("Which product was sold the most?", ROWS.table),
        ("How many products were sold?", ROWS.table),
        ("How many country orders are there?", ROWS.table),
        ("How many projects over 50000?", NAMELESS),
        ("average project", NAMELESS),
        ("largest project", NAMELESS),
        ("average invoice", YEARS),
        ("sum of invoice", YEARS),
        ("Which class has the highest grade?", MARKS),
        ("highest Nr", MARKS),
    ],
)
def test_figures_that_may_be_of_something_else_are_not_told(question, table):
    assert understand.understood(question, Lexicon(table)) is None


@pytest.mark.parametrize(
    ("question", "table", "value"),
    [
        ("How many orders in 2023 or 2024?", ROWS.table, 200),
        ("How many countries have orders over 0?", ROWS.table, 4),
        ("How many orders with 3 or more units?", ROWS.table, sum(r[4] > 2 for r in ROWS.rows)),
        ("How many invoices are there?", YEARS, 30),
        ("How many books did XX buy?", BOUGHT, sum(n for n in range(0, 30, 2) if n % 3 < 2)),
        ("How many open tickets?", TICKETS, 4),
        ("How many tickets were opened in January 2024?", TICKETS, 8),
        ("oldest employee", AGES, 39),
    ],
)
def test_words_that_lead_astray_do_not(question, table, value):
    found = understand.understood(question, Lexicon(table))
    assert found is not None
    assert execute.run(found.plan, table).value == value
