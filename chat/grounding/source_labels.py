"""What a source says for the sentence that cites it, so that a list of sources can be read."""

from collections.abc import Sequence

from chat.grounding import sentences
from chat.grounding.units import Unit, units, worth_of_terms
from chat.html import citations
from chat.models import Source
from chat.record.draft import Draft
from documents.text import words
from localchat.lib.db_threads import threaded

LONGEST = 200  # characters


async def put(draft: Draft) -> None:
    """Keep with each cited source the words that support the answer."""
    await draft.look_at_sources()
    await threaded(_label)(draft.text, draft.sources)


def _label(text: str, sources: Sequence[Source]) -> None:
    citing = _citing(text)
    found = [each for each in sources if each.sent and each.text and each.number in citing]
    for each in found:
        each.support = support(citing[each.number], each.text)
    Source.objects.bulk_update(found, ["support"])


def _citing(text: str) -> dict[int, str]:
    """The sentences that cite each number; a citation that stands alone belongs to the one before."""
    found: dict[int, str] = {}
    before = ""
    for each in sentences.sentences(text):
        said = each.text.strip()
        before = said if any(map(str.isalnum, said)) else before
        for number in citations.numbers(text[each.start : each.end]):
            found[number] = f"{found.get(number, '')} {before}".strip()
    return found


def support(sentence: str, text: str) -> str:
    """The sentence or row of the text that shares most with what is said; empty if none does."""
    every = units(text)
    stems = [frozenset(words.terms(each.text)) for each in every]
    worth = worth_of_terms(words.query(sentence), stems)
    scores = [sum(value for term, value in worth.items() if term in found) for found in stems]
    best = max(range(len(every)), key=lambda n: (scores[n], -n), default=None)
    return _in_one_line(every[best]) if best is not None and scores[best] else ""


def _in_one_line(unit: Unit) -> str:
    cells = [cell.strip() for cell in unit.text.split("|")] if unit.is_row else [unit.text]
    line = " ".join(" · ".join(filter(None, cells)).split())
    return line if len(line) <= LONGEST else line[:LONGEST].rsplit(None, 1)[0] + " …"
