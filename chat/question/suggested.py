"""Questions that documents' own headings suggest, by rules alone."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, zip_longest

from django.contrib.auth.models import User
from django.utils.translation import gettext

from chat.html import citations
from chat.models import Message
from documents.models import Chunk, Document
from documents.readers.page import UNDER
from documents.text import words
from localchat.lib.language import speaking

AT_FIRST = 4
AFTER = 3
DOCUMENTS = 8  # newest ones that are looked at
PASSAGES = 80  # of each
FEWEST, MOST = 2, 8  # words of a heading
LONGEST = 80  # characters
_DULL = re.compile(
    r"\b(?:table of contents|contents|index|appendix|annex|figure|fig|table|page|chapter|section"
    r"|part|item|exhibit|note|notes|signatures?|references|acknowledge?ments|copyright|inhalt\w*"
    r"|abbildung|tabelle|seite|kapitel|abschnitt|anhang|anlage|teil|literatur\w*|impressum)\b[\s\d.:ivx]*$"
    r"|^(?:figure|fig|table|page|exhibit|item|abbildung|tabelle|seite|sheet|slide|folie)\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?:[\d.]+|[a-z][.)]|[ivx]+[.)])\s+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{2,}")


def at_first(user: User) -> list[str]:
    """Of the newest documents, each in its turn."""
    ready = Document.objects.for_user(user).filter(status=Document.Status.READY)
    newest = ready.exclude(current=None).order_by("-pk")[:DOCUMENTS]
    return _questions(newest, (), AT_FIRST)


def after(answer: Message, asked: Sequence[str]) -> list[str]:
    """Of the documents that the answer cites, what has not been asked."""
    cited = set(citations.numbers(answer.text))
    sources = answer.sources.all()
    ids = {each.document_id or 0 for each in sources if each.number in cited}
    mine = Document.objects.for_user(answer.owner).filter(pk__in=ids)
    with speaking(words.language(asked[-1]) if asked else ""):
        return _questions(mine.exclude(current=None).order_by("pk"), asked, AFTER)


def _questions(documents: Iterable[Document], asked: Sequence[str], most: int) -> list[str]:
    said = [frozenset(words.terms(each)) for each in asked]
    found: dict[frozenset[str], str] = {}
    for heading in _in_turns([list(_headings(each)) for each in documents]):
        terms = frozenset(words.terms(heading))
        if terms and terms not in found and not any(terms <= each for each in said):
            found[terms] = _question(heading)
        if len(found) == most:
            break
    return list(found.values())


def _in_turns(lists: Sequence[Sequence[str]]) -> Iterator[str]:
    return (each for each in chain.from_iterable(zip_longest(*lists)) if each is not None)


def _headings(document: Document) -> Iterator[str]:
    """In their order, each once, without the document's own title above them."""
    chunks = Chunk.objects.of_document(document)
    paths = list(chunks.values_list("heading", flat=True)[:PASSAGES])
    first = paths[0].split(UNDER)[0] if paths else ""
    seen = {_folded(first)} if sum(path.startswith(first) for path in paths) > 1 else set()
    for path in paths:
        heading = _NUMBERED.sub("", path.split(UNDER)[-1].strip())
        if _folded(heading) not in seen and is_telling(heading):
            seen.add(_folded(heading))
            yield heading


def _folded(heading: str) -> str:
    return " ".join(heading.casefold().split())


def is_telling(heading: str) -> bool:
    """Whether one can ask about it without sounding silly."""
    tokens = heading.split()
    if not FEWEST <= len(tokens) <= MOST or len(heading) > LONGEST or _DULL.search(heading):
        return False
    telling = [token for token in tokens if _WORD.search(token)]
    is_loud = heading.isupper() and len(tokens) > 3
    ends = heading[-1].isalnum() or heading[-1] in "?)"
    return len(telling) >= max(FEWEST, len(tokens) - 1) and not is_loud and ends


def _question(heading: str) -> str:
    if heading.endswith("?"):
        return heading
    return gettext("What is said about %(heading)s?") % {"heading": heading}
