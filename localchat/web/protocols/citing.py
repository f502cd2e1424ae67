"""Where the text of an answer cites a source, as other programs' clients are told."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

CITED = re.compile(r"\[(\d+)\]")
Source = dict[str, Any]  # as `chat/record/sources.py` tells it


def cited(text: str, sources: Sequence[Source]) -> Iterator[tuple[re.Match[str], Source]]:
    """Each `[n]` of the text with its source, in order."""
    known = {source["number"]: source for source in sources}
    for found in CITED.finditer(text):
        if source := known.get(int(found[1])):
            yield found, source


def title(source: Source) -> str:
    place = f", {source['label']}" if source["label"] else ""
    return f"{source['filename']}{place}"


def address(request: HttpRequest, source: Source) -> str:
    """Of the document's page; of the program where it is gone."""
    path = reverse("document", args=[source["document"]]) if source["document"] else "/"
    return request.build_absolute_uri(path)
