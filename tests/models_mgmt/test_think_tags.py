"""Thoughts in a reply are told from the answer, however the reply is cut into pieces."""

import asyncio
from contextlib import aclosing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models_mgmt.engines import Delta, Turn, ollama, openai, think_tags
from models_mgmt.engines.think_tags import ThinkTags
from tests.factories import make_call

CODE = "Models write this:\n\n```\n<think>\nHm.\n</think>\n```\n"
# What comes, what of it is the answer, and what was thought.
REPLIES = [
    ("<think>Hm. So.</think>Yes.", "Yes.", "Hm. So."),
    ("\n<think>\nHm.\n</think>\n\nYes.\n", "Yes.\n", "Hm.\n"),
    ("<thinking>Hm.</thinking> Yes.", "Yes.", "Hm."),
    ("[THINK]Hm.[/THINK]Yes.", "Yes.", "Hm."),
    ("◁think▷Hm.◁/think▷Yes.", "Yes.", "Hm."),
    ("<seed:think>Hm.</seed:think>Yes.", "Yes.", "Hm."),
    (
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Yes.",
        "Yes.",
        "Hm.",
    ),
    ("<|channel|>final<|message|>Yes.", "Yes.", ""),
    ("<think>\n\n</think>\n\nYes.", "Yes.", ""),
    ("<think>One.</think>\n<think>Two.</think>Yes.", "Yes.", "One.Two."),
    ("<think>Hm, and it goes on", "", "Hm, and it goes on"),
    ("<think>Is a </thin a tag?</think>No.", "No.", "Is a </thin a tag?"),
    ("</think>\n\nYes.", "Yes.", ""),  # what was thought came apart
    ("Hm. It is.\n</think>\n\nYes.", "Yes.", "Hm. It is.\n"),
    ("Hm. It is.</think>\n\nYes.", "Yes.", "Hm. It is."),
    ("Hm, and no answer.\n</think>", "", "Hm, and no answer.\n"),
    ("Hm, and no answer.</think>", "", "Hm, and no answer."),
    # Text, all of it:
    ("It writes <think> and </think> around its thoughts.", ..., ""),
    ("It ends with </think> and goes on.", ..., ""),
    ("It ends with `</think>`\nand goes on.", ..., ""),
    ("Yes.\n<think>\nHm.\n</think>\nNo.", ..., ""),
    (CODE, ..., ""),
    ("```\n</think>\n```\n", ..., ""),
    ("`<think>` is a tag.", ..., ""),
    ("<thin air>", ..., ""),
    ("<th", ..., ""),
    ("a < b </", ..., ""),
    (" [1] ", ..., ""),
    ("", "", ""),
    ("\n\n", ..., ""),
]


def told(parts, *, unopened=False, reason="stop"):
    """The answer and the thoughts, and whether they were told anew."""
    tags = ThinkTags(unopened=unopened)
    last = Delta(done=True, reason=reason)
    text = thinking = ""
    anew = False
    for piece in [*map(Delta, parts), last]:
        found = tags.take(piece)
        if found.anew:
            text, thinking, anew = "", "", True
        text, thinking = text + found.text, thinking + found.thinking
    return text, thinking, anew


def cut(reply, places):
    ends = sorted({place % (len(reply) + 1) for place in places})
    return [reply[a:b] for a, b in zip([0, *ends], [*ends, len(reply)], strict=True)]


@pytest.mark.parametrize(("reply", "answer", "thoughts"), REPLIES)
@pytest.mark.parametrize("size", [1, 2, 3, 7, 1_000])
def test_thoughts_are_told_from_the_answer(reply, answer, thoughts, size):
    parts = [reply[at : at + size] for at in range(0, len(reply), size)]
    text, thinking, _ = told(parts)
    assert text == (reply if answer is ... else answer)
    assert thinking.strip() == thoughts.strip()


@given(st.sampled_from(REPLIES), st.lists(st.integers(0, 200), max_size=12))
def test_how_a_reply_is_cut_makes_no_difference(case, places):
    reply, answer, _ = case
    assert told(cut(reply, places))[0] == (reply if answer is ... else answer)


