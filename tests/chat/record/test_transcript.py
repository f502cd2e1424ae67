"""A talk is sent again as it was, so that an engine that keeps what it read reads only the rest."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.models import Message
from chat.question_parsing import Place
from documents.desk import deleting
from models_mgmt import choosing
from models_mgmt.engines import last_read
from tests.engine_server import Installed
from tests.factories import make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
FERRY = "The ferry runs three times a day. On Sundays it runs twice."
HARBOUR = "The harbour was dredged in 1987. It is twelve metres deep."
LAMPS = [
    f"Lamp {n} of the lighthouse burns {n} hours. "
    + " ".join(f"Keeper {n * 50 + day} oils it on day {day}." for day in range(25))
    for n in range(60)
]
HOW_OFTEN, WHEN = "How often does the ferry run?", "When was the harbour dredged?"


class Talk:
    """A conversation, and what its last question sent."""

    def __init__(self, user, server):
        self.user, self.server, self.conversation = user, server, None

    async def ask(self, question, says="So it is [1].", **wish):
        self.server.script(answer=lambda messages: "" if _is_rewriting(messages) else says)
        self.server.requests.clear()
        answer = await asking.ask(
            self.user, question, asking.Wish(**wish), conversation=self.conversation
        )
        await asyncio.wait_for(answering.finished(), 20)
        self.conversation = answer.conversation_id
        return await database_sync_to_async(Message.objects.get)(pk=answer.pk)

    @property
    def sent(self):
        (call,) = [m for m in self._calls() if not _is_rewriting(m)]
        return call

    @property
    def rewriting(self):
        return next(m for m in self._calls() if _is_rewriting(m))

    def _calls(self):
        return [call["messages"] for call in self.server.asked("/api/chat")]


def _is_rewriting(messages):
    return any("Rewrite the last question" in each["content"] for each in messages)


@pytest.fixture
async def talk(alice, engine_server):
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    for name, text in (("ferry.pdf", FERRY), ("harbour.pdf", HARBOUR)):
        await database_sync_to_async(make_document)(alice, name, [text])
    return Talk(alice, engine_server)


@pytest.fixture
async def long_talk(alice, engine_server):
    """More is found for it than is sent at once."""
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    await database_sync_to_async(make_document)(alice, "lamps.pdf", LAMPS)
    return Talk(alice, engine_server)


async def test_the_second_question_begins_with_all_that_the_first_one_sent(talk):
    await talk.ask(HOW_OFTEN, "Three times [1].")
    first = talk.sent
    second = await talk.ask(WHEN)
    assert talk.sent[: len(first)] == first
    assert talk.sent[len(first)] == {"role": "assistant", "content": "Three times [1]."}
    assert len(talk.sent) == len(first) + 2
    assert second.usage["kept_tokens"] > 0


async def test_a_version_goes_on_from_its_own_branch(talk):
    """What was sent on another one is not repeated."""
    first = await talk.ask(HOW_OFTEN, "Three times [1].")
    before = talk.sent
    second = await talk.ask(WHEN, "In 1987 [2].")
    talk.server.requests.clear()
    place = Place(edits=second.previous_id)
    third = await asking.ask(talk.user, "How deep is the harbour?", asking.Wish(), place=place)
    await asyncio.wait_for(answering.finished(), 20)
    assert talk.sent[: len(before)] == before
    assert "In 1987" not in str(talk.sent)
    await talk.ask("And the ferry?", "At nine [1].")
    assert "How deep is the harbour?" in str(talk.sent)
    assert WHEN not in str(talk.sent)
    assert third.previous_id != second.previous_id != first.pk


async def test_a_passage_that_stands_above_is_pointed_to_and_not_sent_again(talk):
    await talk.ask(HOW_OFTEN)
    assert FERRY in talk.sent[-1]["content"]
    row = await talk.ask("On which day does the ferry run twice?", "On Sundays [1].")
    assert FERRY not in talk.sent[-1]["content"]
    assert "[1]" in talk.sent[-1]["content"]
    assert "No passage was found" not in talk.sent[-1]["content"]
    (source,) = await database_sync_to_async(lambda: list(row.sources.filter(number=1)))()
    assert (source.filename, source.text, source.sent) == ("ferry.pdf", FERRY, True)
    assert row.doubts == []


async def test_new_passages_have_numbers_of_their_own(long_talk):
    await long_talk.ask("Lamp 3 of the lighthouse")
    first = numbers_in(long_talk.sent[-1])
    row = await long_talk.ask("Lamp 17 of the lighthouse")
    second = numbers_in(long_talk.sent[-1])
    assert first
    assert second
    assert min(second) > max(first)
    shown = await database_sync_to_async(
        lambda: {each.number: each.text for each in row.sources.filter(sent=True)}
    )()
    body = "\n".join(turn["content"] for turn in long_talk.sent)
    assert all(f"[{number}]" in body and text.strip() in body for number, text in shown.items())


def numbers_in(turn):
    lines = turn["content"].splitlines()
    return [int(line[1 : line.index("]")]) for line in lines if line.startswith("[")]


async def test_sources_from_before_stay_only_where_they_are_cited_or_found(long_talk):
    await long_talk.ask("Lamp 3 of the lighthouse")
    first = numbers_in(long_talk.sent[-1])
    row = await long_talk.ask("Lamp 17 of the lighthouse", f"As lamp 3 [{first[0]}].")
    kept = await database_sync_to_async(lambda: {each.number for each in row.sources.all()})()
    assert first[0] in kept
    found_again = numbers_above(long_talk.sent[-1])
    assert kept & set(first) == {first[0], *found_again}


def numbers_above(turn):
    (line,) = [each for each in turn["content"].splitlines() if "Look above" in each] or [""]
    return {int(each.split("]")[0]) for each in line.split("[")[1:]}


async def test_what_was_sent_is_made_whole_again_in_a_third_question_too(talk, alice_async):
    for question in (HOW_OFTEN, WHEN, "And how deep is it?"):
        row = await talk.ask(question)
    told = (await alice_async.get(f"/api/messages/{row.pk}/sent")).json()
    turns = [{"role": turn["role"], "content": turn["text"]} for turn in told["call"]["turns"]]
    assert turns == talk.sent
    assert told["call"]["exact"] is True


async def test_a_question_is_made_whole_after_what_the_model_has_read(talk):
    await talk.ask(HOW_OFTEN)
    first = talk.sent
    await talk.ask("And on Sundays?")
    assert talk.rewriting[: len(first)] == first
    assert talk.sent[: len(first)] == first


async def test_other_documents_begin_anew(talk, alice):
    await talk.ask(HOW_OFTEN)
    harbour = await database_sync_to_async(lambda: alice.documents.get(name="harbour.pdf").pk)()
    await talk.ask(WHEN, documents=[harbour])
    assert FERRY not in str(talk.sent)


async def test_a_deleted_document_is_not_sent_again(talk, alice):
    await talk.ask(HOW_OFTEN)
    ferry = await database_sync_to_async(alice.documents.get)(name="ferry.pdf")
    await database_sync_to_async(deleting.delete)(ferry)
    await talk.ask(WHEN)
    assert FERRY not in str(talk.sent)
    assert talk.sent[1:3] == [
        {"role": "user", "content": HOW_OFTEN},
        {"role": "assistant", "content": "So it is [1]."},
    ]


def replace(user, name, text):
    """The document has another version now."""
    new = make_document(user, name, [text], collection="Elsewhere")
    old = user.documents.get(name=name, collection__name="Documents")
    new.current, version = None, new.current
    new.save()
    version.document, version.number = old, 2
    version.save()
    old.current = version
    old.save()
    new.delete()


async def test_a_changed_document_is_read_anew(talk, alice):
    await talk.ask(HOW_OFTEN)
    await database_sync_to_async(replace)(alice, "ferry.pdf", "The ferry runs hourly.")
    await talk.ask("How often does the ferry run now?")
    assert FERRY not in str(talk.sent)
    assert "hourly" in str(talk.sent)


async def test_another_model_begins_anew(talk):
    talk.server.stock.install(Installed("other-chat:latest"))
    choosing.forget()
    await talk.ask(HOW_OFTEN)
    await talk.ask(WHEN, model="other-chat:latest")
    assert talk.sent[1] == {"role": "user", "content": HOW_OFTEN}


async def measured(row, prompt_seconds):
    usage = {"prompt_tokens": 2_000, "prompt_seconds": prompt_seconds}
    await database_sync_to_async(Message.objects.filter(pk=row.pk).update)(usage=usage)


async def test_a_talk_that_the_model_has_forgotten_is_sent_without_its_passages(talk):
    """To read it all again would take longer than what it is good for."""
    await measured(await talk.ask(HOW_OFTEN), prompt_seconds=200.0)
    last_read.forget()
    await talk.ask(WHEN)
    assert talk.sent[1] == {"role": "user", "content": HOW_OFTEN}


async def test_a_quick_model_reads_even_what_it_has_forgotten(talk):
    await measured(await talk.ask(HOW_OFTEN), prompt_seconds=1.0)
    last_read.forget()
    first = talk.sent
    await talk.ask(WHEN)
    assert talk.sent[: len(first)] == first


async def test_a_talk_that_grew_too_long_begins_anew(long_talk):
    """With the talk alone; numbers begin at one again."""
    lengths = [0]
    while len(lengths) < 40 and lengths == sorted(lengths):
        await long_talk.ask(f"Lamp {len(lengths)} of the lighthouse")
        lengths.append(len(str(long_talk.sent)))
    assert lengths[-1] < lengths[-2]
    assert 1 in numbers_in(long_talk.sent[-1])
    assert long_talk.sent[1]["content"].startswith("Lamp")
