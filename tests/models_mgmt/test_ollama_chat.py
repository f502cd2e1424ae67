"""Answers by Ollama's /api/chat: everything that can happen on the wire."""

import asyncio
import time
from contextlib import aclosing

import pytest

from localchat.lib.errors import (
    EngineBusy,
    EngineCut,
    EngineError,
    EngineStalled,
    EngineUnreachable,
    ModelMissing,
    PromptTooLong,
)
from models_mgmt.engines import Delta, Turn, ollama
from tests.factories import make_call

LONG = "one two three four five six seven eight "
QUESTION = [Turn("user", "What is it?")]


def chat(model="tiny-chat", turns=QUESTION, **wishes):
    return ollama.chat(make_call(model, turns, **wishes))


async def pieces(**wishes) -> list[Delta]:
    async with aclosing(chat(**wishes)) as answer:
        return [piece async for piece in answer]


async def text(**wishes) -> str:
    return "".join(piece.text for piece in await pieces(**wishes))


async def until(error, **wishes) -> str:
    """The text that came before the error."""
    got: list[str] = []
    with pytest.raises(error):
        await collect(got, **wishes)
    return "".join(got)


async def collect(got: list[str], **wishes) -> None:
    async with aclosing(chat(**wishes)) as answer:
        async for piece in answer:
            got.append(piece.text)


async def test_the_pieces_are_the_answer_and_the_last_one_alone_is_done(server):
    server.script(answer=LONG, rate=50)
    got = await pieces()
    assert "".join(piece.text for piece in got) == LONG
    assert len(got) > 4
    assert [piece.done for piece in got] == [False] * (len(got) - 1) + [True]
    assert got[-1].reason == "stop"


async def test_the_engines_own_counts_come_with_the_last_piece(server):
    server.script(answer=LONG)
    usage = (await pieces())[-1].usage
    assert usage["answer_tokens"] == 8
    assert usage["prompt_tokens"] == 7
    assert usage["load_seconds"] == pytest.approx(1.5)
    assert usage["answer_seconds"] == pytest.approx(0.2)


async def test_absent_counts_are_zero_and_an_absent_reason_is_stop(server):
    server.script(metrics=False, done_reason=None)
    last = (await pieces())[-1]
    assert (last.reason, last.usage["answer_tokens"]) == ("stop", 0)


async def test_the_window_and_the_limit_are_always_sent_and_nothing_may_be_dropped(server):
    await pieces(num_ctx=2048, max_tokens=99, options={"temperature": 0.1, "num_ctx": 1})
    [body] = server.asked("/api/chat")
    assert body["options"] == {
        "temperature": 0.1,
        "num_ctx": 2048,
        "num_batch": 256,
        "num_predict": 99,
    }
    assert body["truncate"] is False
    assert body["shift"] is False
    assert body["think"] is False
    assert body["keep_alive"]


async def test_an_answer_that_reaches_its_limit_says_length(server):
    server.script(answer=LONG)
    got = await pieces(max_tokens=3)
    assert "".join(piece.text for piece in got) == "one two three "
    assert got[-1].reason == "length"


async def test_the_last_line_may_carry_text(server):
    server.script(answer=LONG, final_text=True)
    got = await pieces()
    assert "".join(piece.text for piece in got) == LONG
    assert got[-1].text == "eight "


@pytest.mark.parametrize("writes", ["halves", "pairs", "bytes", "bare"])
async def test_lines_arrive_whole_however_the_network_cuts_them(server, writes):
    answer = "Größe: 東京, naïve café 🙂 und so weiter. "
    server.script(answer=answer, writes=writes, blank_tokens=True)
    assert await text() == answer


async def test_a_line_may_be_longer_than_any_buffer(server):
    answer = "x" * 300_000
    server.script(answer=answer, whole=True)
    assert await text() == answer


async def test_a_line_without_an_end_is_refused(server, monkeypatch):
    monkeypatch.setattr("models_mgmt.engines.wire.LINE_BYTES", 50_000)
    server.script(answer="x" * 300_000, whole=True)
    with pytest.raises(EngineError, match="without an end"):
        await text()


async def test_a_thinking_model_is_told_not_to_think(server):
    server.script(answer="Yes. ", thinking="Let me see. ")
    assert not any(piece.thinking for piece in await pieces(model="tiny-think"))


