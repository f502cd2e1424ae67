"""Logging in and out, and changing one's password."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordChangeForm
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse_lazy

from localchat.accounts import first_account, throttle
from localchat.accounts.forms import LoginForm
from localchat.accounts.second_factor import factor, waiting
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words


class Login(views.LoginView):
    template_name = "accounts/login.html"
    form_class = LoginForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        first_account.ensure_admin()
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        facts = {
            "nobody": not (settings.LDAP_SERVER or first_account.anybody_can_log_in()),
            "openid": _provider(),
            "directory": settings.LDAP_TITLE if settings.LDAP_SERVER else "",
        }
        return {**super().get_context_data(**kwargs), **facts}

    def form_valid(self, form: Any) -> HttpResponse:
        user = form.get_user()
        assert isinstance(user, User)
        if factor.is_on(user):
            waiting.begin(self.request, user, self.get_success_url())
            return redirect("login_code")
        response = super().form_valid(form)
        throttle.remember(response, user)
        return response


def _provider() -> str:
    """What the provider is called; empty where none is set."""
    return settings.OIDC_NAME if settings.OIDC_ISSUER else ""


class ChangePassword(views.PasswordChangeView):
    template_name = "accounts/password.html"
    success_url = reverse_lazy("account")

    def form_valid(self, form: PasswordChangeForm) -> HttpResponse:
        messages.success(self.request, in_words(Sentence("Your password was changed.")))
        return super().form_valid(form)
