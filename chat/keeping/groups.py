"""The list at the side: what is pinned, folders, and the rest by when it was last asked."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext

from chat.keeping import alike_titles
from chat.models import Conversation

AT_FIRST = 60  # rows; more are shown on request
MOST = 2000
IN_FOLDERS = 500
WEEK = 7  # days


class Row(NamedTuple):
    pk: int
    title: str
    short: str  # told apart from others like it


class Group(NamedTuple):
    name: str
    rows: Sequence[Row]
    is_folder: bool = False
    is_open: bool = True


class Side(NamedTuple):
    groups: list[Group]
    more: int  # how many to show next; 0: these are all


def side(user: User, current: int | None = None, shown: int = AT_FIRST) -> Side:
    rows = Conversation.objects.for_user(user).listed().only("title", "touched", "folder", "pinned")
    shown = min(max(shown, AT_FIRST), MOST)
    pinned = list(rows.filter(pinned=True)[:IN_FOLDERS])
    filed = list(rows.filter(pinned=False).exclude(folder="")[:IN_FOLDERS])
    plain = list(rows.filter(pinned=False, folder="")[: shown + 1])
    more = min(2 * shown, MOST) if len(plain) > shown and shown < MOST else 0
    plain = plain[:shown]
    short = alike_titles.apart([*pinned, *filed, *plain])
    groups = [_group(gettext("Pinned"), pinned, short)] if pinned else []
    groups += _folders(filed, short, current)
    groups += [_group(name, found, short) for name, found in _by_day(plain)]
    return Side(groups, more)


def _group(name: str, rows: Iterable[Conversation], short: dict[int, str]) -> Group:
    return Group(name, [Row(row.pk, row.title, short[row.pk]) for row in rows])


def _folders(
    rows: Sequence[Conversation], short: dict[int, str], current: int | None
) -> Iterator[Group]:
    """Closed, but for the one that is read now."""
    for name, found in groupby(sorted(rows, key=_folder), _folder):
        group = _group(name[1], found, short)
        yield group._replace(is_folder=True, is_open=any(row.pk == current for row in group.rows))


def _folder(row: Conversation) -> tuple[str, str]:
    return row.folder.casefold(), row.folder


def _by_day(rows: Iterable[Conversation]) -> Iterator[tuple[str, list[Conversation]]]:
    today = timezone.localdate()
    for name, found in groupby(rows, lambda row: _day(timezone.localdate(row.touched), today)):
        yield name, list(found)


def _day(touched: date, today: date) -> str:
    if touched >= today:
        return gettext("Today")
    if touched == today - timedelta(days=1):
        return gettext("Yesterday")
    if touched > today - timedelta(days=WEEK):
        return gettext("This week")
    if (touched.year, touched.month) == (today.year, today.month):
        return gettext("This month")
    return formats.date_format(touched, "F Y")


def newest(user: User, most: int) -> QuerySet[Conversation]:
    return Conversation.objects.for_user(user).listed()[:most]
