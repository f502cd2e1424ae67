"""What a document says of itself: in its name, its title and at its beginning."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from documents.text import words

SHORT = 20  # passages up to which each of them is about the whole document
OPENING = 1500  # characters at its beginning that tell what it is
LINE = 200  # characters of its description
NAME, TITLE, BEGINNING = "ABC"  # the weights by which a tsvector holds them apart
MERELY = "^"  # before a term of the beginning alone: common ones are not to be looked up there
MOST_POSITION = 16_383

# Titles that programs give when nobody gave one.
_NO_TITLE = re.compile(
    r"(?i)^(untitled|unbenannt|sans titre|document\d*|dokument\d*|microsoft word.*|powerpoint.*"
    r"|scan\w*|print|page \d+|slide \d+|.*\.(docx?|pdf|xlsx?|pptx?|indd|qxd|tmp))$"
)
_DATE = re.compile(
    r"\b(?:\d{4}-\d\d-\d\d|\d{1,2}\. ?\w{3,9} \d{4}|\d{1,2} \w{3,9} \d{4}|\w{3,9} \d{1,2}, ?\d{4}"
    r"|\d{1,2}[./]\d{1,2}[./]\d{4})\b"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# The forms of companies, as they stand behind their names.
_COMPANY = re.compile(
    r"\b(?:[A-Z0-9][\w&.'\u2019-]*,? ){1,4}(?:Inc|Corp(?:oration)?|Company|Co|Ltd|Limited|LLC|LLP|plc|PLC"
    r"|INC|CORP(?:ORATION)?|COMPANY|CO|LTD|LIMITED|GmbH(?: & Co\. KG)?|AG|SE|KG|e\.V|S\.A|SA|SARL"
    r"|S\.r\.l|B\.V|N\.V|AB|Oy|Foundation|University|Universität)\b"
)


def terms(name: str, title: str, beginning: str) -> str:
    """As a tsvector, each term once, by the weight of the first of the three that has it."""
    told = dict.fromkeys(words_of_name(name), NAME)
    for term in _telling(titled(title)):
        told.setdefault(term, TITLE)
    for term in _telling(beginning[:OPENING]):
        if term not in told:
            told[MERELY + term] = BEGINNING
    return " ".join(
        f"{words.quoted(term)}:{min(place, MOST_POSITION)}{weight}"
        for place, (term, weight) in enumerate(told.items(), start=1)
    )


def words_of_name(name: str) -> list[str]:
    stem = str(PurePosixPath(name).with_suffix(""))
    return [*_telling(stem.replace("_", " "))]


def _telling(text: str) -> Iterator[str]:
    return filter(tells, words.terms(text))


def tells(term: str) -> bool:
    """Days and counters are in many names, and in many questions that mean something else."""
    return not re.fullmatch(r"\d\d?", term)


def titled(title: str) -> str:
    """The title, if somebody gave it."""
    title = " ".join(title.split())
    return "" if _NO_TITLE.match(title) else title


def line(title: str, beginning: str) -> str:
    """One line that says what it is: its title or first line, whose it is, and of when."""
    lines = [" ".join(each.split()) for each in beginning[:OPENING].splitlines()]
    head = titled(title) or next((each for each in lines if re.search(r"[^\W\d]{3}", each)), "")
    parts = [head]
    for pattern in (_COMPANY, _DATE):
        match = next(filter(None, map(pattern.search, lines)), None)
        if match and match.group().lower() not in " ".join(parts).lower():
            parts.append(match.group())
    if not _YEAR.search(" ".join(parts)) and (year := _YEAR.search(" ".join(lines))):
        parts.append(year.group())
    return " · ".join(part[: LINE // 2] for part in parts if part)[:LINE]
