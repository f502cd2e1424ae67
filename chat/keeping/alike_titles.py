"""Titles as a narrow list shows them: two that begin alike by what tells them apart."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile

from django.utils import formats, timezone
from django.utils.translation import gettext

from chat.models import Conversation

ALIKE = 20  # characters: of two titles with so long a beginning in common a list shows the same
KEPT = 2  # words of that beginning that are shown all the same


def apart(rows: Iterable[Conversation]) -> dict[int, str]:
    """What is shown of each title, by the conversation's id."""
    alike: dict[str, list[Conversation]] = defaultdict(list)
    for row in rows:
        alike[row.title[:ALIKE].casefold()].append(row)
    shown: dict[int, str] = {}
    for group in alike.values():
        titles = {row.title.casefold() for row in group}
        shared = _shared([row.title for row in group]) if len(titles) > 1 else ""
        shown |= {row.pk: _without(row.title, shared) for row in group}
        _date(group, shown)
    return shown


def _shared(titles: Sequence[str]) -> str:
    """The words with which all begin, if a list would show nothing else."""
    letters = zip(*(title.casefold() for title in titles), strict=False)
    prefix = "".join(each[0] for each in takewhile(lambda each: len(set(each)) == 1, letters))
    return prefix[: prefix.rfind(" ") + 1] if len(prefix) >= ALIKE else ""


def _without(title: str, shared: str) -> str:
    rest = title[len(shared) :]
    if not (shared and rest):
        return title
    return f"{' '.join(title.split()[:KEPT])} … {rest}"


def _date(group: Sequence[Conversation], shown: dict[int, str]) -> None:
    """To each title that is there twice its day; or the time, where the day is the same."""
    same: dict[str, list[Conversation]] = defaultdict(list)
    for row in group:
        same[row.title.casefold()].append(row)
    for rows in same.values():
        if len(rows) < 2:
            continue
        moments = [timezone.localtime(row.touched) for row in rows]
        has_own_day = len({each.date() for each in moments}) == len(rows)
        form = gettext("j N") if has_own_day else gettext("j N, H:i")
        for row, moment in zip(rows, moments, strict=True):
            shown[row.pk] = f"{formats.date_format(moment, form)}: {row.title}"
