"""The rows that the person who asks may see; Http404 where there is none of that number.

Who may see a row and not do what is asked for is told so: NotAllowed.
"""

from collections.abc import Collection as Numbers

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from documents.models import Collection, Document, Role, rights
from documents.models.querysets import DocumentQuerySet
from localchat.lib.api import person
from localchat.lib.errors import NotFound


def document(request: HttpRequest, pk: int, role: Role = Role.READER) -> Document:
    user = person(request)
    found = get_object_or_404(Document.objects.for_user(user).with_found(), pk=pk)
    if role > Role.READER:
        rights.require(user, role, found.collection_id)
    return found


def documents(user: User, ids: Numbers[int], role: Role) -> DocumentQuerySet:
    """All of these. Raises NotFound when one of them is not there."""
    found = Document.objects.for_user(user).filter(pk__in=ids)
    if found.count() != len(set(ids)):
        raise NotFound
    rights.require(user, role, *found.values_list("collection", flat=True).distinct())
    return found


def collection(request: HttpRequest, pk: int, role: Role = Role.READER) -> Collection:
    user = person(request)
    found = get_object_or_404(Collection.objects.for_user(user).with_role(user), pk=pk)
    if role > Role.READER:
        rights.require(user, role, found.pk)
    return found
