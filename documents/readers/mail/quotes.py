"""What a letter quotes of others: told once, and at its end under headings of its own."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from documents.readers.common.tidy import one_line
from documents.readers.page import Heading

MARKS = re.compile(r"[ \t]*(?:>[ \t]?)+")
WORD = re.compile(r"\w+")
RUN = 4  # words that tell a text
SAME = 0.9  # of the runs of a quoted stretch, by which it was told before
REMEMBERED = 500_000  # runs; in a larger archive the later letters are told with what they quote
# Who wrote what comes next, as mail programs say it, in one line or two.
FIRST = ("On", "Am", "Le", "El", "Il", "Op", "Em", "Dnia", "Den")
BEGINS = re.compile(rf"(?:{'|'.join(FIRST)})\s")
WROTE = re.compile(
    r"\b(?:wrote|schrieb|a écrit|escribió|ha scritto|schreef|escreveu|napisał|skrev)\b"
)
WROTE_CHARACTERS = 400
ORIGINAL = re.compile(
    r"[-_]{2,}\s*(?:Original Message|Ursprüngliche Nachricht|Message d'origine|Mensaje original|"
    r"Forwarded message|Weitergeleitete Nachricht)\s*[-_]{2,}",
    re.IGNORECASE,
)
SENDER = re.compile(r"\*?(?:From|Von|De|Da|Van)\s?:\*?\s*\S")
SUBJECT = re.compile(r"\*?(?:Subject|Betreff|Objet|Asunto|Oggetto|Onderwerp)\s?:")
HEADERS = 6  # lines from one to the other


class Line(NamedTuple):
    raw: str
    text: str  # without the marks of quoting
    depth: int  # how many of them
    begins: bool  # a quoted letter


class Quotes:
    """Remembers what letters said, so that what later ones quote of them is not told again."""

    def __init__(self) -> None:
        self._seen: set[int] = set()
        self._said: list[str] = []  # what has not come to be looked into

    def once(self, body: str) -> tuple[str, list[Heading]]:
        """The body without what was told before, and where quoted letters begin at its end."""
        lines = _lines(body)
        bare = _unmarked_from(lines)
        told: list[Line] = []
        for place, stretch in _stretches(lines):
            quoted = stretch[0].depth > 0 or place >= bare
            if not self._was_told(stretch, quoted):
                told += stretch
        return _outlined(told, bare < len(lines))

    def _was_told(self, stretch: Sequence[Line], quoted: bool) -> bool:
        if stretch[0].begins:
            return False
        text = " ".join([line.text for line in stretch])
        if quoted and (runs := _runs(text)) and len(runs & self._all_seen()) >= SAME * len(runs):
            return True
        self._said.append(text)
        return False

    def _all_seen(self) -> set[int]:
        for text in self._said:
            if len(self._seen) < REMEMBERED:
                self._seen |= _runs(text)
        self._said.clear()
        return self._seen


def _lines(body: str) -> list[Line]:
    raws = body.split("\n")
    split = [_split(raw) for raw in raws]
    texts = [text for _, text in split]
    starts = _beginnings(texts)
    return [
        Line(raw, text, depth, number in starts)
        for number, (raw, (depth, text)) in enumerate(zip(raws, split, strict=True))
    ]


def _split(raw: str) -> tuple[int, str]:
    marks = MARKS.match(raw) if ">" in raw else None
    return (marks[0].count(">"), raw[marks.end() :]) if marks else (0, raw)


def _beginnings(texts: Sequence[str]) -> set[int]:
    """The numbers of the lines that say who wrote what follows."""
    found: set[int] = set()
    for number, text in enumerate(texts):
        if number in found or not text.strip():
            continue
        if ORIGINAL.match(text):
            found.add(number)
        elif SENDER.match(text) and number - 1 not in found and number - 2 not in found:
            if any(map(SUBJECT.match, texts[number + 1 : number + HEADERS])):
                found.add(number)
        elif _says_who(text):
            found.add(number)
        elif text.startswith(FIRST) and _says_who(" ".join(texts[number : number + 2])):
            found |= {number, number + 1}
    return found


def _says_who(text: str) -> bool:
    text = text.rstrip()
    short = text.endswith(":") and len(text) < WROTE_CHARACTERS
    return short and bool(BEGINS.match(text)) and bool(WROTE.search(text))


def _unmarked_from(lines: Sequence[Line]) -> int:
    """The line from which on all is quoted, without a mark before it."""
    for number, line in enumerate(lines):
        if line.begins and not line.depth:
            after = next(
                (each for each in lines[number + 1 :] if each.text and not each.begins), None
            )
            if after and not after.depth:
                return number
    return len(lines)


def _stretches(lines: Sequence[Line]) -> Iterator[tuple[int, list[Line]]]:
    """Paragraphs, each of one depth; what begins a quoted letter is apart."""
    place = 0
    for _, found in groupby(
        lines, key=lambda line: (line.depth, line.begins, not line.text.strip())
    ):
        stretch = list(found)
        yield place, stretch
        place += len(stretch)


def _runs(text: str) -> set[int]:
    words = WORD.findall(text.casefold())
    if len(words) < RUN:
        return {hash(tuple(words))} if words else set()
    return {hash(tuple(words[at : at + RUN])) for at in range(len(words) - RUN + 1)}


def _outlined(lines: Sequence[Line], unmarked: bool) -> tuple[str, list[Heading]]:
    """Quotes at the end without their marks, under headings; answers between them keep theirs."""
    last = max(
        (n for n, line in enumerate(lines) if line.text.strip() and not line.depth), default=-1
    )
    first = next((n for n, line in enumerate(lines) if line.begins), len(lines))
    if not unmarked and any(
        not line.begins for line in lines[first : last + 1] if line.text.strip()
    ):
        return "\n".join(line.raw for line in lines), []
    parts: list[str] = []
    headings: list[Heading] = []
    length = 0
    for number, line in enumerate(lines):
        text = line.text if number >= first else line.raw
        follows = number and lines[number - 1].begins
        if number >= first and line.begins and not follows:
            headings.append(Heading(length, 2, one_line(text).strip("-_ ") or "Quoted"))
        parts.append(text)
        length += len(text) + 1
    return "\n".join(parts), headings
