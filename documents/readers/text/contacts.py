"""Address cards (.vcf): each person with what the card says in words."""

from collections.abc import Iterator
from typing import BinaryIO

from documents.readers.common.blocks import Block, first_title, page_of
from documents.readers.common.refusal import Empty
from documents.readers.common.source import Source
from documents.readers.text.calendar_times import birthday
from documents.readers.text.content_lines import Line, lines_of
from documents.readers.text.plain import text_of

LABELS = {
    "NICKNAME": "Nickname",
    "ORG": "Organisation",
    "TITLE": "Title",
    "ROLE": "Role",
    "TEL": "Telephone",
    "EMAIL": "E-mail",
    "ADR": "Address",
    "LABEL": "Address",
    "BDAY": "Birthday",
    "ANNIVERSARY": "Anniversary",
    "IMPP": "Chat",
    "URL": "Web",
    "CATEGORIES": "Categories",
    "MEMBER": "Member",
    "RELATED": "Related",
    "NOTE": "Note",
}
DATES = {"BDAY", "ANNIVERSARY"}
KINDS = {
    "CELL": "mobile",
    "MOBILE": "mobile",
    "HOME": "home",
    "WORK": "work",
    "FAX": "fax",
    "PAGER": "pager",
    "IPHONE": "mobile",
}
SCHEMES = ("tel:", "mailto:", "xmpp:")
# Post box, extension, street, place, region, code, country: the code stands before the place.
ADDRESS = (0, 1, 2, 5, 3, 4, 6)


def parse(file: BinaryIO) -> Source:
    blocks = list(_blocks(text_of(file.read())))
    if not blocks:
        raise Empty
    page = page_of(None, blocks)
    alone = len(page.headings) == 1
    return Source(first_title(page.headings) if alone else "", 1, [page])


def _blocks(text: str) -> Iterator[Block]:
    card: list[Line] | None = None
    for line in lines_of(text):
        kind = line.value.strip().upper()
        if line.name == "BEGIN" and kind == "VCARD":
            card = []
        elif line.name == "END" and kind == "VCARD" and card is not None:
            yield from _card(card)
            card = None
        elif card is not None:
            card.append(line)


def _card(card: list[Line]) -> Iterator[Block]:
    named = {line.group: line.text for line in card if line.name == "X-ABLABEL" and line.group}
    told = [fact for line in card if (fact := _fact(line, named.get(line.group, "")))]
    name = _name(card)
    if name or told:
        yield name or "Contact", 1
        yield from ((fact, 0) for fact in dict.fromkeys(told))
        yield "", 0


def _name(card: list[Line]) -> str:
    full = next((line.text for line in card if line.name == "FN"), "")
    if not full.strip():
        parts = next((line.parts for line in card if line.name == "N"), [])
        wanted = (1, 2, 0)
        full = " ".join(parts[place] for place in wanted if place < len(parts))
    if not full.strip():
        full = next((" ".join(line.parts) for line in card if line.name == "ORG"), "")
    return " ".join(full.split())


def _fact(line: Line, named: str) -> str:
    label = LABELS.get(line.name)
    value = _value(line)
    if not label or not value:
        return ""
    kinds = line.parameters.get("TYPE", "").upper().split(",")
    told = [KINDS[kind] for kind in kinds if kind in KINDS]
    if own := named.removeprefix("_$!<").removesuffix(">!$_").strip():
        told = [own.lower()]
    return f"{label} ({', '.join(dict.fromkeys(told))}): {value}" if told else f"{label}: {value}"


def _value(line: Line) -> str:
    if line.name == "ADR":
        parts = line.parts
        return ", ".join(filter(None, (parts[at] for at in ADDRESS if at < len(parts))))
    if line.name == "ORG":
        return ", ".join(filter(None, line.parts))
    text = line.text.strip()
    if line.name in DATES:
        return birthday(text)
    scheme = next((each for each in SCHEMES if text.lower().startswith(each)), "")
    return text[len(scheme) :]
