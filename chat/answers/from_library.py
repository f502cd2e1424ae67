"""Questions about the documents themselves: how many, since when, which failed. No model needed."""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from chat.answers import library_wording as say
from chat.answers.outcome import Answered, NotMine, Outcome
from chat.question.asked import Asked
from chat.record.draft import Draft
from chat.record.search_record import SearchRecord
from documents.finding import inventory
from documents.finding.inventory import KINDS, Entry
from documents.tables.vocabulary import Token, tokens
from documents.tables.wording import more
from documents.text import words
from documents.text.folding import fold
from documents.text.markdown_escape import literal
from localchat.lib.db_threads import threaded
from localchat.lib.language import speaking
from localchat.lib.sentences import Sentence

SHOWN = 50
FILE = re.compile(r"(?<=\w)\.[a-z]{2,5}$", re.IGNORECASE)
_WORDS = {
    "document": "document documents doc docs file files dokument dokumente dokumenten datei dateien"
    " unterlagen upload uploads",
    "collection": "collection collections sammlung sammlungen",
    "failed": "failed fail fails failing error errors broken unreadable problem problems"
    " fehlgeschlagen fehlgeschlagene fehlgeschlagenen fehler gescheitert",
    "live": "processing pending queued unfinished processed bearbeitung warten wartend",
    "page": "page pages slides seite seiten seitenzahl",
    "newest": "newest latest recent recently last lastly neueste neuesten neuestes zuletzt letzte"
    " letztes letzten jüngste jüngstes",
    "oldest": "oldest earliest first älteste ältestes ältesten erste erstes ersten",
    "longest": "longest biggest largest längste längstes längsten größte größtes most meisten",
    "when": "when since wann seit",
    "many": "many number count viele wieviele anzahl total insgesamt",
    "which": "which what list show name welche welches welchen liste zeige nenne welcher was gib",
    # What may stand beside it.
    "": "do does did i we have has had got is are was were there you know of in my our me us all the a"
    " an how being added upload uploaded add here available stored total altogether currently now please can"
    " could read been to see stored long any still not be yet one ones access kind type saved added"
    " habe haben hat gibt es sind ist war waren hier meine meinen unsere ich wir du kennst alle der die"
    " das von hinzugefügt hochgeladen wurde wurden lade lud wie lang mir uns bitte auf vorhanden"
    " gespeichert noch nicht gelesen werden konnte konnten in im den dem ein eine insgesamt pro",
}
_MEANING = {fold(word): meaning for meaning, each in _WORDS.items() for word in each.split()}
# Said together, another thing than each word by itself.
_PHRASES = (
    ("not be read", "failed"),
    ("not read", "failed"),
    ("nicht gelesen", "failed"),
    ("being read", "live"),
    ("still read", "live"),
    ("noch gelesen", "live"),
)


# Between two questions in one sentence, and what in the second stands for the documents.
_JOIN = re.compile(
    r"(?:(?<!\s)\s*|(?<=\s))(?:(?<![,;?.!])[,;?.!]++\s+(?:(?:and|und)\s+)?|\s(?:and|und|&)\s)\s*",
    re.IGNORECASE,
)
_LEAN = re.compile(
    r"^(?:and|und)\s+|\b(?:of (?:them|these|those|which)|they|them|these|those|davon|sie)\b",
    re.IGNORECASE,
)


class Wanted(NamedTuple):
    meant: frozenset[str]
    kinds: frozenset[str]
    named: frozenset[str]  # terms of a document's name


def every_wanted(question: str, before: str = "") -> list[Wanted]:
    """Each thing that is asked for; none when some of it is about something else.

    `before` is the question before: "and which failed?" leans on it.
    """
    if (alone := wanted(question)) is not None:
        return [alone]
    earlier = every_wanted(before) if before else []
    found: list[Wanted] = []
    for part in filter(str.strip, _JOIN.split(" ".join(question.split()))):
        leans_on = [*earlier, *found][-1:]
        one = wanted(part) or (_leaning(part, leans_on[0]) if leans_on else None)
        if one is None:
            return []
        found.append(one)
    return found


def _leaning(part: str, before: Wanted) -> Wanted | None:
    found = wanted(f"{_LEAN.sub(' ', part)} documents")
    if found is None or found.named:
        return None
    return found._replace(kinds=found.kinds or before.kinds)


def wanted(question: str) -> Wanted | None:
    """What of the documents is asked for; None: this is a question about something else."""
    said = tokens(question)
    meant = {_MEANING[token.folded] for token in said if token.folded in _MEANING}
    folded = fold(" ".join(question.split()))
    meant |= {meaning for phrase, meaning in _PHRASES if phrase in folded}
    kinds = {kind for token in said for kind in KINDS.get(token.folded, ())}
    left = [token for token in said if not _is_known(token)]
    named = frozenset(words.query(" ".join(FILE.sub("", token.text) for token in left)))
    is_file = any(FILE.search(token.text) for token in left)
    about = meant & {"document", "collection", "page"} or (kinds and not named) or is_file
    asked = meant & {"many", "which", "when", "newest", "oldest", "longest", "failed", "live"}
    if not about or not asked or len(said) > 20 or (left and not named):
        return None
    # With a name in it, only what is asked of one document is understood.
    if named and not meant & {"page", "when"}:
        return None
    if "page" in meant and not meant & {"many", "longest"}:
        return None
    return Wanted(frozenset(meant), frozenset(kinds), named)


