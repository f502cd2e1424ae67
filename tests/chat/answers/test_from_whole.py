"""Whole documents are read to the last passage, part by part, and not twice."""

import asyncio
import re

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.kept_notes import KeptNote
from chat.models import Message
from chat.question import intents
from documents.desk import deleting
from localchat.lib import following
from tests.engine_server.chatting import TOO_LONG
from tests.factories import make_answer, make_document

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("closed_hub")]

FILLING = "The committee met, heard what there was to hear, and adjourned until the month after. "
EVERY = 20
FACT = "The bell of tower {} weighs {} kilograms."


def page(number):
    fact = FACT.format(number, number * 7) if number % EVERY == 0 else ""
    return f"Page {number} of the chronicle. {FILLING * 4}{fact} So ended entry {number}."


PAGES = [page(number) for number in range(1, 201)]
FACTS = [FACT.format(n, n * 7) for n in range(EVERY, 201, EVERY)]


@pytest.fixture
async def chronicle(alice, engine_server):
    return await database_sync_to_async(make_document)(alice, "chronicle.pdf", PAGES)


def said(messages):
    return messages[-1]["content"]


def is_part(messages):
    return "part by part" in messages[0]["content"]


def notes_the_facts(messages):
    """Of a part its facts, of notes all of them: as a model would that does what it is told."""
    if is_part(messages):
        numbers = dict.fromkeys(FACTS)
        for number, text in re.findall(r"^\[(\d+)\] .*\n(.*)$", said(messages), re.MULTILINE):
            numbers |= {fact: number for fact in FACTS if fact in text}
        return "\n".join(f"{fact} [{n}]" for fact, n in numbers.items() if n) or "nothing"
    return " ".join(
        re.findall(r"The bell of tower \d+ weighs \d+ kilograms\. \[\d+\]", said(messages))
    )


async def start(user, question, **wish):
    return await asking.ask(user, question, wish=asking.Wish(use_documents=True, **wish))


async def row(answer):
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk)


async def ask(user, question, **wish):
    answer = await start(user, question, **wish)
    await asyncio.wait_for(answering.finished(), 60)
    return await row(answer)


async def sources(answer):
    return await database_sync_to_async(lambda: list(answer.sources.all()))()


async def steps(user, answer):
    return [
        e["text"] async for e in following.follow(user, answer.topic) if e and e["type"] == "step"
    ]


def parts(engine_server):
    return [b for b in engine_server.asked("/api/chat") if is_part(b["messages"])]


async def test_summarise_sends_every_passage_and_finds_every_fact(alice, chronicle, engine_server):
    engine_server.script(answer=notes_the_facts)
    answer = await start(alice, "Summarise the chronicle")
    told = await steps(alice, answer)
    answer = await row(answer)
    bodies = parts(engine_server)
    sent = "\n".join(said(body["messages"]) for body in bodies)
    assert [text for text in PAGES if sent.count(text) != 1] == []
    assert answer.status == "done"
    assert [fact for fact in FACTS if fact not in answer.text] == []
    done = [int(n) for t in told for n in re.findall(r"^Read (\d+) of 200 passages$", t)]
    assert len(done) == len(bodies) > 2
    assert done == sorted(set(done))
    assert done[-1] == 200
    assert told[0].startswith(f"200 passages in 1 document, {len(bodies)} parts")


async def test_the_numbers_of_a_summary_lead_to_the_pages(alice, chronicle, engine_server):
    engine_server.script(answer=notes_the_facts)
    answer = await ask(alice, "Summarise the chronicle")
    cited = {source.number: source for source in await sources(answer)}
    found = re.findall(r"tower (\d+) weighs \d+ kilograms\. \[(\d+)\]", answer.text)
    assert len(found) == len(FACTS) == len(cited)
    assert [
        (int(tower), cited[int(n)].page) for tower, n in found if cited[int(n)].page != int(tower)
    ] == []
    assert answer.doubts == []