@given(st.text(alphabet="<>/think`\n a", max_size=60), st.lists(st.integers(0, 60), max_size=12))
def test_nothing_is_told_twice_or_lost_but_tags(reply, places):
    text, thinking, _ = told(cut(reply, places))
    kept = "".join((thinking + text).split())
    assert len(kept) <= len("".join(reply.split()))
    if "think>" not in reply:
        assert (text, thinking) == (reply, "")


def test_an_answer_is_not_held_back_until_its_end():
    tags = ThinkTags()
    assert [tags.take(Delta(part)).text for part in ("Yes", ", it", " is <")] == [
        "Yes",
        ", it",
        " is ",
    ]


def test_thoughts_are_told_as_they_come():
    tags = ThinkTags()
    parts = ["<th", "ink>", "Hm. ", "So. </th", "ink>", "\n\n", "Yes."]
    found = [tags.take(Delta(part)) for part in parts]
    assert [piece.thinking for piece in found] == ["", "", "Hm. ", "So. ", "", "", ""]
    assert [piece.text for piece in found] == ["", "", "", "", "", "", "Yes."]


@pytest.mark.parametrize(
    "reply", [case for case in REPLIES if case[0].startswith(("<think>", "<thinking>"))]
)
@pytest.mark.parametrize("size", [1, 5, 1_000])
def test_a_model_that_begins_unopened_may_open_its_thoughts_all_the_same(reply, size):
    parts = [reply[0][at : at + size] for at in range(0, len(reply[0]), size)]
    text, thinking, anew = told(parts, unopened=True)
    assert (text, thinking.strip(), anew) == (reply[1], reply[2].strip(), False)


def test_unopened_thoughts_that_are_known_to_come_are_never_shown_as_text():
    assert told(["Hm. ", "It is.", "\n</th", "ink>\n", "Yes."], unopened=True) == (
        "Yes.",
        "Hm. It is.\n",
        False,
    )
    assert told(["Yes", ", it is."], unopened=True) == ("Yes, it is.", "", True)
    assert told(["Hm. ", "It is"], unopened=True, reason="length")[:2] == ("", "Hm. It is")


@pytest.fixture
def strangers():
    """No model is known to begin unopened."""
    think_tags._unopened.clear()
    yield
    think_tags._unopened.clear()


@pytest.mark.usefixtures("strangers")
@pytest.mark.parametrize("engine", [ollama, openai])
async def test_every_engine_tells_thoughts_apart_and_learns_who_begins_with_them(server, engine):
    async def pieces():
        call = make_call("tiny-chat:latest", [Turn("user", "Is it?")])
        async with aclosing(engine.chat(call)) as answer:
            return [piece async for piece in answer]

    server.script(answer="<think>\nHm. So. </think>\n\nYes. ")
    got = await pieces()
    assert "".join(piece.text for piece in got) == "Yes. "
    assert "".join(piece.thinking for piece in got) == "Hm. So. "
    assert [piece.done for piece in got].index(True) == len(got) - 1
    server.script(answer="Hm. So.\n</think>\n\nYes. ")
    first, second = await pieces(), await pieces()
    assert any(piece.anew for piece in first)
    assert not any(piece.anew for piece in second)
    assert "".join(piece.text for piece in second) == "Yes. "
    server.script(answer="Yes. ")
    assert [piece.anew for piece in await pieces()] == [False, True]
    assert not any(piece.anew for piece in await pieces())


async def test_what_the_engine_tells_apart_is_left_as_it_is(server):
    server.script(answer="Yes. ", thinking="Hm. ")
    call = make_call("tiny-chat:latest", [Turn("user", "Is it?")])
    async with aclosing(openai.chat(call)) as answer:
        got = [piece async for piece in answer]
    assert [(piece.text, piece.thinking) for piece in got] == [
        ("", "Hm. "),
        ("Yes. ", ""),
        ("", ""),
    ]


async def test_closing_the_reply_closes_the_connection(server):
    server.script(answer="<think>" + "word " * 500, rate=50)
    async with aclosing(ollama.chat(make_call("tiny-chat", [Turn("user", "x")]))) as answer:
        await anext(answer)
    [closed] = await asyncio.to_thread(server.wait_closed)
    assert closed.sent < 250
