"""Models that write nothing, only think, or say the same again and again: noticed, and said."""

import asyncio
import json
from io import StringIO

import pytest
from channels.db import database_sync_to_async
from django.core.management import call_command

from chat import answering, asking
from chat.answers.from_passages import NAMED
from chat.kept_notes import KeptNote
from chat.models import Message
from localchat.lib import following
from tests.factories import make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
PAGES = [
    "The harbour was dredged in 1987. It is twelve metres deep.",
    "The ferry runs three times a day. On Sundays it runs twice.",
]
QUESTION = "How often does the ferry run?"
NOTHING = "The model wrote nothing."
THOUGHT = "The model only thought and wrote no answer."
REPEATED = "The model began to repeat itself and was stopped there."
SENTENCE = "The ferry runs three times a day, and on Sundays it runs twice. [1] "


@pytest.fixture
async def harbour(alice):
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    await database_sync_to_async(make_document)(alice, pages=PAGES)
    return alice


async def ask(user, question=QUESTION, **wish):
    answer = await asking.ask(user, question, asking.Wish(**wish))
    events = [event async for event in following.follow(user, answer.topic) if event]
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk), events


def told(events):
    text = ""
    for event in events:
        text = "" if event["type"] == "restart" else text
        text += event["text"] if event["type"] == "token" else ""
    return text


@pytest.mark.parametrize(
    ("script", "note"),
    [
        ({"answer": ""}, NOTHING),
        ({"answer": "\n\n "}, NOTHING),
        ({"answer": "<think>Hm. So. </think>\n"}, THOUGHT),
        ({"answer": "<think>Hm. So, and then "}, THOUGHT),
    ],
)
async def test_what_was_found_is_quoted_where_a_model_says_nothing(
    harbour, engine_server, script, note
):
    engine_server.script(**script)
    row, events = await ask(harbour)
    assert (row.status, row.reason) == ("done", "stop")
    assert "The ferry runs three times a day." in row.text
    assert row.text.startswith("What was found says:\n\n> ")
    assert told(events) == row.text
    assert row.notes[-1] == events[-1]["notes"][-1] == note
    assert row.doubts == []


async def test_it_is_said_in_the_language_of_the_question(harbour, engine_server):
    engine_server.script(answer="")
    row, _ = await ask(harbour, "Wie oft fährt die ferry am Tag?")
    assert row.notes[-1] == "Das Modell hat nichts geschrieben."


async def test_a_model_that_thinks_until_its_room_ends_is_told_apart(alice, engine_server):
    engine_server.script(answer="<think>" + " ".join(map(str, range(9_000))))
    row, _ = await ask(alice, use_documents=False)
    assert (row.text, row.reason) == ("", "length")
    assert row.notes == ["The model used all its room for thinking and wrote no answer."]


async def test_a_model_that_goes_on_into_its_prompt_is_ended_there(harbour, engine_server):
    def running_on(turns):
        fence = turns[-1]["content"].splitlines()[0]
        return f"{SENTENCE}\n\n{fence}\n\nQuestion: And on holidays?\n\nAnswer in one sentence."

    engine_server.script(answer=running_on)
    row, events = await ask(harbour)
    assert row.text == told(events) == SENTENCE.strip()
    assert (row.status, row.reason, row.notes) == ("done", "stop", [])


async def test_a_model_that_copies_passage_after_passage_is_ended_at_the_second(
    harbour, engine_server
):
    engine_server.script(answer=lambda turns: turns[-1]["content"].partition("\n")[2])
    row, events = await ask(harbour)
    assert row.text == told(events) == f"[1] {PAGES[1]}"


async def test_what_a_model_says_without_its_source_gets_the_one_that_says_it(
    harbour, engine_server
):
    engine_server.script(answer="The ferry runs three times a day.")
    row, events = await ask(harbour)
    source = await row.sources.aget(text=PAGES[1])
    assert row.text == told(events) == f"The ferry runs three times a day. [{source.number}]"
    assert (row.notes, row.doubts) == ([NAMED], [])


async def test_what_no_source_says_gets_none(harbour, engine_server):
    engine_server.script(answer="The ferry runs eleven times a day.")
    row, _ = await ask(harbour)
    assert row.text == "The ferry runs eleven times a day."
    assert (row.notes, len(row.doubts)) == ([], 1)


async def test_without_documents_there_is_only_the_note(alice, engine_server):
    engine_server.script(answer="")
    row, events = await ask(alice, use_documents=False)
    assert (row.text, row.notes, told(events)) == ("", [NOTHING], "")


@pytest.mark.parametrize("use_documents", [True, False])
async def test_a_model_that_repeats_itself_is_stopped(harbour, engine_server, use_documents):
    engine_server.script(answer="Yes. " + SENTENCE * 60, rate=400)
    row, events = await ask(harbour, use_documents=use_documents)
    assert row.text == "Yes. " + SENTENCE.strip()
    assert (row.status, row.reason, row.notes[-1]) == ("done", "stop", REPEATED)
    assert told(events) == row.text
    [closed] = await asyncio.to_thread(engine_server.wait_closed)
    assert closed.sent < 15 * 6


async def test_thoughts_that_go_round_in_circles_are_ended_too(alice, engine_server):
    engine_server.script(answer="<think>" + SENTENCE * 60, rate=400)
    row, _ = await ask(alice, use_documents=False)
    assert (row.text, row.notes) == ("", [THOUGHT])
    [closed] = await asyncio.to_thread(engine_server.wait_closed)
    assert closed.sent < 15 * 6


async def test_a_good_answer_has_no_note(harbour, engine_server):
    engine_server.script(answer=SENTENCE + "It is a ferry. ")
    row, events = await ask(harbour)
    assert row.notes == []
    assert not any(event["type"] == "restart" for event in events)


async def test_scripts_get_the_beginning_once_and_the_note(harbour, alice_async, engine_server):
    engine_server.script(answer=SENTENCE * 60, rate=200)
    body = {"message": QUESTION, "use_rag": False}
    response = await alice_async.post("/api/chat", body, content_type="application/json")
    sent = b"".join([part async for part in response.streaming_content]).decode()
    frames = [json.loads(line[6:]) for line in sent.splitlines() if line.startswith("data: ")]
    text = "".join(frame.get("content", "") for frame in frames)
    assert text.startswith(SENTENCE)
    assert len(text) < len(SENTENCE) * 6
    assert frames[-1]["done"]
    assert frames[-1]["notes"] == [REPEATED]


async def test_nothing_poor_is_kept_for_the_next_time(harbour, engine_server):
    await database_sync_to_async(make_document)(
        harbour, name="long.pdf", pages=["The mole is long and made of stone. " * 900]
    )
    for answer in ("", SENTENCE * 60):
        engine_server.script(
            answer=lambda turns, answer=answer: (
                answer if "from notes" in turns[0]["content"] else "It is long. [1]"
            )
        )
        row, _ = await ask(harbour, "Summarise long.pdf")
        assert row.notes[-1] in {NOTHING, REPEATED}
        texts = await database_sync_to_async(
            lambda: set(KeptNote.objects.values_list("text", flat=True))
        )()
        assert texts == {"It is long. [1]"}


def test_the_command_line_prints_it_once_with_the_note(alice, engine_server):
    engine_server.script(answer=SENTENCE * 60)
    out = StringIO()
    call_command("ask", QUESTION, user=alice.username, stdout=out)
    assert out.getvalue().rstrip().endswith(REPEATED)
    assert out.getvalue().count("again)") == 0