def _is_known(token: Token) -> bool:
    return token.folded in _MEANING or token.folded in KINDS


async def answer(draft: Draft, asked: Asked) -> Outcome:
    """Answer what is asked of the documents as such; nothing else."""
    every = await threaded(every_wanted)(asked.question, asked.before)
    if not every:
        return NotMine()
    entries = await threaded(inventory.entries)(draft.user, **draft.scope)
    with speaking(words.language(asked.question)):
        texts = [text for each in every if (text := answer_text(each, entries)) is not None]
    if len(texts) < len(every):
        return NotMine()
    draft.step(Sentence("Looking at the list of your documents"))
    draft.read = []
    await draft.show_sources({})
    draft.search = SearchRecord(query=asked.question)
    await draft.keep_provenance()
    await draft.say("\n\n".join(dict.fromkeys(texts)))
    return Answered()


def answer_text(asked: Wanted, every: Sequence[Entry]) -> str | None:
    """Markdown; None when a name was meant that no document has."""
    found = [entry for entry in every if not asked.kinds or entry.kind in asked.kinds]
    if asked.named:
        found = inventory.named(found, asked.named)
        if not found:
            return None
    if not found:
        return say.none()
    for meaning, way in _WAYS:
        if meaning in asked.meant and not (meaning == "collection" and "document" in asked.meant):
            return way(asked, found)
    return _count(asked, found)


Way = Callable[[Wanted, Sequence[Entry]], str]


def _failed(asked: Wanted, found: Sequence[Entry]) -> str:
    failed = [entry for entry in found if entry.status == "failed"]
    if not failed:
        return say.none_failed()
    lines = [f"- {literal(each.name)}: {literal(each.problem)}" for each in failed[:SHOWN]]
    return "\n".join([f"{say.failed(len(failed))}:\n", *lines, *_more(failed)])


def _live(asked: Wanted, found: Sequence[Entry]) -> str:
    live = [entry for entry in found if entry.is_live]
    return _listed(live, f"{say.live(len(live))}:") if live else say.none_live()


def _collections(asked: Wanted, found: Sequence[Entry]) -> str:
    counts: dict[str, int] = {}
    for entry in found:
        counts[entry.collection] = counts.get(entry.collection, 0) + 1
    lines = [f"- {literal(name)}: {say.documents(counts[name])}" for name in sorted(counts)]
    return "\n".join([say.collections(len(counts)) + "\n", *lines])


def _pages(asked: Wanted, found: Sequence[Entry]) -> str:
    paged = [entry for entry in found if entry.pages]
    if "longest" in asked.meant and paged:
        return say.longest(max(paged, key=lambda entry: entry.pages or 0))
    if asked.named:
        return "\n".join(f"- {say.pages_of(entry)}" for entry in found[:SHOWN])
    return say.pages(sum(entry.pages or 0 for entry in paged), len(paged))


def _newest(asked: Wanted, found: Sequence[Entry]) -> str:
    return say.newest(found[0])


def _oldest(asked: Wanted, found: Sequence[Entry]) -> str:
    return say.oldest(found[-1])


def _longest(asked: Wanted, found: Sequence[Entry]) -> str:
    return _pages(asked, found)


def _since(asked: Wanted, found: Sequence[Entry]) -> str:
    if asked.named:
        return "\n".join(f"- {say.line(entry)}" for entry in found[:SHOWN])
    text = say.since(found[-1])
    return f"{_count(asked, found)}\n\n{text}" if asked.meant & {"many", "which"} else text


def _which(asked: Wanted, found: Sequence[Entry]) -> str:
    if "many" in asked.meant:
        return _count(asked, found)
    return _listed(found, f"{say.documents(len(found))}:")


def _count(asked: Wanted, found: Sequence[Entry]) -> str:
    return f"{say.documents(len(found))}: {say.states(found)}."


def _listed(found: Sequence[Entry], head: str) -> str:
    lines = [f"- {say.line(entry)}" for entry in found[:SHOWN]]
    return "\n".join([f"{head}\n", *lines, *_more(found)])


def _more(found: Sequence[Entry]) -> list[str]:
    return [f"- {more(len(found) - SHOWN)}"] if len(found) > SHOWN else []


# The first that is meant is answered.
_WAYS: tuple[tuple[str, Way], ...] = (
    ("failed", _failed),
    ("live", _live),
    ("collection", _collections),
    ("page", _pages),
    ("newest", _newest),
    ("oldest", _oldest),
    ("longest", _longest),
    ("when", _since),
    ("which", _which),
)
