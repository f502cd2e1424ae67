"""The form on a document's page by which a page is read another way."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from documents.desk import rereading
from documents.models import Document
from localchat.lib.api import person
from localchat.lib.errors import BadRequest
from localchat.lib.pages import telling


@require_POST
@telling
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Document.objects.for_user(person(request)), pk=pk)
    number, how = request.POST.get("page", ""), request.POST.get("how", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise BadRequest("Say which page: its number, from 1.")
    rereading.read_again(found, int(number), how)
    return redirect("document", pk=pk)
