"""Sentences in the language that is active, and kept in rows."""

import re
from collections.abc import Mapping
from typing import Any

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext, ngettext

from localchat.lib.sentences import GAP, Argument, Sentence, each, packed, unpacked


def in_words(text: str) -> str:
    """In the language that is active; a text that is no sentence of ours stays."""
    if not isinstance(text, Sentence):
        return text
    arguments = text.arguments
    if text.many:
        form = ngettext(text.one, text.many, int(arguments["n"]))
    else:
        form = gettext(text.one) if text.one else ""
    return GAP.sub(lambda gap: _worded(arguments, gap), form)


def worded(value: Any) -> Any:
    """The same value of JSON, every sentence in it in words."""
    return each(value, in_words)


class SentenceField(models.JSONField):
    """Keeps a sentence, or any value of JSON with sentences in it; a text stays a text."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return unpacked(super().from_db_value(value, expression, connection))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return super().get_db_prep_value(packed(value), connection, prepared)


def _worded(arguments: Mapping[str, Argument], gap: re.Match[str]) -> str:
    found = arguments.get(gap[1], "")
    return in_words(found) if isinstance(found, str) else number_format(found, force_grouping=True)
