"""A question that leans on the talk is made whole before it is searched for."""

import asyncio
import time

import pytest
from channels.db import database_sync_to_async
from hypothesis import given
from hypothesis import strategies as st

from chat import answering, asking
from chat.models import Message
from chat.question import standalone
from chat.question.followup_rules import complete
from chat.question.standalone import by_rules, cleaned, completed
from documents.finding import search
from localchat.lib import following
from localchat.lib.hub import hub
from models_mgmt import choosing
from tests.chat.question.dialogues import TALKS, make_library
from tests.factories import make_document, make_index

WITHIN = 0.05  # of the recall of questions that stand alone


def turns(talk):
    return [
        {"role": "user", "content": talk.question},
        {"role": "assistant", "content": talk.answer},
    ]


def recall(user, talks, questions):
    """The share whose page is among the first five passages, and the talks where it is not."""
    missed = []
    for talk, question in zip(talks, questions, strict=True):
        found = search.search(user, question, limit=5).passages
        if (talk.document, talk.page) not in {(each.filename, each.page) for each in found}:
            missed.append((talk.then, question))
    return 1 - len(missed) / len(talks), missed


@pytest.fixture
def library(alice, no_engine):
    make_index(engine="ollama", name="tiny-embed:latest", dimensions=2)
    make_library(alice)
    return alice


@pytest.mark.django_db
def test_second_turns_are_found_by_rules_alone_as_well_as_whole_questions(library):
    assert len(TALKS) >= 30
    alone, hard = recall(library, TALKS, [talk.whole for talk in TALKS])
    plain, _ = recall(library, TALKS, [talk.then for talk in TALKS])
    ruled, missed = recall(library, TALKS, [by_rules(t.then, turns(t)) for t in TALKS])
    assert alone > 0.9, hard
    assert plain < alone - 4 * WITHIN
    assert ruled >= alone - WITHIN, missed


NOISE = (
    "{}",
    '"{}"',
    "<think>The person means something. Let me see.</think>\n\n{}",
    '{{"question": "{}"}}',
    '```json\n{{"query": "{}"}}\n```',
    "Standalone question: {}",
    "**{}**\n\nI have put in the name.",
)


@pytest.mark.django_db(transaction=True)
async def test_second_turns_are_found_with_a_model_as_well_as_whole_questions(
    alice, settings, engine_server
):
    await database_sync_to_async(make_index)(engine="ollama", name="away:latest", dimensions=2)
    await database_sync_to_async(make_library)(alice)
    model = (await database_sync_to_async(choosing.answering)(alice)).model
    questions = []
    for number, talk in enumerate(TALKS):
        engine_server.script_once(answer=NOISE[number % len(NOISE)].format(talk.whole))
        questions.append(await completed(talk.then, turns(talk), model, num_ctx=4096))
    settings.OLLAMA_HOST = "http://127.0.0.1:9"
    measure = database_sync_to_async(recall)
    alone, _ = await measure(alice, TALKS, [talk.whole for talk in TALKS])
    written, missed = await measure(alice, TALKS, questions)
    assert written >= alone - WITHIN, missed


@pytest.mark.parametrize(
    ("question", "before", "answer", "whole"),
    [
        ("and in 2021?", "What was 3M's revenue in 2018?", "", "What was 3M's revenue in 2021?"),
        ("what about Boeing?", "What was 3M's revenue?", "", "What was Boeing's revenue?"),
        ("When was it built?", "How tall is the Kestrel Tower?", "", "Kestrel Tower"),
        ("the second one", "Which ones?", "1. Alba: pumps\n2. Borea: valves", "Borea"),
        ("yes", "Who leads it?", "Hugo. Should I list the board members?", "the board members"),
        ("his career", "When was he born?", "According to [1], in 1972.", "When was he born?"),
        ("why?", "Why does the bridge sway?", "", "why? Why does the bridge sway?"),
    ],
)
def test_what_is_left_out_is_put_in(question, before, answer, whole):
    assert whole in complete(question, [before], answer)


@pytest.mark.parametrize(
    "question",
    [
        "How many days of leave do employees have?",
        "When did Boeing announce its dividend?",
        "Are there any penalties for late delivery?",
        "Which documents say that the bridge is closed?",
        "What is the second law of thermodynamics?",
        "word " * 40 + "it?",
    ],
)
def test_a_question_that_stands_alone_stays_as_it_is(question):
    assert complete(question, ["What was 3M's revenue in 2018?"], "1. A\n2. B") == question


def test_the_first_question_is_never_changed():
    assert complete("and in 2021?", [], "") == "and in 2021?"


def test_a_third_turn_leans_on_the_second_as_it_was_meant():
    talk = [
        {"role": "user", "content": "What was Acme's revenue in 2018?"},
        {"role": "assistant", "content": "5 million."},
        {"role": "user", "content": "and in 2021?"},
        {"role": "assistant", "content": "7 million."},
    ]
    assert by_rules("what about Boeing?", talk) == "What was Boeing's revenue in 2021?"


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=200))
def test_whatever_is_said_there_is_something_to_search_for(question, before, answer):
    whole = complete(question, [before], answer)
    assert isinstance(whole, str)
    assert whole.strip() or not question.strip()
    cleaned(answer)


