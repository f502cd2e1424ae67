"""How long reading will take with a model, from what its earlier answers took."""

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext

from chat.models import Message
from chat.prompt import is_small
from documents.text import words
from localchat.lib.language import speaking
from localchat.lib.sentences import Sentence, counted
from localchat.lib.wording import in_words
from models_mgmt.engines import Model

LOOK_ANSWERS = 20
FEW, USUAL = 800, 2_200  # tokens of passages
AFTER_OTHERS = 0.6  # of the few, where the talk before has passages already
KEPT_LITTLE = 0.2  # of a prompt that the engine has read before: it tells the rate nevertheless
LOADED_SECONDS = 0.5  # what is less was no loading
NOTED = 0.5  # of what a part's notes may be, they usually are


def seconds(user: User, model: Model, *, tokens: int, parts: int, note_tokens: int) -> float | None:
    """For so many tokens to be read in so many parts; None when nothing was measured yet."""
    used = _usages(user, model)
    reading = _rate(used, "prompt_tokens", "prompt_seconds")
    writing = _rate(used, "answer_tokens", "answer_seconds")
    if not reading or not writing:
        return None
    return tokens / reading + parts * NOTED * note_tokens / writing


def of_loading(user: User, model: Model) -> float | None:
    """Seconds that the model took to be loaded the last time; None when that was not measured."""
    took = (float(each.get("load_seconds") or 0) for each in _usages(user, model))
    return next((seconds for seconds in took if seconds >= LOADED_SECONDS), None)


def of_prompt(rate: float | None, tokens: int) -> float | None:
    """Seconds until a prompt of so many tokens is read; None when nothing was measured yet."""
    return tokens / rate if rate else None


def passages_in_time(
    rate: float | None, model: Model, besides: int, every: int, *, goes_on: bool
) -> int | None:
    """Tokens of passages: all if the first word then comes in FIRST_WORD_SECONDS, else few.

    What is read beyond the few costs time for less and less: 112 of 186 figures and words that
    answer stand in 800 tokens, 141 in 2,000. `besides`: tokens of the prompt that are read too;
    `every`: of all passages. None: all of them. `goes_on`: passages were read for the talk before.
    """
    few = int(AFTER_OTHERS * FEW) if goes_on else FEW
    if rate is None:
        return few if is_small(model) else USUAL
    in_time = int(rate * settings.FIRST_WORD_SECONDS) - besides
    return None if every <= in_time else few


def reading_rate(user: User, model: Model) -> float | None:
    """Tokens of a prompt that the model reads in a second on this machine; None if not known yet.

    By the slower of its earlier answers: the quicker ones began as the one before them did, and
    an engine does not read again what it has kept.
    """
    used = _usages(user, model)
    fresh = [each for each in used if _is_read_anew(each)] or used
    rates = sorted(
        filter(None, (_rate([each], "prompt_tokens", "prompt_seconds") for each in fresh))
    )
    return rates[len(rates) // 4] if rates else None


def _usages(user: User, model: Model) -> list[dict[str, float]]:
    """Of the last answers that the model came to write."""
    answers = Message.objects.for_user(user).answers().filter(model=model.name)
    measured = answers.filter(usage__has_key="prompt_tokens").order_by("-pk")
    return list(measured.values_list("usage", flat=True)[:LOOK_ANSWERS])


def _is_read_anew(usage: dict[str, float]) -> bool:
    return usage.get("kept_tokens", 0) <= KEPT_LITTLE * usage.get("prompt_tokens", 0)


def _rate(used: list[dict[str, float]], tokens: str, seconds: str) -> float:
    measured = [each for each in used if each.get(tokens) and each.get(seconds)]
    taken = sum(float(each[seconds]) for each in measured)
    return sum(float(each[tokens]) for each in measured) / taken if taken else 0.0


def size(passages: int, documents: int) -> Sentence:
    return Sentence(
        "%(passages)s in %(documents)s",
        passages=counted("%(n)s passage", "%(n)s passages", passages),
        documents=counted("%(n)s document", "%(n)s documents", documents),
    )


def spoken(what: Sentence, parts: int, before: int, seconds: float | None) -> Sentence:
    """`412 passages in 3 documents, 14 parts, about 6 minutes`.

    `before`: parts that were read before; `seconds`: None where it is not known, or nothing is left.
    """
    what = Sentence("%(what)s, %(n)s parts", what=what, n=parts)
    if before:
        what = Sentence("%(what)s, %(n)s of them read before", what=what, n=before)
    if seconds is None or before == parts:
        return what
    if seconds < 90:
        return Sentence(
            "%(what)s, about %(n)s seconds", what=what, n=max(5, round(seconds / 5) * 5)
        )
    if seconds < 5_400:
        return Sentence("%(what)s, about %(n)s minutes", what=what, n=round(seconds / 60))
    return Sentence("%(what)s, about %(n)s hours", what=what, n=round(seconds / 3_600))


def too_much(question: str, size: Sentence, *, everything: bool) -> str:
    """What is said in place of an answer that would take too long: in the question's language."""
    with speaking(words.language(question)):
        said = gettext("That is a lot to read: %(size)s.") % {"size": in_words(size)}
        said += " " + gettext("Name or choose fewer documents.")
        if not everything:
            said += " " + gettext("To read them all nevertheless, ask with “Read everything”.")
        return said
