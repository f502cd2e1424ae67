"""Questions over whole tables are computed, and the computation is shown."""

import asyncio
import json
from datetime import timedelta
from io import BytesIO

import openpyxl
import pytest
from channels.db import database_sync_to_async
from django.urls import reverse

from chat import answering, asking
from chat.models import Message
from documents.desk import deleting, uploading
from documents.files import originals
from documents.ingest import ingesting
from documents.models import Document
from documents.models.sheets import Sheet
from documents.tables import stored
from localchat.lib import following
from tests.chat.answers.tables import Orders, Staff
from tests.factories import make_document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("closed_hub")]


def ingest(user, name, data):
    """By the ordinary road, without a worker."""
    accepted = uploading.accept_named(BytesIO(data), name=name, by=user, collection="")
    ingesting.ingest(Document.objects.claim(accepted.document.pk))
    document = Document.objects.get(pk=accepted.document.pk)
    assert document.status == "ready", document.problem
    return document


def put(user, name, data):
    """A document that was read before tables were kept: they are made when somebody asks."""
    document = make_document(user, name, [f"The passage of {name}."])
    originals.path(document.current.content.stored).write_bytes(data)
    document.current.content.chunks.update(page=None if name.endswith("csv") else 1)
    return document


async def ask(user, question, **wish):
    answer = await asking.ask(user, question, wish=asking.Wish(use_documents=True, **wish))
    await asyncio.wait_for(answering.finished(), 60)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk)


async def sources(answer):
    return await database_sync_to_async(lambda: list(answer.sources.all()))()


def money(cents):
    return f"{cents // 100:,}.{cents % 100:02}"


def german(text):
    return text.translate(str.maketrans(",.", ".,"))


def total(rows):
    return sum(row["cents"] for row in rows)


def over_orders(orders):
    """Ten questions over the CSV, each with the computation that its answer must show."""
    rows = orders.rows
    every = f"{len(rows):,}"
    france = orders.where(country="France")
    laptops = orders.where(product="Laptop", country="Spain")
    cancelled = [r for r in rows if r["status"] == "Cancelled" and r["quantity"] >= 15]
    of_2023 = [r for r in rows if r["day"].year == 2023]
    march = [r for r in rows if r["day"].year == 2024 and r["day"].month == 3]
    large = [r for r in rows if r["cents"] > 500_000]
    spent = [r for r in orders.where(customer="Delta AG") if r["day"].year == 2022]
    italy = max(orders.where(country="Italy"), key=lambda r: r["cents"])
    no_mail = [r for r in rows if not r["email"]]
    early = sum(r["day"].year < 2022 for r in rows)
    return {
        "How many orders came from France?": f"Country = France: {len(france):,} of {every} rows",
        "How many laptops were sold in Spain?": f"Sum of Quantity where Product = Laptop and Country = Spain: {len(laptops):,} of {every} rows, = {sum(r['quantity'] for r in laptops):,}",
        "What was our total revenue in 2023?": f"Sum of Amount where Order Date = 2023: {len(of_2023):,} of {every} rows, = {money(total(of_2023))}",
        "How many orders with a quantity of at least 15 were cancelled?": f"Status = Cancelled: {len(cancelled):,} of {every} rows",
        "What's the largest amount we ever got in Italy?": f"Maximum of Amount where Country = Italy: {len(orders.where(country='Italy')):,} of {every} rows, = {money(italy['cents'])}",
        "Wie hoch ist die Summe der Beträge im März 2024?": f"Order Date = 2024-03: {len(march)} von {german(every)} Zeilen, = {german(money(total(march)))}",
        "how many orders over 5,000?": f"Amount > 5000: {len(large):,} of {every} rows",
        "How much did Delta AG spend in 2022?": f"Sum of Amount where Customer = Delta AG and Order Date = 2022: {len(spent)} of {every} rows, = {money(total(spent))}",
        "How many orders have no email?": f"Email is empty: {len(no_mail)} of {every} rows",
        "How many orders were placed before 2022?": f"Order Date < 2022: {early:,} of {every} rows",
    }  # fmt: skip