async def test_every_call_fits_and_forbids_cutting(alice, chronicle, engine_server):
    engine_server.script(answer=notes_the_facts)
    await ask(alice, "Summarise the chronicle")
    for body in engine_server.asked("/api/chat"):
        assert (body["truncate"], body["shift"]) == (False, False)
        words = sum(len(m["content"].split()) for m in body["messages"])
        assert words + body["options"]["num_predict"] < body["options"]["num_ctx"] == 8192


async def test_a_second_run_is_served_from_what_was_kept(alice, chronicle, engine_server):
    engine_server.script(answer=notes_the_facts)
    first = await ask(alice, "Summarise the chronicle")
    engine_server.requests.clear()
    second = await ask(alice, "Summarise the chronicle")
    assert second.text == first.text
    assert engine_server.asked("/api/chat") == []
    assert [s.page for s in await sources(second)] == [s.page for s in await sources(first)]


async def test_stop_works_between_parts_and_what_was_read_stays(alice, chronicle, engine_server):
    engine_server.script(answer=notes_the_facts, first_byte_delay=0.3)
    answer = await start(alice, "Summarise the chronicle")
    async for event in following.follow(alice, answer.topic):
        if event and event.get("text", "").startswith("Read "):
            await database_sync_to_async(following.stop)(alice, answer.topic)
            break
    await asyncio.wait_for(answering.finished(), 10)
    assert (await row(answer)).status == "stopped"
    asked = len(parts(engine_server))
    assert asked < 4
    kept = await database_sync_to_async(KeptNote.objects.for_user(alice).count)()
    assert 1 <= kept <= asked
    engine_server.script(answer=notes_the_facts)
    again = await start(alice, "Summarise the chronicle")
    assert f"{kept} of them read before" in (await steps(alice, again))[0]


async def test_a_part_that_is_too_long_for_the_model_is_halved(alice, chronicle, engine_server):
    engine_server.script(answer=notes_the_facts)
    engine_server.script_once(status=400, error=TOO_LONG)
    answer = await ask(alice, "Summarise the chronicle")
    assert [fact for fact in FACTS if fact not in answer.text] == []
    refused, *bodies = parts(engine_server)
    sent = "\n".join(said(body["messages"]) for body in bodies)
    assert [text for text in PAGES if sent.count(text) != 1] == []
    assert PAGES[0] in said(refused["messages"])


async def test_an_answer_that_is_refused_as_too_long_is_asked_for_again(
    alice, chronicle, engine_server
):
    engine_server.script(answer=notes_the_facts)
    first = await ask(alice, "Summarise the chronicle")
    await database_sync_to_async(KeptNote.objects.filter(text=first.text).delete)()
    engine_server.requests.clear()
    engine_server.script_once(status=400, error=TOO_LONG)
    again = await ask(alice, "Summarise the chronicle")
    assert again.text == first.text
    assert len(engine_server.asked("/api/chat")) == 2


async def test_what_was_noted_goes_with_the_document(alice, chronicle, engine_server):
    engine_server.script(answer=notes_the_facts)
    await ask(alice, "Summarise the chronicle")
    assert await database_sync_to_async(KeptNote.objects.count)() > 1
    await database_sync_to_async(deleting.delete)(chronicle)
    assert await database_sync_to_async(KeptNote.objects.count)() == 0


async def test_what_fits_is_sent_at_once(alice, engine_server):
    short = await database_sync_to_async(make_document)(alice, "short.pdf", PAGES[:9])
    engine_server.script(answer="It is about a committee [1][9].")
    answer = await ask(alice, "Fasse das Dokument zusammen")
    (body,) = engine_server.asked("/api/chat")
    assert [text for text in PAGES[:9] if text not in said(body["messages"])] == []
    assert [source.document_id for source in await sources(answer)] == [short.pk] * 9


async def test_a_named_document_is_meant_alone(alice, chronicle, engine_server):
    await database_sync_to_async(make_document)(alice, "harbour-plan.pdf", ["The harbour is deep."])
    engine_server.script(answer="Deep [1].")
    await ask(alice, "Please summarise the harbour plan")
    (body,) = engine_server.asked("/api/chat")
    assert "The harbour is deep." in said(body["messages"])
    assert "chronicle" not in said(body["messages"])


