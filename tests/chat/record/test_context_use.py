"""How full a window was, and how quickly models have written."""

from chat.box import models_listed
from chat.models import Provenance
from chat.record import context_use, writing_rates
from models_mgmt import choosing
from tests.factories import make_answer


def answered(user, tokens, seconds, model="tiny-chat:latest", **facts):
    usage = {"answer_tokens": tokens, "answer_seconds": seconds}
    return make_answer(user, "Aye.", model=model, usage=usage, **facts)


def called(answer, tokens=2000, **body):
    turns = [{"role": "system", "hash": "", "pieces": [{"text": "x"}]}]
    return Provenance.objects.create(message=answer, turns=turns, body=body, tokens=tokens)


def test_the_prompt_and_its_answer_of_the_window(alice):
    answer = answered(alice, 100, 5.0)
    called(answer, options={"num_ctx": 8192})
    assert context_use.last([answer]) == (2100, 8192)
    assert not context_use.last([answer]).is_half


def test_a_window_that_nobody_knows_is_not_told(alice):
    answer = answered(alice, 100, 5.0)
    called(answer)
    assert context_use.last([answer]) is None
    assert context_use.last([]) is None


def test_rates_are_ones_own_by_model_and_short_answers_tell_nothing(alice, bob):
    for tokens, seconds in ((100, 10.0), (100, 5.0), (100, 4.0), (3, 9.0)):
        answered(alice, tokens, seconds)
    answered(alice, 90, 3.0, model="big:70b")
    answered(bob, 100, 1.0)
    make_answer(alice, "Quoted.")
    assert writing_rates.by_model(alice) == {"tiny-chat:latest": 20.0, "big:70b": 30.0}


def test_the_list_has_what_is_known_of_each(alice, engine_server):
    choosing.forget()
    answered(alice, 100, 5.0)
    found = models_listed.choices(alice, "tiny-chat:latest")
    mine = next(each for each in found.models if each.name == found.used)
    assert (mine.window, mine.rate) == (8192, 20.0)
    assert mine.size > 0
    assert not found.is_gone
    assert all("embed" not in each.name for each in found.models)
    assert models_listed.choices(alice, "gone:7b").is_gone


def test_where_no_engine_answers_a_kept_model_is_not_called_gone(alice, engine_down):
    choosing.forget()
    found = models_listed.choices(alice, "tiny-chat:latest")
    assert (found.used, found.is_gone) == ("tiny-chat:latest", False)
    assert "http://127.0.0.1:9" in found.problem
    choosing.forget()
