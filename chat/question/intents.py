"""Questions that are about whole documents, known by how they begin: English and German."""

import re
from typing import NamedTuple

from documents.tables.vocabulary import stems
from documents.text import words
from documents.text.folding import fold

SUMMARY, LIST, COMPARISON, QUESTION = "summary", "list", "comparison", "question"

_BEFORE = (
    r"^\W*+(?:(?:please|kindly|can you|could you|would you|will you|i want you to|i need you to|"
    r"bitte|kannst du|konntest du|konnen sie|konnten sie|konnt ihr|wurden sie)\W++)*+(?:bitte |mir |me )*+"
)
_OF = r"(?:of|for|von|vom|des|der|zu|zum|zur|uber|dieses|diese[rs]?|mein\w*)"
_ASKED = {
    SUMMARY: re.compile(
        _BEFORE + r"(?:summari[sz]e\b|sum up\b|tl;? ?dr\b|outline\b(?! of)|"
        r"(?:(?:give|write|make|provide|create|get|show|gib|schreib\w*|erstell\w*|mach\w*)\W+"
        r"(?:me |us |mir |uns )?)?(?:a |an |the |eine?n? |die |den )?"
        r"(?:\w+ ){0,2}(?:summary|overview|synopsis|gist|zusammenfassung|uberblick|inhaltsangabe"
        rf"|kurzfassung)(?: {_OF}\b.*|\W*)$|"
        r"fasse?n?\b.*\bzusammen\b|zusammenfassen\b|.*\bzusammenfassen\W*$|"
        r"(?:what|which) are the (?:main|key|most important) (?:points|takeaways|findings|messages)\b|"
        r"was sind die (?:wichtigsten|zentralen) (?:punkte|aussagen|ergebnisse)\b|"
        r"what(?: is|'s) (?:it|(?:this|the|that|my)(?: \w+){0,3}) about\W*$|"
        r"worum geht es (?:hier|in (?:diese[mnr]|de[mnr]))\b)"
    ),
    LIST: re.compile(
        _BEFORE
        + r"(?:(?:list|name|enumerate|show|give|find|collect|extract)\W+(?:me |us )?(?:all|every|each)\b|"
        r"(?:what|which) are all\b|(?:nenne?n?|liste?n?|zahle?n?|zeige?n?|gib|finde?n?|sammle?n?)\W+"
        r"(?:mir |uns )?(?:alle\b|jede\w*|samtliche\b)|.*\balle\b.*\bauflisten\W*$)"
    ),
    COMPARISON: re.compile(
        _BEFORE + r"(?:compare\b|contrast\b|vergleiche?n?\b|.*\bvergleichen\W*$|"
        r"(?:what|which) (?:are|is) the (?:main |key )?differences? between\b|"
        r"how do .* differ\b|was sind die unterschiede zwischen\b|"
        r"worin unterscheiden sich\b|wie unterscheiden sich\b)"
    ),
}
# What was said, and not what is in a document.
_OWN = re.compile(
    r"\b(?:(?:your|that|this|the) (?:(?:last|previous) )?(?:answer|response|reply)|the above"
    r"|what you (?:just )?(?:said|wrote)|(?:dein\w*|ihre|die) (?:letzte )?antwort|das obige)\b"
)
# What such a question says beside its subject.
_SAID = """
please summarise summarize summary sum up outline overview synopsis gist short brief long detailed
concise whole entire full complete document documents file files text pdf report these this two both
all every list compare contrast main key most important points takeaways findings messages contents
content uploaded sentences words bullet one three paragraph page what about give write make provide
create show tl dr tldr differences bitte fasse fassen zusammen zusammenfassen zusammenfassung kurz
kurze ausführlich ganz ganze gesamte dokument dokumente datei dateien text texte bericht beide alle
überblick inhaltsangabe vergleiche vergleichen unterschiede wichtigsten zentralen punkte aussagen
ergebnisse worum geht stichpunkten sätzen gib erstelle schreibe mache hochgeladen
"""
_ABOUT_NOTHING = frozenset(
    term for word in _SAID.split() for term in (word, *words.terms(word), *stems(word))
)


class Intent(NamedTuple):
    kind: str
    topic: frozenset[str]  # terms of the question that say what of the documents is wanted


def of(question: str) -> Intent | None:
    """Whether the question can only be answered by reading everything; None: it is an ordinary one."""
    folded = fold(" ".join(question.split()))
    if _OWN.search(folded):
        return None
    for kind, asked in _ASKED.items():
        if asked.match(folded):
            return Intent(kind, topic(question))
    return None


def topic(question: str) -> frozenset[str]:
    return frozenset(term for term in words.query(question) if term not in _ABOUT_NOTHING)
