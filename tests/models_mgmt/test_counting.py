"""How a model counts is learned from its answers."""

import random
import re

import pytest

from models_mgmt import counting
from models_mgmt.engines import Model, Turn
from models_mgmt.models import Tokens

MODEL = Model("ollama", "tiny-chat:latest", "d" * 64, 1, frozenset({"completion"}), {})
WORDS = ["the", "harbour", "was", "dredged", "Donaudampfschifffahrt", "1987", "(1,577)", "€", "für"]


def prompts(count: int, seed: int = 7) -> list[list[Turn]]:
    rand = random.Random(seed)
    return [
        [Turn("system", "Answer."), Turn("user", " ".join(rand.choices(WORDS, k=900)))]
        for _ in range(count)
    ]


def fives(turns) -> int:
    """A tokenizer of its own: pieces of at most five letters, each digit one, five tokens around a turn."""
    pieces = re.compile(r"[\u4e00-\u9fff\u3040-\u30ff]|[0-9]|\s?[A-Za-z\u00a0-\u024f]{1,5}|[!-~€]")
    return sum(len(pieces.findall(turn.content)) + 5 for turn in turns)


@pytest.mark.django_db
def test_after_a_few_answers_a_prompt_is_counted_as_the_model_counts_it():
    *first, last = prompts(9)
    assert not counting.counter(MODEL).is_learned
    for turns in first:
        counting.learn(MODEL, turns, fives(turns))
    learned = counting.counter(MODEL)
    assert learned.is_learned
    assert learned.turns(last) == pytest.approx(fives(last), rel=0.02)
    assert counting.usual().turns(last) != pytest.approx(fives(last), rel=0.02)


@pytest.mark.django_db
def test_texts_of_other_kinds_are_told_apart():
    kinds = [["plain words alone "] * 300, ["1987 2018 "] * 300, ["東京都の人口"] * 100]
    taught = [[Turn("user", "".join(kind))] for kind in kinds]
    for turns in taught * 4:
        counting.learn(MODEL, turns, fives(turns))
    learned = counting.counter(MODEL)
    for turns in taught:
        assert learned.turns(turns) == pytest.approx(fives(turns), rel=0.03)


@pytest.mark.django_db
def test_a_count_that_no_tokenizer_gives_teaches_nothing():
    (turns,) = prompts(1)
    for wrong in (1, 100, 100_000):
        counting.learn(MODEL, turns, wrong)
    assert not Tokens.objects.exists()


@pytest.mark.django_db
def test_room_is_kept_free_where_the_count_goes_astray():
    steady, astray = MODEL, MODEL._replace(name="astray")
    for number, turns in enumerate(prompts(12)):
        counting.learn(steady, turns, fives(turns))
        counting.learn(astray, turns, fives(turns) * (1.1 if number % 2 else 0.9))
    assert counting.counter(steady).slack < 0.07
    assert 0.1 < counting.counter(astray).slack <= counting.MOST_SLACK


@pytest.mark.django_db
def test_prompts_of_many_kinds_are_not_taken_for_cut_ones():
    """A tokenizer to which German is dearer than English, and Chinese than both."""
    kinds = {
        "the harbour was dredged again ": 1.0,
        "Hafenmeisterei wurde gebaut ": 1.6,
        "港口": 1.2,
    }
    rand = random.Random(5)
    taken = 0
    for _ in range(60):
        kind = rand.choice(list(kinds))
        turns = [Turn("user", kind * rand.randint(60, 90))]
        tokens, counter = fives(turns) * kinds[kind], counting.counter(MODEL)
        taken += tokens < counter.fewest(counter.turns(turns))
        counting.learn(MODEL, turns, tokens)
    assert taken <= 6


@pytest.mark.django_db
def test_another_digest_is_another_model():
    for turns in prompts(3):
        counting.learn(MODEL, turns, fives(turns))
    assert not counting.counter(MODEL._replace(digest="e" * 64)).is_learned
