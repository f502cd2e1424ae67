"""The form on a document's page by which a page is read another way."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from documents.desk import rereading
from documents.models import Role
from documents.web import mine
from localchat.lib.errors import BadRequest
from localchat.lib.pages import form_post
from localchat.lib.sentences import Sentence


@form_post
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine.document(request, pk, Role.WRITER)
    number, how = request.POST.get("page", ""), request.POST.get("how", "")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        raise BadRequest(Sentence("Say which page: its number, from 1."))
    rereading.read_again(found, int(number), how)
    return redirect("document", pk=pk)