async def test_two_documents_are_compared_as_wholes(alice, engine_server):
    make = database_sync_to_async(make_document)
    await make(alice, "acme-2020.pdf", ["Acme sold anvils.", "Acme grew."])
    await make(alice, "bolt-2020.pdf", ["Bolt sold screws.", "Bolt shrank."])
    await make(alice, "other.pdf", ["Nothing of interest."])
    engine_server.script(answer="Acme grew [2], Bolt shrank [4].")
    await ask(alice, "Compare Acme and Bolt")
    (body,) = engine_server.asked("/api/chat")
    texts = ["Acme sold anvils.", "Acme grew.", "Bolt sold screws.", "Bolt shrank."]
    assert [text for text in texts if text not in said(body["messages"])] == []
    assert "Nothing of interest." not in said(body["messages"])


async def test_everything_is_read_when_that_is_wished(alice, chronicle, engine_server):
    engine_server.script(answer=notes_the_facts)
    answer = await ask(alice, "How much do the bells weigh?", whole=True)
    assert [fact for fact in FACTS if fact not in answer.text] == []


async def test_too_much_is_said_before_it_is_read(alice, chronicle, engine_server, monkeypatch):
    monkeypatch.setattr("chat.answers.from_whole.MOST_PARTS", 2)
    answer = await ask(alice, "Summarise the chronicle")
    assert answer.text.startswith("That is a lot to read: 200 passages in 1 document")
    assert engine_server.asked("/api/chat") == []


async def test_the_time_is_told_once_it_was_measured(alice, chronicle, engine_server):
    usage = {
        "prompt_tokens": 1000,
        "prompt_seconds": 10,
        "answer_tokens": 100,
        "answer_seconds": 10,
    }
    make = database_sync_to_async(make_answer)
    await make(alice, model="tiny-chat:latest", usage=usage)
    engine_server.script(answer=notes_the_facts)
    answer = await start(alice, "Summarise the chronicle", model="tiny-chat:latest")
    assert re.search(r"parts, about \d+ minutes$", (await steps(alice, answer))[0])


async def test_without_a_chat_model_it_is_an_extract_and_says_so(alice, no_engine):
    await database_sync_to_async(make_document)(alice, "chronicle.pdf", PAGES)
    answer = await ask(alice, "Summarise the chronicle")
    assert answer.text.startswith("No chat model answers here.")
    quotes = re.findall(r"^- (.+?) \[(\d+)\]$", answer.text, re.MULTILINE)
    assert 2 <= len(quotes) <= 8
    cited = {source.number: source.text for source in await sources(answer)}
    assert [quote for quote, n in quotes if quote.replace("\\", "") not in cited[int(n)]] == []


async def test_a_stranger_reads_nothing_of_hers(bob, chronicle, engine_server):
    engine_server.script(answer="There is nothing.")
    answer = await ask(bob, "Summarise the chronicle")
    assert answer.text == "There is nothing."
    assert await sources(answer) == []


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Summarise this document", "summary"),
        ("Can you please summarize the 3M report?", "summary"),
        ("Give me a short overview of the contract", "summary"),
        ("tl;dr", "summary"),
        ("What is this document about?", "summary"),
        ("What are the key points of the report?", "summary"),
        ("Fasse den Bericht in drei Sätzen zusammen", "summary"),
        ("Kannst du mir bitte das Dokument zusammenfassen?", "summary"),
        ("Worum geht es in diesem Vertrag?", "summary"),
        ("Gib mir einen Überblick über den Bericht", "summary"),
        ("List all risks named in the report", "list"),
        ("Nenne alle Termine im Vertrag", "list"),
        ("Compare these two", "comparison"),
        ("What are the differences between the two contracts?", "comparison"),
        ("Vergleiche die beiden Verträge", "comparison"),
        ("What does the executive summary say about Asia?", None),
        ("Who wrote the summary?", None),
        ("How did revenue compare with 2021?", None),
        ("Is there a list of all suppliers?", None),
        ("Was steht in der Zusammenfassung?", None),
        ("Why is the overview wrong?", None),
    ],
)
def test_what_is_about_whole_documents_is_known_by_its_beginning(question, kind):
    found = intents.of(question)
    assert (found.kind if found else None) == kind
