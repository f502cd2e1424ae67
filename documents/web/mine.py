"""The rows of the person who asks; Http404 where there is none of that number."""

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from documents.models import Collection, Document
from localchat.lib.api import person


def document(request: HttpRequest, pk: int) -> Document:
    return get_object_or_404(Document.objects.for_user(person(request)).with_found(), pk=pk)


def collection(request: HttpRequest, pk: int) -> Collection:
    return get_object_or_404(Collection.objects.for_user(person(request)), pk=pk)
