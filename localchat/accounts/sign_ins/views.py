"""The page of one's own account: where one is logged in, and one's password."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from localchat.accounts.identities import connecting
from localchat.accounts.identities.models import DIRECTORY
from localchat.accounts.openid import views as openid
from localchat.accounts.people import for_several
from localchat.accounts.second_factor import factor
from localchat.accounts.sign_ins import browsers, noting
from localchat.lib.api import person
from localchat.lib.pages import form_post, telling
from localchat.lib.sentences import Sentence, counted
from localchat.lib.wording import in_words


@never_cache
@require_safe
@telling
@for_several
def page(request: HttpRequest) -> HttpResponse:
    user = person(request)
    here = request.session.session_key
    found = [(each, each.session_id == here) for each in noting.of_user(user)]
    context = {
        "rows": [(each, browsers.name(each.browser), is_here) for each, is_here in found],
        "has_factor": factor.is_on(user),
        "codes_left": factor.left(user),
        "provider": settings.OIDC_NAME if settings.OIDC_ISSUER else "",
        "is_connected": connecting.is_connected(user, settings.OIDC_ISSUER),
        "connects": openid.link(user),
        "directory": settings.LDAP_TITLE if settings.LDAP_SERVER else "",
        "is_in_directory": connecting.is_connected(user, DIRECTORY),
        "has_password": user.has_usable_password(),
        "others": sum(not is_here for _, is_here in found),
        "form": PasswordChangeForm(user),
        "invites": user.is_staff and user.has_perm("invitations.view_invitation"),
        "reads_log": user.is_staff and user.has_perm("audit.view_entry"),
    }
    return render(request, "accounts/account.html", context)


@form_post
@for_several
def end(request: HttpRequest, pk: int) -> HttpResponse:
    noting.end(person(request), pk)
    messages.success(request, in_words(Sentence("That log-in was ended.")))
    return redirect("account")


@form_post
@for_several
def end_others(request: HttpRequest) -> HttpResponse:
    count = noting.end_others(person(request), request.session.session_key)
    said = counted("%(n)s log-in was ended.", "%(n)s log-ins were ended.", count)
    messages.success(request, in_words(said))
    return redirect("account")