def over_staff(staff):
    people, budget = staff.people, staff.budget
    sales = [p for p in people if p[1] == "Sales"]
    older = [p for p in people if p[2] > 50]
    between = [p for p in people if 40_000 <= p[3] <= 50_000]
    of_2020 = sum(b[2] for b in budget if b[1] == 2020)
    legal = sum(b[2] for b in budget if b[0] == "Legal")
    newest = max(p[4] for p in people)
    hired = [p for p in people if p[4].year >= 2020]
    by_salary = {d: sum(p[3] for p in people if p[1] == d) for d in ("Sales", "Research", "Legal")}
    mean = sum(p[3] for p in sales) / len(sales)
    return {
        "How many employees work in Sales?": f"Department = Sales: {len(sales)} of 300 rows",
        "What is the average salary in the Sales department?": f"Average of Salary where Department = Sales: {len(sales)} of 300 rows, = {f'{mean:,.4f}'.rstrip('0').rstrip('.')}",
        "How many employees are older than 50?": f"Age > 50: {len(older)} of 300 rows",
        "Wie viele Mitarbeiter haben ein Gehalt zwischen 40000 und 50000?": f"Salary zwischen 40000 und 50000: {len(between)} von 300 Zeilen",
        "What was the total budget in 2020?": f"Sum of Budget EUR where Year = 2020: 3 of 21 rows, = {of_2020:,}",
        "What is the overall budget for Legal?": f"Sum of Budget EUR where Department = Legal: 7 of 21 rows, = {legal:,}",
        "When was the last person hired?": f"Maximum of Hired: 300 of 300 rows, = {newest:%Y-%m-%d}",
        "How many people were hired since 2020?": f"Hired >= 2020: {len(hired)} of 300 rows",
        "How many different cities are there?": "Different values of City: 3 of 3 rows, = 3",
        "Which department has the highest total salary?": f"**{max(by_salary, key=by_salary.get)}**: {max(by_salary.values()):,}",
    }  # fmt: skip


async def test_twenty_of_twenty_figures_are_exact_without_a_chat_model(alice, no_engine):
    orders, staff = Orders(), Staff()
    run = database_sync_to_async(put)
    files = {
        (await run(alice, "orders.csv", orders.csv())).pk: over_orders(orders),
        (await run(alice, "staff.xlsx", staff.xlsx())).pk: over_staff(staff),
    }
    wrong = {}
    for document, questions in files.items():
        for question, computation in questions.items():
            answer = await ask(alice, question)
            cited = [source.document_id for source in await sources(answer)]
            if cited != [document] or computation not in answer.text.replace("\\", ""):
                wrong[question] = answer.text
    assert wrong == {}


@pytest.fixture
async def small(alice, engine_server):
    """A document of four rows and a prose that speaks of the same things."""
    data = "City,Visitors,Opened\nRome,120,2020-05-01\nOslo,80,2021-06-01\nRome,n/a,\nBern,,2022-01-01\n"
    document = await database_sync_to_async(ingest)(alice, "museums.csv", data.encode())
    await database_sync_to_async(ingest)(alice, "prose.md", b"# Rome\n\nRome has 120 fountains.")
    return document


async def test_cells_without_a_figure_are_told(alice, small):
    answer = await ask(alice, "What is the average number of visitors?")
    assert "Average of Visitors: 4 of 4 rows, = 100 [1]" in answer.text
    assert "2 of these rows have no Visitors" in answer.text


def timesheet() -> bytes:
    """Hours of a format that goes beyond a day."""
    book = openpyxl.Workbook()
    for row in [["Name", "Hours"], ["Ann", timedelta(hours=26, minutes=30)]]:
        book.active.append(row)
    book.active.append(["Bob", timedelta(hours=2, minutes=45)])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "total"),
    [
        ("work.csv", b"Name,Hours\nAnn,1:30\nBob,2:15\nCem,12:45\n", "16:30"),
        ("work.xlsx", timesheet(), "29:15:00"),
    ],
)
async def test_hours_and_minutes_are_added_up(alice, engine_server, name, data, total):
    await database_sync_to_async(ingest)(alice, name, data)
    answer = await ask(alice, "What is the sum of hours?")
    assert f"= {total} [1]" in answer.text


async def test_the_steps_and_the_source_name_the_file(alice, small):
    answer = await ask(alice, "How many visitors were there in Rome?")
    steps = [e["text"] async for e in following.follow(alice, answer.topic) if e["type"] == "step"]
    assert steps == ["Computing over museums.csv: 4 rows"]
    (source,) = await sources(answer)
    assert source.filename == "museums.csv"
    assert source.chunk_id
    assert "= 120" in answer.text
    assert answer.computed.startswith("Sum of Visitors where City = Rome")


async def test_a_question_about_the_text_goes_the_ordinary_road(alice, small, engine_server):
    engine_server.script(answer="There are 120 [1].")
    answer = await ask(alice, "How many fountains does Rome have, and who built them?")
    assert answer.text == "There are 120 [1]."


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ("How many visitors were there in Paris?", "museums.csv, which has no column and no value “Paris”."),
        ("What is the total of visitors per Director?", "“Director” is in staff.csv alone, and tables are not joined."),
        ("How many fountains does Rome have?", ""),
        ("What is the total of visitors?", ""),
    ],
)  # fmt: skip
async def test_why_a_figure_is_not_computed_is_said(
    alice, small, engine_server, alice_async, question, why
):
    engine_server.script(answer="I do not know.")
    data = b"City,Director\nRome,Ada\nOslo,Bo\n"
    await database_sync_to_async(ingest)(alice, "staff.csv", data)
    answer = await ask(alice, question)
    assert bool(why) == bool(answer.notes)
    assert why in " ".join(answer.notes)
    page = await alice_async.get(reverse("message", args=[answer.pk]))
    assert bool(why) == ("Not computed" in page.content.decode())


