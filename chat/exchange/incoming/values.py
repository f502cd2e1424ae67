"""Values of a file from anywhere: each of the kind that it should be, or the file is refused.

What is missing or null is as if it were empty.
"""

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from localchat.lib.errors import BadRequest
from localchat.lib.sentences import Sentence

LONGEST_TEXT = 500_000  # characters of one message
LONGEST_TITLE, LONGEST_FOLDER, LONGEST_TAG, MOST_TAGS = 200, 80, 40, 20
LARGEST = 2**31 - 1
YEARS = range(1970, 2200)

Row = Mapping[str, Any]


class NotImportable(BadRequest):
    """This file cannot be imported."""

    code = "not_importable"


def damaged(name: str) -> NotImportable:
    return NotImportable(
        Sentence(
            "This file cannot be imported: “%(name)s” in it is not what it should be.",
            name=name[:60],
        )
    )


def row(value: object, name: str) -> Row:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise damaged(name)
    return value


def rows(value: object, name: str, most: int) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise damaged(name)
    if len(value) > most:
        raise NotImportable(
            Sentence(
                "This file cannot be imported: it has more than %(most)s of “%(name)s”.",
                most=most,
                name=name,
            )
        )
    return value


def text(of: Row, name: str, longest: int = LONGEST_TEXT) -> str:
    """As it can be stored; one that is longer than a message may be is refused."""
    value = of.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise damaged(name)
    if len(value) > LONGEST_TEXT:
        raise NotImportable(
            Sentence(
                "This file cannot be imported: a text in it has %(n)s characters.", n=len(value)
            )
        )
    return storable(value)[:longest]


def line(of: Row, name: str, longest: int) -> str:
    return " ".join(text(of, name).split())[:longest]


def storable(value: str) -> str:
    return value.replace("\0", "").encode("utf-8", "replace").decode()


def number(of: Row, name: str) -> int | None:
    value = of.get(name)
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= LARGEST:
        raise damaged(name)
    return value


def flag(of: Row, name: str) -> bool:
    return of.get(name) is True


def figure(of: Row, name: str) -> float:
    """Finite; 0 where there is none."""
    value = of.get(name)
    if isinstance(value, int | float) and abs(value) < 1e300 and math.isfinite(value):
        return float(value)
    return 0.0


def figures(of: Row, name: str) -> dict[str, float]:
    """Only what is a number, by its name."""
    given = row(of.get(name), name)
    return {
        storable(key)[:60]: value
        for key, value in list(given.items())[:100]
        if isinstance(value, int | float) and abs(value) < 1e300 and math.isfinite(value)
    }


def moment(value: object) -> datetime | None:
    """Of an ISO time, or of seconds, milliseconds or nanoseconds since 1970; None if it is none."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value)
            found = found if found.tzinfo else found.replace(tzinfo=UTC)
        elif isinstance(value, int | float) and not isinstance(value, bool) and value > 0:
            found = datetime.fromtimestamp(_seconds(float(value)), UTC)
        else:
            return None
    except (ValueError, OverflowError, OSError):
        return None
    return found if found.year in YEARS else None


def _seconds(since: float) -> float:
    if since > 1e17:
        return since / 1e9
    return since / 1e3 if since > 1e11 else since


def tags(values: Sequence[object]) -> list[str]:
    """Each once, whatever its capitals; what is no text is none."""
    lines = [
        " ".join(storable(each).split())[:LONGEST_TAG] for each in values if isinstance(each, str)
    ]
    found = {each.casefold(): each for each in reversed(lines) if each}
    return list(reversed(found.values()))[:MOST_TAGS]
