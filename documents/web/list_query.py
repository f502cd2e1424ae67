"""Which of a person's documents the table shows, and in which order."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.core.paginator import Page, Paginator
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Lower
from django.utils.translation import gettext_lazy as _

from documents.models import Document

AT_ONCE = 100  # rows of one page
FIRST = "-added"
STATES = {
    "ready": _("Ready"),
    "work": _("In work"),
    "failed": _("Failed"),
    "unread": _("With unread pages"),
}
_MEANT = {
    "": Q(),
    "ready": Q(status=Document.Status.READY),
    "work": Q(status__in=[*Document.WAITING, *Document.WORKING]),
    "failed": Q(status=Document.Status.FAILED),
    "unread": Q(current__content__empty_pages__gt=0),
}
_ORDERS = {
    "name": Lower("name"),
    "pages": Coalesce("current__content__pages", "incoming__content__pages"),
    "state": F("status"),
    "size": Coalesce("current__content__size", "incoming__content__size"),
    "added": F("created"),
}


class Wish(NamedTuple):
    q: str = ""
    collection: str = ""
    state: str = ""
    sort: str = FIRST
    page: str = "1"

    def query(self, **changes: str) -> str:
        """As the query string of an address, without what is as ever."""
        kept = {**self._asdict(), "page": "1", **changes}
        usual = Wish()._asdict()
        return urlencode({name: value for name, value in kept.items() if value != usual[name]})


def wish(asked: Mapping[str, str]) -> Wish:
    """What an address asks for; what makes no sense in it counts as not said."""
    sort = asked.get("sort", FIRST)
    state = asked.get("state", "")
    return Wish(
        q=asked.get("q", "").replace("\0", "").strip()[:200],
        collection=asked.get("collection", "").replace("\0", "")[:120],
        state=state if state in STATES else "",
        sort=sort if sort.removeprefix("-") in _ORDERS else FIRST,
        page=asked.get("page", "1"),
    )


def found(user: User, wanted: Wish) -> QuerySet[Document]:
    """The person's documents that the wish means, in its order."""
    rows = Document.objects.in_scope(user, collection=wanted.collection or None).with_versions()
    rows = rows.filter(_MEANT[wanted.state])
    for word in wanted.q.split():
        rows = rows.filter(name__icontains=word)
    key = F("key")
    down = wanted.sort.startswith("-")
    order = key.desc(nulls_last=True) if down else key.asc(nulls_last=True)
    return rows.alias(key=_ORDERS[wanted.sort.removeprefix("-")]).order_by(order, "-pk")


def page(user: User, wanted: Wish) -> Page[Document]:
    """One page of them: the nearest there is to the one asked for."""
    return Paginator(found(user, wanted), AT_ONCE).get_page(wanted.page)
