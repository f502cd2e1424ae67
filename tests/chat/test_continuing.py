"""An answer that was cut off is written on in its own place."""

import asyncio

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking
from chat.models import Message
from chat.question_parsing import Place
from chat.record import continuation, provenance
from documents.desk import deleting
from documents.models import Document
from localchat.lib import following
from localchat.lib.errors import Conflict
from tests.chat.test_answering import desert
from tests.factories import make_answer, make_document, make_index

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
]
PLAIN = asking.Wish(use_documents=False)
FERRY = "The ferry runs three times a day. On Sundays it runs twice."
REST = "and on Sundays it runs only twice [1]. That is all that is known of the ferry. "


async def ended(answer):
    await asyncio.wait_for(answering.finished(), 20)
    return await database_sync_to_async(Message.objects.get)(pk=answer.pk)


async def ask(user, question="How often does the ferry run?", wish=PLAIN, **more):
    return await ended(await asking.ask(user, question, wish, **more))


async def go_on(user, answer):
    return await ended(await asking.ask(user, "", PLAIN, place=Place(continues=answer.pk)))


@pytest.fixture
async def library(alice):
    await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
    return await database_sync_to_async(make_document)(alice, "ferry.pdf", [FERRY])


async def test_it_goes_on_where_it_ended_after_all_that_was_sent(alice, engine_server, library):
    engine_server.script(answer="The ferry runs three times a day [1], ", done_reason="length")
    first = await ask(alice, wish=asking.Wish())
    sent = engine_server.asked("/api/chat")[-1]["messages"]
    assert first.reason == "length"
    engine_server.script(answer=REST)
    row = await go_on(alice, first)
    assert row.pk == first.pk
    assert row.text == "The ferry runs three times a day [1], " + REST
    assert (row.status, row.reason) == ("done", "stop")
    messages = engine_server.asked("/api/chat")[-1]["messages"]
    assert messages[: len(sent)] == sent
    assert messages[len(sent)] == {"role": "assistant", "content": first.text}
    assert "exactly where it ends" in messages[-1]["content"]
    assert await row.sources.filter(number=1, filename="ferry.pdf").aexists()
    assert row.doubts == []


async def test_the_next_question_hears_it_whole(alice, engine_server):
    engine_server.script(answer="Three times, ", done_reason="length")
    first = await ask(alice)
    engine_server.script(answer="and twice on Sundays.")
    await go_on(alice, first)
    engine_server.script(answer="At nine.")
    await ask(alice, "When?", conversation=first.conversation_id)
    said = [turn["content"] for turn in engine_server.asked("/api/chat")[-1]["messages"]]
    assert said[-2] == "Three times, and twice on Sundays."
    assert not any("exactly where it ends" in text for text in said)


async def test_who_follows_gets_the_whole_text(alice, engine_server):
    engine_server.script(answer="Three times, ", done_reason="length")
    first = await ask(alice)
    engine_server.script(answer="and twice on Sundays.", rate=50)
    answer = await asking.ask(alice, "", PLAIN, place=Place(continues=first.pk))
    events = [event async for event in following.follow(alice, answer.topic) if event]
    text = ""
    for event in events:
        text = "" if event["type"] == "restart" else text + event.get("text", "")
    assert text == (await ended(answer)).text == "Three times, and twice on Sundays."
    assert [event["type"] for event in events].count("done") == 1


async def test_a_stopped_answer_goes_on_without_its_half_word(alice, engine_server):
    engine_server.script(answer="one two three four five six seven eight nine ten", rate=10)
    answer = await asking.ask(alice, "Count.", PLAIN)
    await asyncio.sleep(0.6)
    await database_sync_to_async(following.stop)(alice, answer.topic)
    stopped = await ended(answer)
    assert stopped.status == "stopped"
    await Message.objects.filter(pk=stopped.pk).aupdate(text="one two thr")
    engine_server.script(answer="three four")
    row = await go_on(alice, stopped)
    assert row.text == "one two three four"
    assert engine_server.asked("/api/chat")[-1]["messages"][-2]["content"] == "one two "


