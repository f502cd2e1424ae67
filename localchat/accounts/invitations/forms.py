"""The form on which an invited person chooses a name and a password."""

from django.contrib.auth.forms import UserCreationForm
from django.core.exceptions import ValidationError

from localchat.accounts.owner import USERNAME as OWNER
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words


class AccountForm(UserCreationForm):
    def clean_username(self) -> str:
        """Whoever is called as the owner would be the owner where one person works alone."""
        name = str(super().clean_username())
        if name.casefold() == OWNER:
            raise ValidationError(in_words(Sentence("That name is kept for the program itself.")))
        return name
