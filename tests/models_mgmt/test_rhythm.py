"""What comes together is told together, and is read seldom where many answers are written."""

from contextlib import ExitStack, aclosing

import pytest

from localchat.lib.errors import EngineCut
from models_mgmt.engines import rhythm
from models_mgmt.engines.joined import joined
from models_mgmt.engines.protocol import Delta
from tests.models_mgmt.test_ollama_chat import chat, pieces

DONE = Delta(done=True, reason="stop")


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        ([], []),
        ([Delta("a"), Delta("b "), Delta("c")], [Delta("ab c")]),
        ([Delta("a"), Delta(), Delta("b"), DONE], [Delta("ab"), DONE]),
        (
            [Delta(thinking="x"), Delta(thinking="y"), Delta("a"), Delta(thinking="z")],
            [Delta(thinking="xy"), Delta("a"), Delta(thinking="z")],
        ),
        (
            [Delta("a"), Delta(prompt=(1, 2)), Delta("b"), Delta("c", done=True)],
            [Delta("a"), Delta(prompt=(1, 2)), Delta("b"), Delta("c", done=True)],
        ),
        ([Delta("a", "x"), Delta("b")], [Delta("a", "x"), Delta("b")]),
        ([Delta("a\0"), Delta("b", done=True)], [Delta("a"), Delta("b", done=True)]),
        ([Delta("a\ud83d"), Delta("\ude00 b\ud83d")], [Delta("a\U0001f600 b\ufffd")]),
    ],
)
def test_neighbours_of_one_kind_become_one(pieces, told):
    assert list(joined(pieces)) == told


def test_what_came_before_an_error_comes_before_it_is_raised():
    def cut():
        yield Delta("a")
        yield Delta("b")
        raise EngineCut

    found = joined(cut())
    assert next(found) == Delta("ab")
    with pytest.raises(EngineCut):
        next(found)


@pytest.mark.parametrize(
    ("answers", "seconds"),
    [(0, 0.0), (1, 0.0), (3, 0.0), (4, 0.02), (20, 0.1), (50, 0.25), (500, 0.25)],
)
def test_more_answers_are_read_less_often_each(answers, seconds):
    readers = rhythm.Readers()
    readers.answers = answers
    assert readers.seconds == pytest.approx(seconds)


async def taken(others: int) -> list[str]:
    """The pieces of an answer while so many others are read."""
    with ExitStack() as stack:
        for _ in range(others):
            stack.enter_context(rhythm.reading())
        return [piece.text for piece in await pieces()]


async def test_beside_many_others_an_answer_is_whole_in_fewer_pieces(server):
    server.script(answer="word " * 40, rate=40)
    alone, beside = await taken(0), await taken(50)
    assert "".join(alone) == "".join(beside) == "word " * 40
    assert len(beside) < len(alone) / 2


async def test_who_leaves_is_counted_no_more(server):
    server.script(answer="word " * 2000, rate=50)
    async with aclosing(chat()) as answer:
        await anext(answer)
        assert rhythm.readers.answers == 1
    assert rhythm.readers.answers == 0