async def test_what_another_table_has_is_not_assumed(alice, small, engine_server):
    """Else the only figure of the second would be taken for it, and the sum of phones told."""
    engine_server.script(answer="I do not know.")
    for name, data in (
        ("orders.csv", b"Customer,Country,Amount\nAcme,France,10\nBolt,Italy,20\n"),
        ("offices.csv", b"Country,Manager,Phone\nFrance,Ada,12\nItaly,Bo,13\n"),
    ):
        await database_sync_to_async(ingest)(alice, name, data)
    answer = await ask(alice, "What is the total amount per manager?")
    assert answer.text == "I do not know."
    assert "“manager” is in offices.csv alone" in answer.notes[0]
    assert "= 30" in (await ask(alice, "What is the total amount?")).text


async def test_of_many_tables_those_that_the_question_speaks_of_are_tried(alice, small):
    many = stored.FEW_TABLES + 2
    for number in range(many):
        data = f"Ship{number},Tonnes\nA,{number}\nB,{number}\n".encode()
        await database_sync_to_async(put)(alice, f"fleet-{number}.csv", data)
    answer = await ask(alice, "How many visitors were there in Rome?")
    assert "Sum of Visitors where City = Rome: 2 of 4 rows, = 120" in answer.text
    answer = await ask(alice, "What is the total of tonnes in fleet 7?")
    assert "= 14" in answer.text
    (source,) = await sources(answer)
    assert source.filename == "fleet-7.csv"


async def test_the_scope_of_the_question_holds(alice, small, engine_server):
    engine_server.script(answer="I do not know.")
    prose = await database_sync_to_async(Document.objects.get)(name="prose.md")
    answer = await ask(alice, "How many visitors were there in Rome?", documents=[prose.pk])
    assert answer.text == "I do not know."


async def test_a_stranger_computes_over_nothing_of_hers(bob, small, engine_server):
    engine_server.script(answer="I do not know.")
    assert (await ask(bob, "How many visitors were there in Rome?")).text == "I do not know."


PLAN = {"operation": "sum", "column": "visitors", "where": [], "group": "", "part": ""}
PLAN |= {"least": False, "top": 0}
BEYOND_RULES = "How many visitors swarmed through the museums of Rome?"


async def test_what_rules_do_not_understand_the_model_may_plan(alice, small, engine_server):
    where = [{"column": "City", "test": "=", "values": ["Rome"]}]
    engine_server.script(answer=json.dumps(PLAN | {"where": where}))
    answer = await ask(alice, BEYOND_RULES)
    assert "Sum of Visitors where City = Rome: 2 of 4 rows, = 120 [1]" in answer.text
    assert "chat model" in answer.text
    (body,) = engine_server.asked("/api/chat")
    assert body["format"]["properties"]["operation"]["enum"][0] == "none"
    assert (body["truncate"], body["shift"]) == (False, False)


@pytest.mark.parametrize(
    "written",
    [
        json.dumps(PLAN | {"column": "Guests"}),
        json.dumps(PLAN | {"operation": "none"}),
        json.dumps(PLAN | {"operation": "drop table"}),
        "I would rather say it in words.",
        "[1, 2]",
    ],
)
async def test_a_plan_that_does_not_hold_is_not_run(alice, small, engine_server, written):
    engine_server.script_once(answer=written)
    engine_server.script(answer="From the passages [1].")
    assert (await ask(alice, BEYOND_RULES)).text == "From the passages [1]."


def test_the_tables_go_with_the_document(alice, engine_server):
    document = ingest(alice, "museums.csv", b"City,Visitors\nRome,1\nOslo,2\n")
    assert Sheet.objects.for_user(alice).count() == 1
    deleting.delete(document)
    assert Sheet.objects.count() == 0


async def test_two_figures_are_computed_or_none(alice, small):
    both = await ask(alice, "How many cities are there and what is the total of visitors?")
    text = both.text.replace("\\", "")
    assert "Different values of City: 4 of 4 rows, = 3 [1]" in text
    assert "Sum of Visitors: 4 of 4 rows, = 200 [1]" in text
    half = "How many visitors in Rome, and which city has the most visitors?"
    assert not (await ask(alice, half)).computed
