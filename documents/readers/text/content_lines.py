"""Lines of calendars and address cards: a name, parameters and a value (RFC 5545, RFC 6350)."""

import quopri
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import chain
from typing import NamedTuple

LINE = re.compile(r'(?:([\w-]+)\.)?([\w-]+)((?:;(?:"[^"\n]*"|[^":;\n])*)*):(.*)')
PARAMETER = re.compile(r';([\w-]+)(?:=((?:"[^"]*"|[^";])*))?')
BEGINS = re.compile(r"^(?=BEGIN:)", re.MULTILINE | re.IGNORECASE)
FOLDED = re.compile(r"\n[ \t]")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)
SEPARATOR = re.compile(r"(?<!\\);")
LISTED = re.compile(r"(?<!\\),")
OLD = re.compile(r"^VERSION:\s*(?:1\.0|2\.1)\s*$", re.MULTILINE)


class Line(NamedTuple):
    group: str  # that ties it to other lines of its card
    name: str
    parameters: Mapping[str, str]
    value: str  # as it is written

    @property
    def text(self) -> str:
        return plain(self.value)

    @property
    def parts(self) -> list[str]:
        """Of a value that has several."""
        return [plain(part).strip() for part in SEPARATOR.split(self.value)]

    @property
    def listed(self) -> list[str]:
        return [plain(part).strip() for part in LISTED.split(self.value)]


def plain(value: str) -> str:
    return ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def lines_of(text: str) -> Iterator[Line]:
    """Those that can be read, unfolded; text with one kind of line break."""
    # The older form broke lines at a blank, which stays.
    cards = (FOLDED.sub(" " if OLD.search(card) else "", card) for card in BEGINS.split(text))
    pending = ""
    for raw in chain.from_iterable(card.split("\n") for card in cards):
        line = pending + raw
        pending = ""
        if raw.endswith("=") and "QUOTED-PRINTABLE" in line[:200].upper():
            pending = line[:-1]
        elif found := LINE.fullmatch(line):
            group, name, parameters, value = found.groups()
            yield _line(group or "", name.upper(), parameters, value)


def _line(group: str, name: str, written: str, value: str) -> Line:
    parameters: dict[str, str] = {}
    for key, given in PARAMETER.findall(written):
        # The older form has values alone: `TEL;CELL`.
        key, given = (key.upper(), given.replace('"', "")) if given else ("TYPE", key)
        before = parameters.get(key)
        parameters[key] = f"{before},{given}" if before else given
    if "QUOTED-PRINTABLE" in (parameters.get("ENCODING", "") + parameters.get("TYPE", "")).upper():
        value = _unquoted(value, parameters.get("CHARSET", "utf-8"))
    return Line(group, name, parameters, value)


def _unquoted(value: str, charset: str) -> str:
    data = quopri.decodestring(value.encode())
    for encoding in (charset, "utf-8", "cp1252"):
        with suppress(LookupError, UnicodeError):
            return data.decode(encoding).replace("\r\n", "\n")
    return data.decode("utf-8", "replace")
