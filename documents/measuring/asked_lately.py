"""What a person has asked lately, as whoever keeps the questions can tell."""

from collections.abc import Callable, Sequence

from django.contrib.auth.models import User

_tellers: list[Callable[[User, int], Sequence[str]]] = []


def also(teller: Callable[[User, int], Sequence[str]]) -> None:
    """`teller` gives at most so many questions, the latest first."""
    _tellers.append(teller)


def questions(user: User, most: int) -> list[str]:
    """The latest first, each once, as they were searched for."""
    found = (question for teller in _tellers for question in teller(user, most))
    return list(dict.fromkeys(found))[:most]
