"""Lists of people and groups: filtered, and a page at a time."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import QueryDict
from scim2_models import ListResponse, SearchRequest
from scim2_models.path.expressions import CompareOperator, Comparison

from localchat.accounts.identities.models import SCIM
from localchat.accounts.scim import groups, people, resources

NAMES = ("filter", "startIndex", "count", "attributes", "excludedAttributes")
# Made once: it takes as long as a hundred answers.
WISHES: dict[Any, Any] = {
    resources.User: SearchRequest[resources.User],
    resources.Group: SearchRequest[resources.Group],
}
LISTS: dict[Any, Any] = {
    resources.User: ListResponse[resources.User],
    resources.Group: ListResponse[resources.Group],
}
Column = Callable[[str], Q]
# What the database looks up, by attributes in small letters; of others each row is looked at.
OF_PEOPLE: dict[str, Column] = {
    "username": lambda value: Q(username__iexact=value),
    "externalid": lambda value: Q(identities__issuer=SCIM, identities__subject=value),
}
OF_GROUPS: dict[str, Column] = {
    "displayname": lambda value: Q(name__iexact=value),
    "externalid": lambda value: Q(identity__subject=value),
}


def asked(query: QueryDict, kind: Any) -> Any:
    """A SearchRequest of these resources. Raises pydantic's ValidationError."""
    given = {name: query[name] for name in NAMES if name in query}
    return WISHES[kind].model_validate(given)


def found_people(request: Any, address: str) -> Any:
    """A ListResponse."""
    rows = _narrowed(people.visible().prefetch_related("identities"), request, OF_PEOPLE)
    return _page(rows, request, lambda user: people.as_resource(user, address), resources.User)


def found_groups(request: Any, address: str) -> Any:
    """A ListResponse. Members are not even read where nobody wants them."""
    excluded = {str(each).casefold() for each in request.excluded_attributes or []}
    wanted = {str(each).casefold() for each in request.attributes or []}
    with_members = request.filter or not (
        "members" in excluded or (wanted and "members" not in wanted)
    )

    def shape(group: Group) -> resources.Group:
        return groups.as_resource(group, address, with_members=bool(with_members))

    rows = _narrowed(groups.all_groups(), request, OF_GROUPS)
    rows = rows.prefetch_related("user_set") if with_members else rows
    return _page(rows, request, shape, resources.Group)


def _narrowed(rows: QuerySet, request: Any, columns: dict[str, Column]) -> QuerySet:
    """Of a filter that names one value of a column, its rows; of any other, all."""
    node = request.filter.ast if request.filter else None
    if not isinstance(node, Comparison) or node.op != CompareOperator.eq:
        return rows
    column = columns.get(str(node.attr_path).rpartition(":")[2].casefold())
    if column is None or not isinstance(node.value, str):
        return rows
    return rows.none() if "\0" in node.value else rows.filter(column(node.value))


def _page(rows: QuerySet, request: Any, shape: Callable[[Any], Any], kind: Any) -> Any:
    start = request.start_index_0 or 0
    count = resources.MOST if request.count is None else min(request.count, resources.MOST)
    if request.filter:
        every = [each for each in map(shape, rows) if request.filter.match(each)]
        total, found = len(every), every[start : start + count]
    else:
        total, found = rows.count(), [shape(row) for row in rows[start : start + count]]
    return LISTS[kind](
        total_results=total, start_index=start + 1, items_per_page=len(found), resources=found
    )
