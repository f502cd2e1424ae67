from typing import Any

from django.contrib.auth.forms import AuthenticationForm
from django.core.exceptions import ValidationError

from localchat.accounts import throttle
from localchat.lib.errors import LocalChatError
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
