"""The forms for collections on the documents page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from documents.desk import collections
from documents.models import Role
from documents.web import mine
from localchat.lib.api import person
from localchat.lib.pages import form_post
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words


@form_post
def make(request: HttpRequest) -> HttpResponse:
    made = collections.make(person(request), request.POST.get("name", ""))
    messages.info(request, in_words(Sentence("The collection %(name)s is there.", name=made.name)))
    return redirect("documents")


@form_post
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    renamed = collections.rename(
        mine.collection(request, pk, Role.KEEPER), request.POST.get("name", "")
    )
    said = Sentence("The collection is now named %(name)s.", name=renamed.name)
    messages.info(request, in_words(said))
    return redirect("documents")


@form_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine.collection(request, pk, Role.OWNER)
    receipt = collections.delete(found)
    said = Sentence(
        "The collection %(name)s is gone. %(receipt)s",
        name=found.name,
        receipt=receipt.sentence(),
    )
    messages.info(request, in_words(said))
    return redirect("documents")
