"""On the account page: one's own account is connected with one's entry in the directory."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters

from localchat.accounts import throttle
from localchat.accounts.directory import accounts, server
from localchat.accounts.identities import connecting
from localchat.accounts.identities.models import DIRECTORY
from localchat.accounts.people import for_several
from localchat.lib.api import person
from localchat.lib.errors import BadRequest, NotFound
from localchat.lib.pages import form_post
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words


@sensitive_post_parameters("password")
@form_post
@for_several
def connect(request: HttpRequest) -> HttpResponse:
    """By the password there. Wrong ones are counted as at the log-in."""
    if not settings.LDAP_SERVER:
        raise NotFound
    user, name = person(request), request.POST.get("username", "")[:150]
    throttle.count(request, name)
    entry = server.confirmed(name, request.POST.get("password", ""))
    if entry is None:
        raise BadRequest(Sentence("Name and password do not belong together there."))
    throttle.forgive(request, name)
    connecting.connect(user, DIRECTORY, entry.subject)
    accounts.find(entry)
    messages.success(request, in_words(Sentence("Your account is connected.")))
    return redirect("account")


@form_post
@for_several
def remove(request: HttpRequest) -> HttpResponse:
    connecting.disconnect(person(request), DIRECTORY)
    messages.success(request, in_words(Sentence("It is not connected any more.")))
    return redirect("account")