async def test_what_a_model_thinks_all_the_same_stays_apart(server):
    server.script(answer="Yes. ", thinking="Let me see. ", thinks_always=True)
    got = await pieces(model="tiny-think")
    assert "".join(piece.thinking for piece in got) == "Let me see. "
    assert "".join(piece.text for piece in got) == "Yes. "


async def test_an_error_line_in_the_stream_is_the_engines_sentence(server):
    server.script(answer=LONG, error_after=3, error="an error was encountered: out of memory")
    with pytest.raises(EngineError, match="out of memory"):
        await text()
    assert await until(EngineError) == "one two three "


async def test_an_end_without_done_is_a_cut_and_what_came_is_kept(server):
    server.script(answer=LONG, cut_after=2)
    assert await until(EngineCut) == "one two "


async def test_a_reset_in_the_middle_of_a_line_is_a_cut(server):
    server.script(answer=LONG, reset_after=2, rate=50)
    assert await until(EngineCut) == "one two "


async def test_an_engine_that_goes_away_while_it_answers_is_a_cut(server):
    server.script(answer=LONG * 50, rate=50)
    answering = asyncio.create_task(until(EngineCut))
    await asyncio.sleep(0.3)
    await asyncio.to_thread(server.stop)
    assert (await answering).startswith("one two three ")


async def test_silence_between_pieces_is_a_stall(server, settings):
    settings.IDLE_SECONDS = 0.3
    server.script(answer=LONG, stall_after=2)
    began = time.monotonic()
    assert await until(EngineStalled) == "one two "
    assert time.monotonic() - began < 2


async def test_the_first_byte_may_take_longer_than_the_pieces_after_it(server, settings):
    settings.IDLE_SECONDS = 0.2
    server.script(answer=LONG, first_byte_delay=0.7)
    assert await text() == LONG


async def test_a_model_that_never_begins_is_a_stall_too(server, settings):
    settings.FIRST_BYTE_SECONDS = 0.3
    server.script(answer=LONG, first_byte_delay=60)
    assert await until(EngineStalled) == ""


async def test_closing_the_answer_closes_the_connection_at_once(server):
    server.script(answer=LONG * 100, rate=50)
    async with aclosing(chat()) as answer:
        async for piece in answer:
            if piece.text == "three ":
                break
    left = time.monotonic()
    [closed] = await asyncio.to_thread(server.wait_closed)
    assert closed.at - left < 1
    assert 3 <= closed.sent < 400  # of 800: the engine was stopped, it did not finish


@pytest.mark.parametrize("moment", [{"stall_after": 2}, {"first_byte_delay": 60}])
async def test_cancelling_the_task_closes_the_connection_also_in_silence(server, moment):
    server.script(answer=LONG, **moment)
    task = asyncio.create_task(text())
    await asyncio.sleep(0.3)
    task.cancel()
    left = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await task
    [closed] = await asyncio.to_thread(server.wait_closed)
    assert closed.at - left < 1


async def test_a_stopped_engine_is_unreachable_and_its_address_is_named(server):
    server.stop()
    with pytest.raises(EngineUnreachable, match=server.url):
        await text()


async def test_a_missing_model_is_named(server):
    with pytest.raises(ModelMissing, match="“nobody” is not installed"):
        await text(model="nobody")


async def test_a_prompt_that_does_not_fit_is_said_not_cut(server):
    with pytest.raises(PromptTooLong):
        await text(turns=[Turn("user", "word " * 600)], num_ctx=512)


async def test_a_full_queue_is_busy(server):
    server.script(status=503, error="server busy, please try again.  maximum pending requests")
    with pytest.raises(EngineBusy):
        await text()


async def test_a_load_that_fails_says_why(server):
    server.script(status=500, error="unable to load full model on GPU")
    with pytest.raises(EngineError, match="unable to load full model on GPU"):
        await text()


async def test_a_model_of_the_cloud_is_refused_without_a_request(server):
    for name in ("gpt-oss:120b-cloud", "kimi:cloud"):
        with pytest.raises(ollama.CloudModel):
            await text(model=name)
    assert server.requests == []


async def test_no_proxy_of_the_environment_is_asked(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    server.script(answer=LONG)
    assert await text() == LONG
    assert ollama.probe()


async def test_many_answers_at_once_stay_apart(server):
    server.script(answer=lambda messages: messages[-1]["content"] * 20, rate=200)
    turns = [[Turn("user", f"word{number} ")] for number in range(20)]
    answers = await asyncio.gather(*(text(turns=turn) for turn in turns))
    assert answers == [f"word{number} " * 20 for number in range(20)]
