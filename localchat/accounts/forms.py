"""Forms of accounts: to log in, and to be called by a name."""

from typing import Any

from django.contrib.auth.forms import (
    AdminUserCreationForm,
    AuthenticationForm,
    UserChangeForm,
    UserCreationForm,
)
from django.core.exceptions import ValidationError

from localchat.accounts import throttle
from localchat.accounts.owner import USERNAME as OWNER
from localchat.lib.errors import LocalChatError
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words


class LoginForm(AuthenticationForm):
    def clean(self) -> dict[str, Any]:
        username = self.cleaned_data.get("username", "")
        assert self.request is not None
        try:
            throttle.count(self.request, username)
            cleaned = super().clean()
        except LocalChatError as error:
            raise ValidationError(in_words(error.message), code=error.code) from error
        throttle.forgive(self.request, username)
        return cleaned


class AccountForm(UserCreationForm):
    def clean_username(self) -> str:
        return _checked(str(super().clean_username()))


class NewPersonForm(AdminUserCreationForm):
    def clean_username(self) -> str:
        return _checked(str(super().clean_username()))


class PersonForm(UserChangeForm):
    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        return name if name == self.initial["username"] else _checked(name)


def _checked(name: str) -> str:
    """Whoever is called as the owner would be the owner where one person works alone."""
    if name.casefold() == OWNER:
        raise ValidationError(in_words(Sentence("That name is kept for the program itself.")))
    return name
