"""The forms for collections on the documents page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from documents.desk import collections
from documents.web import mine
from localchat.lib.api import person
from localchat.lib.pages import form_post


@form_post
def make(request: HttpRequest) -> HttpResponse:
    made = collections.make(person(request), request.POST.get("name", ""))
    messages.info(request, f"The collection {made.name} is there.")
    return redirect("documents")


@form_post
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    renamed = collections.rename(mine.collection(request, pk), request.POST.get("name", ""))
    messages.info(request, f"The collection is now named {renamed.name}.")
    return redirect("documents")


@form_post
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    found = mine.collection(request, pk)
    receipt = collections.delete(found)
    messages.info(request, f"The collection {found.name} is gone. {receipt.sentence()}")
    return redirect("documents")
