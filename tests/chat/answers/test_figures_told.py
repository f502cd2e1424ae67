"""What tables say goes to the model in a line, and back to the reader with its page."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.models import Message
from localchat.lib import following
from tests.chat.cells.reports import BALANCE, CASH, INCOME, NOTE
from tests.factories import make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
PAGES = ["The ferries run three times a day.", BALANCE, INCOME, CASH, NOTE]
RATIO = "What is the working capital ratio of Harbour Ferries in FY2021?"
LINE = (
    "Read from the tables, say it with its figures: working capital ratio March 31, 2021 = 1.97"
    " (total current assets / total current liabilities = 1,831 / 930) "
)


@pytest.fixture
async def ferries(alice):
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    await database_sync_to_async(make_document)(alice, name="harbour-ferries.pdf", pages=PAGES)
    return alice


async def ask(user, question):
    answer = await asking.ask(user, question, asking.Wish())
    events = [event async for event in following.follow(user, answer.topic) if event]
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk), events


def sources(row):
    return list(row.sources.order_by("number"))


async def test_the_line_stands_before_the_question(ferries, engine_server):
    engine_server.script(answer="It is 1.97. [1]")
    await ask(ferries, RATIO)
    prompt = engine_server.asked("/api/chat")[-1]["messages"][-1]["content"]
    before, after = prompt.split("Question: ")
    assert LINE in before.splitlines()[-2]
    assert "Total current liabilities | 930 | 871" in before
    assert after.startswith(RATIO)


async def test_the_page_of_the_row_can_be_cited(ferries, engine_server):
    engine_server.script(answer="It is 1.97.")
    row, _ = await ask(ferries, RATIO)
    prompt = engine_server.asked("/api/chat")[-1]["messages"][-1]["content"]
    number = int(prompt.split(LINE)[1].split("]")[0].strip("["))
    found = await database_sync_to_async(sources)(row)
    assert next(each.page for each in found if each.number == number) == 2


async def test_what_was_worked_out_is_not_doubted(ferries, engine_server):
    engine_server.script(answer="The working capital ratio of Harbour Ferries was 1.97.")
    row, _ = await ask(ferries, RATIO)
    assert row.doubts == []
    engine_server.script(answer="The working capital ratio of Harbour Ferries was 2.41.")
    row, _ = await ask(ferries, RATIO)
    assert [doubt["reason"] for doubt in row.doubts] == ["2.41 is not in the sources"]


async def test_the_row_is_the_first_quote(ferries, engine_server):
    engine_server.script(answer="It was 6,200. [1]")
    _, events = await ask(ferries, "What was the revenue of Harbour Ferries in 2021?")
    quotes = next(event["quotes"] for event in events if event["type"] == "quotes")
    assert quotes[0]["text"] == "Revenue | $ 6,200 | $ 5,900"


async def test_nothing_is_told_of_what_no_table_says(ferries, engine_server):
    engine_server.script(answer="Three times. [1]")
    await ask(ferries, "How often do the ferries run?")
    assert "Read from" not in engine_server.asked("/api/chat")[-1]["messages"][-1]["content"]


async def test_another_persons_report_is_not_read(ferries, bob, engine_server):
    await database_sync_to_async(make_document)(bob, name="lake.pdf", pages=PAGES[:1])
    engine_server.script(answer="I do not know.")
    await ask(bob, RATIO)
    assert "Read from" not in engine_server.asked("/api/chat")[-1]["messages"][-1]["content"]


MARGIN = "Did the gross margin of Harbour Ferries improve in FY2021?"
NO = (
    "No, gross margin (gross profit / revenue) decreased by 1.0 percentage points, from 36.0%"
    " (2020 = 2,124 / 5,900) to 35.0% (2021 = 2,170 / 6,200)."
)


async def test_yes_and_no_are_said_by_the_tables_and_no_model(ferries, engine_server):
    engine_server.script(answer="Yes, it has improved. [1]")
    row, _ = await ask(ferries, MARGIN)
    assert row.text == f"{NO} [1]"
    assert row.status == "done"
    assert row.computed == NO.rstrip(".")
    assert not engine_server.asked("/api/chat")


async def test_what_the_verdict_was_read_from_is_its_only_source(ferries, engine_server):
    row, _ = await ask(ferries, MARGIN)
    found = await database_sync_to_async(sources)(row)
    assert [(each.number, each.page) for each in found] == [(1, 3)]


async def test_a_verdict_needs_no_engine(ferries, engine_down):
    row, _ = await ask(ferries, "Did revenue of Harbour Ferries rise or fall in 2021?")
    assert row.status == "done"
    assert row.text.startswith("Revenue increased by $300 thousand (5.1%), from $5,900 thousand")


async def test_a_german_question_is_answered_in_german(ferries, engine_server):
    row, _ = await ask(ferries, "Ist der Umsatz von Harbour Ferries 2021 gestiegen?")
    assert row.text.startswith("Ja, Revenue: gestiegen um $300 thousand (5.1%), von $5,900")


WHY = "Did the gross margin of Harbour Ferries improve in FY2021? If not, explain why."


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Yes, it has improved. Fuel became dear. [2]", f"{NO} [{{}}]\n\nFuel became dear. [2]"),
        (
            "The margin went from 36.0% to 35.0%. Fuel became dear.",
            f"{NO} [{{}}]\n\nFuel became dear.",
        ),
        ("In 2021 fuel became dear. [2]", f"{NO} [{{}}]\n\nIn 2021 fuel became dear. [2]"),
        ("No, since fuel became dear.", f"{NO} [{{}}]\n\nNo, since fuel became dear."),
        ("Yes, it has improved.", f"{NO} [{{}}]"),
    ],
)
async def test_where_more_is_asked_the_model_goes_on_after_the_verdict(
    ferries, engine_server, said, told
):
    engine_server.script(answer=said)
    row, _ = await ask(ferries, WHY)
    found = await database_sync_to_async(sources)(row)
    number = next(each.number for each in found if each.page == 3)
    assert row.text == told.format(number)
    prompt = engine_server.asked("/api/chat")[-1]["messages"][-1]["content"]
    assert f"The answer begins with this, go on after it: {NO[:60]}" in prompt


async def test_a_figure_alone_is_left_to_the_model(ferries, engine_server):
    engine_server.script(answer="It was 6,200. [1]")
    row, _ = await ask(ferries, "What was the revenue of Harbour Ferries in 2021?")
    assert row.text == "It was 6,200. [1]"