async def test_who_takes_over_begins_from_the_same_text(alice, engine_server):
    engine_server.script(answer="Three times, ", done_reason="length")
    first = await ask(alice)
    await Message.objects.filter(pk=first.pk).aupdate(
        status="writing", begun="Three times, ", text="Three times, and tw", attempt=2
    )
    await database_sync_to_async(desert)(first)
    engine_server.script(answer="and twice on Sundays.")
    for taken in await database_sync_to_async(answering.deserted)():
        answering.start(taken)
    row = await ended(first)
    assert (row.text, row.attempt) == ("Three times, and twice on Sundays.", 3)


async def test_asked_twice_at_once_it_is_written_on_once(alice, engine_server):
    engine_server.script(answer="Three times, ", done_reason="length")
    first = await ask(alice)
    engine_server.script(answer="and twice.", rate=20)
    calls = len(engine_server.asked("/api/chat"))
    place = Place(continues=first.pk)
    both = await asyncio.gather(*(asking.ask(alice, "", PLAIN, place=place) for _ in range(2)))
    assert {each.pk for each in both} == {first.pk}
    assert (await ended(first)).text == "Three times, and twice."
    assert len(engine_server.asked("/api/chat")) == calls + 1


async def test_where_the_engine_is_gone_what_was_there_stays(alice, engine_server):
    engine_server.script(answer="Three times, ", done_reason="length")
    first = await ask(alice)
    for _ in range(3):
        engine_server.script(status=500)
    row = await go_on(alice, first)
    assert (row.status, row.text) == ("failed", "Three times, ")
    engine_server.script(answer="and twice.")
    assert (await go_on(alice, row)).text == "Three times, and twice."


async def test_an_answer_that_ended_by_itself_is_not_continued(alice, engine_server):
    engine_server.script(answer="Three times.")
    first = await ask(alice)
    with pytest.raises(Conflict):
        await go_on(alice, first)
    quoted = await database_sync_to_async(make_answer)(alice, status="stopped")
    with pytest.raises(Conflict):  # no model wrote it
        await go_on(alice, quoted)


async def test_without_its_document_it_is_not_continued(alice, engine_server, library):
    engine_server.script(answer="The ferry runs three times a day [1], ", done_reason="length")
    first = await ask(alice, wish=asking.Wish())
    document = await Document.objects.aget(pk=library.pk)
    await database_sync_to_async(deleting.delete)(document)
    with pytest.raises(Conflict, match="Ask again"):
        await go_on(alice, first)


async def test_what_does_not_fit_any_more_goes_in_its_order(alice, engine_server, library):
    engine_server.script(answer="The ferry runs three times a day [1], ", done_reason="length")
    first = await ask(alice, wish=asking.Wish())
    row = await database_sync_to_async(
        lambda: Message.objects.select_related("provenance").get(pk=first.pk).provenance
    )()
    found = await database_sync_to_async(provenance.sources_of)(row)
    long = "The ferry runs [1]. " + "It runs and runs. " * 400
    for size, has_passage, is_cut in (
        (100_000, True, False),
        (4_000, True, True),
        (10, False, True),
    ):

        def fits(turns, size=size):
            return sum(len(turn.content) for turn in turns) <= size

        sent = await database_sync_to_async(continuation.fitted)(row, found, long, "Go on.", fits)
        said = "\n".join(turn.content for turn in sent.turns)
        assert (FERRY in said) is has_passage
        assert (long.strip() not in said) is is_cut
        assert "How often does the ferry run?" in said
        assert sent.turns[-1].content == "Go on."


@pytest.mark.parametrize(
    ("text", "more", "joined"),
    [
        ("The ferry runs", "three times.", "The ferry runs three times."),
        ("The ferry runs ", " three times.", "The ferry runs three times."),
        ("The ferry", ", he says.", "The ferry, he says."),
        ("- One\n", "- Two", "- One\n- Two"),
        ("- One", "\n- Two", "- One\n- Two"),
        ("On Sundays the ferry runs", "On Sundays the ferry runs twice.", None),
        ("On Sundays the ferry runs ", "… the ferry runs twice.", None),
        ("船は", "毎日走る", "船は毎日走る"),
    ],
)
def test_the_two_parts_are_joined(text, more, joined):
    whole = text + continuation.joined(text, more)
    assert whole == (joined or "On Sundays the ferry runs twice.")