MODEL_SAYS = [
    "",
    "<think>This goes on and on and never comes to",
    "The weather in Lisbon is lovely at this time of the year, is it not?",
    "What was Acme's revenue in 2018?",  # lost what was asked
    "{}",
    "I am sorry, I cannot help you with that request today.",
    "Acme's revenue was 5 million in 2021 [1].",
    "It was 5 million",  # the answer again
    "And in 2021?",  # the question again
]


@pytest.mark.parametrize("said", MODEL_SAYS)
@pytest.mark.django_db
async def test_what_a_model_gets_wrong_is_done_by_rules(engine_server, alice, said):
    model = (await database_sync_to_async(choosing.answering)(alice)).model
    talk = [
        {"role": "user", "content": "What was Acme's revenue in 2018?"},
        {"role": "assistant", "content": "It was 5 million."},
    ]
    engine_server.script(answer=said)
    whole = await completed("and in 2021?", talk, model, num_ctx=4096)
    assert whole == "What was Acme's revenue in 2021?"


@pytest.mark.django_db
async def test_an_answer_is_no_question_made_whole(engine_server, alice):
    model = (await database_sync_to_async(choosing.answering)(alice)).model
    talk = [
        {"role": "user", "content": "Who sold the anvils?"},
        {"role": "assistant", "content": "According to the documents Acme sold the anvils."},
    ]
    engine_server.script(answer="According to the documents Acme sold the anvils")
    assert await completed("and the screws?", talk, model, num_ctx=4096) == by_rules(
        "and the screws?", talk
    )


@pytest.mark.parametrize("fault", [{"first_byte_delay": 30}, {"stall_after": 2}, {"status": 500}])
@pytest.mark.django_db
async def test_a_model_that_fails_or_stalls_costs_at_most_its_time(
    engine_server, alice, fault, monkeypatch
):
    monkeypatch.setattr(standalone, "REWRITE_SECONDS", 0.5)
    model = (await database_sync_to_async(choosing.answering)(alice)).model
    talk = [{"role": "user", "content": "What was Acme's revenue in 2018?"}]
    engine_server.script(**fault)
    began = time.monotonic()
    whole = await completed("and in 2021?", talk, model, num_ctx=4096)
    assert time.monotonic() - began < 1.5
    assert whole == "What was Acme's revenue in 2021?"


@pytest.fixture
async def talking():
    yield
    await answering.finished()
    await hub().close()


async def answered(user, question, **more):
    answer = await asking.ask(user, question, wish=asking.Wish(), **more)
    events = [event async for event in following.follow(user, answer.topic) if event]
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk), events


@pytest.mark.django_db(transaction=True)
async def test_a_talk_is_searched_for_what_is_meant_and_its_answers_are_checked(
    alice, engine_server, talking
):
    await database_sync_to_async(make_document)(alice)
    engine_server.script_once(answer="It was dredged in 1987 [1].")
    first, _ = await answered(alice, "When was the harbour dredged?")
    assert len(engine_server.asked("/api/chat")) == 1
    assert (first.standalone, first.doubts) == ("", [])

    engine_server.script_once(answer="Who was the keeper of the lighthouse in the harbour?")
    engine_server.script_once(answer="Margarethe. She began in 1931 [2].")
    second, events = await answered(
        alice, "and the lighthouse keeper?", conversation=first.conversation_id
    )
    rewrite, reply = engine_server.asked("/api/chat")[1:]
    assert rewrite["options"]["num_ctx"] == reply["options"]["num_ctx"]
    assert rewrite["options"]["num_predict"] <= 48
    assert engine_server.stock.loads == 1
    assert rewrite["think"] is False
    assert second.standalone == "Who was the keeper of the lighthouse in the harbour?"
    steps = [event["text"] for event in events if event["type"] == "step"]
    assert steps[:1] == ["Searching for “Who was the keeper of the lighthouse in the harbour?”"]
    doubt = {"start": 12, "end": 34, "reason": "1931 is not in the sources"}
    assert events[-1]["doubts"] == second.doubts == [doubt]


@pytest.mark.django_db(transaction=True)
async def test_without_a_model_the_rules_make_it_whole_and_quotes_are_not_doubted(
    alice, no_engine, talking
):
    await database_sync_to_async(make_index)(engine="ollama", name="away:latest", dimensions=2)
    await database_sync_to_async(make_document)(alice)
    first, _ = await answered(alice, "Who kept the lighthouse?")
    second, _ = await answered(alice, "Why?", conversation=first.conversation_id)
    assert second.standalone == "Why? Who kept the lighthouse?"
    assert "Margarethe" in second.text
    assert second.doubts == []


@pytest.mark.django_db(transaction=True)
async def test_an_answer_without_documents_is_not_doubted(alice, engine_server, talking):
    engine_server.script(answer="It was 1999.")
    answer = await asking.ask(alice, "When?", wish=asking.Wish(use_documents=False))
    await asyncio.wait_for(answering.finished(), 20)
    row = await database_sync_to_async(Message.objects.get)(pk=answer.pk)
    assert (row.text, row.doubts) == ("It was 1999.", [])
