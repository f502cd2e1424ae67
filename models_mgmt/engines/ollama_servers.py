"""The servers that OLLAMA_HOST names: who has which model, who is away, and who is least busy."""

import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Lock
from typing import NamedTuple, TypeVar

from django.conf import settings

from localchat.lib.errors import EngineBusy, EngineError, EngineUnreachable, ModelMissing
from localchat.lib.sentences import Sentence

AWAY_SECONDS = 10.0  # for which one that did not answer is asked last, and not for its list
PASSING_ON = (EngineBusy, EngineUnreachable, ModelMissing)  # with which the next one is asked


T = TypeVar("T")


class _Away(NamedTuple):
    since: datetime
    asked: float  # time.monotonic


_lock = Lock()
_calls: Counter[str] = Counter()  # of this process, under way at each address
_models: dict[str, frozenset[str]] = {}  # by address, in small letters
_away: dict[str, _Away] = {}


def addresses() -> list[str]:
    """In the order of the setting; the first is where models are pulled to.

    Never none: where no server is named, an empty one that cannot be reached.
    """
    named: str = settings.OLLAMA_HOST
    return named.split(",")


def each(ask: Callable[[str], T]) -> dict[str, T]:
    """What every server answers, by its address; raises the first one's error if none does.

    One that has just been away is left out while there are others.
    """
    all_of_them = addresses()
    asked = [one for one in all_of_them if not is_away(one)] or all_of_them
    if len(asked) == 1:
        return {asked[0]: _noted(asked[0], ask)}
    with ThreadPoolExecutor(len(asked)) as pool:
        tasks = {one: pool.submit(_noted, one, ask) for one in asked}
    found = {one: task.result() for one, task in tasks.items() if not task.exception()}
    return found or {one: task.result() for one, task in tasks.items()}


def _noted(address: str, ask: Callable[[str], T]) -> T:
    try:
        answer = ask(address)
    except EngineError:
        note_away(address)
        raise
    _away.pop(address, None)
    return answer


def note_away(address: str) -> None:
    before = _away.get(address)
    since = before.since if before else datetime.now(UTC)
    _away[address] = _Away(since, time.monotonic())


def is_away(address: str) -> bool:
    found = _away.get(address)
    return found is not None and time.monotonic() - found.asked < AWAY_SECONDS


def away() -> str:
    """Which servers do not answer, with since when that is known; empty if all do."""
    found = [(one, _away[one].since.strftime("%H:%M")) for one in addresses() if one in _away]
    if len(found) == 1:
        ((address, moment),) = found
        return Sentence(
            "The model engine at %(address)s does not answer, since %(time)s UTC.",
            address=address,
            time=moment,
        )
    names = ", ".join(f"{address} ({moment} UTC)" for address, moment in found)
    return Sentence("These model engines do not answer: %(names)s.", names=names) if found else ""


def note_models(address: str, names: Collection[str]) -> None:
    _models[address] = frozenset(name.lower() for name in names)


def holders(model: str) -> list[str]:
    """Those that have it, as far as their lists are known."""
    having = [one for one in addresses() if model.lower() in _models.get(one, ())]
    return having or addresses()


def take(
    model: str, loaded: Collection[str] = (), besides: Sequence[str] = (), wanted: str = ""
) -> str:
    """The least busy one that has the model, of such the one that has it loaded; give it back.

    `besides`: those that were asked already; `wanted`: the one whose turn it is.
    """
    with _lock:
        left = [one for one in holders(model) if one not in besides] or holders(model)
        first = min(
            left, key=lambda one: (one != wanted, is_away(one), _calls[one], one not in loaded)
        )
        _calls[first] += 1
        return first


def give_back(address: str) -> None:
    with _lock:
        _calls[address] -= 1


def is_choice(model: str) -> bool:
    return len(holders(model)) > 1


def passes_on(error: EngineError, address: str, model: str, tried: Sequence[str]) -> bool:
    """Whether another one is to be asked, after `address` has failed so."""
    if isinstance(error, EngineUnreachable):
        note_away(address)
    left = [one for one in holders(model) if one not in tried]
    return isinstance(error, PASSING_ON) and bool(left)


def asked(model: str, ask: Callable[[str], T]) -> T:
    """What the least busy one answers; the next one's answer where it is away."""
    tried: list[str] = []
    while True:
        address = take(model, besides=tried)
        tried.append(address)
        try:
            return ask(address)
        except EngineError as error:
            if not passes_on(error, address, model, tried):
                raise
        finally:
            give_back(address)


def everywhere(model: str, ask: Callable[[str], object]) -> None:
    """Ask every one that has the model. Raises what any of them answers, after all are asked."""
    errors: list[EngineError] = []
    places = holders(model)
    for address in places:
        try:
            ask(address)
        except EngineError as error:
            errors.append(error)
    grave = [each for each in errors if not isinstance(each, ModelMissing)]
    if grave or len(errors) == len(places):
        raise (grave or errors)[0]
