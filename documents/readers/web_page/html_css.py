"""The rules of style sheets: which of them an element falls under, and what these say of it.

Selectors of tags, ids, classes and attributes, inside of each other, are understood; what is said
for the pointer, for paper or for a small screen is not looked at.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml import etree

from documents.readers.web_page.html_selectors import ANCESTORS, Steps, fits, steps_of

RULES = 20_000  # of a sheet; further ones are not looked at
KEPT = 8  # sheets: a book has the same ones in each chapter
REMEMBERED = 10_000  # places in the tree of a page
DEEP = 8  # blocks in blocks

BRACE = re.compile("[{}]")
COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|<!--|-->", re.DOTALL)

# One whose last step has a class or an id at most: it is looked into when an element asks for it.
EASY = re.compile(
    r"(?:[\w.#-]+(?:\s*>\s*|\s+))*(?=[.#a-z])([a-z][\w-]*)?([.#][\w-]+)?", re.IGNORECASE
)
PROPERTY = re.compile(r"[\w-]+|")
DECLARATION = re.compile(r"(?<![\w-])([\w-]++)\s*+:\s*([^;]*)")
MEDIA = re.compile(
    r"@media\s+(?:only\s+)?(?:screen|all)\s*$|@(?:layer|supports(?!\s+not))\b", re.IGNORECASE
)
BEFORE = re.compile(r"(?<!\s)\s*+::?before\s*+$", re.IGNORECASE)
CONTENT = re.compile(r"(?:^|[;{\s])content\s*+:\s*+([^;}]*+)", re.IGNORECASE)
COUNTER = re.compile(r"counters?\(", re.IGNORECASE)
STATES = re.compile(
    r"::|:(?:hover|focus|active|visited|link|target|before|after|first-l)", re.IGNORECASE
)
NAMES = frozenset(
    [
        *("background", "background-color", "background-image", "bottom", "clip", "clip-path"),
        *(
            "color",
            "content-visibility",
            "display",
            "font",
            "font-family",
            "font-size",
            "height",
            "left",
            "list-style",
        ),
        *("list-style-type", "margin-left", "margin-top", "max-height", "max-width", "opacity"),
        *("overflow", "overflow-x", "overflow-y", "position", "right", "text-decoration"),
        *("text-decoration-line", "text-indent", "top", "transform", "vertical-align"),
        *("visibility", "width"),
    ]
)
IMPORTANT = "!important"
LABEL = "label"  # no property: what is counted before an element

Told = Mapping[str, str]  # values by the names of properties
NOTHING: Told = {}


class Rule:
    """As it is written; what it asks of an element is made out when one may fall under it."""

    def __init__(self, place: int, selector: str, told: Told, steps: Steps | None = None) -> None:
        self.place, self.told = place, told
        self._selector, self._steps = selector, steps
        self._weight: tuple[int, int, int] | None = None
        self._names: frozenset[str] | None = None

    @property
    def steps(self) -> Steps:
        if self._steps is None:
            self._steps = steps_of(self._selector)
        return self._steps

    @property
    def weight(self) -> tuple[int, int, int]:
        """Of ids, of classes, of tags."""
        if self._weight is None:
            compounds = [compound for _, compound in self.steps]
            self._weight = (
                sum(bool(each.key) for each in compounds),
                sum(len(each.kinds) + len(each.tests) for each in compounds),
                sum(bool(each.tag) for each in compounds),
            )
        return self._weight

    @property
    def names_around(self) -> frozenset[str]:
        """The ids and classes of what an element must stand in."""
        if self._names is None:
            around = [compound for _, compound in self.steps[1:]]
            keys = {each.key for each in around if each.key}
            self._names = frozenset().union(keys, *(each.kinds for each in around))
        return self._names

    def may_fit(self, element: etree._Element) -> bool:
        """Any element of its tag, id and classes."""
        return bool(self.steps) and self.steps[0][1]._replace(tests=()).fits(element)


class Sheet:
    """`unsure`: some rules on colours are not understood."""

    def __init__(self, text: str) -> None:
        self.unsure = False
        self.rules: dict[str, list[Rule]] = defaultdict(list)
        self._count = 0
        self._read(COMMENT.sub(" ", text), DEEP)

    def _read(self, text: str, deep: int) -> None:
        for prelude, block in _blocks(text):
            if prelude.startswith("@"):
                if deep and MEDIA.match(prelude):
                    self._read(block, deep - 1)
            elif self._count < RULES:
                self._take(prelude, block)

    def _take(self, prelude: str, block: str) -> None:
        told = declared(block)
        counted = _counted(block) if "before" in prelude else ""
        if not told and not counted:
            return
        for selector in prelude.split(","):
            if counted and BEFORE.search(selector):
                self._add(BEFORE.sub("", selector).strip(), {LABEL: counted})
            elif told:
                self._add(selector.strip(), told)

    def _add(self, selector: str, told: Told) -> None:
        about_colours = any(name.startswith("background") for name in told)
        easy = None if about_colours else EASY.fullmatch(selector)
        if easy:
            self._keep(easy[2] or easy[1].lower(), Rule(self._count, selector, told))
            return
        steps = () if ":" in selector else steps_of(selector)
        if not steps:
            self.unsure = self.unsure or (about_colours and not STATES.search(selector))
            return
        last = steps[0][1]
        key = f"#{last.key}" if last.key else f".{min(last.kinds)}" if last.kinds else last.tag
        self._keep(key or "*", Rule(self._count, selector, told, steps))

    def _keep(self, key: str, rule: Rule) -> None:
        self._count += 1
        self.rules[key].append(rule)

    def in_order(self, keys: Iterable[str]) -> list[Rule]:
        found = (rule for key in keys if key in self.rules for rule in self.rules[key])
        return sorted(found, key=lambda rule: rule.place)


_sheet = lru_cache(maxsize=KEPT)(Sheet)


Own = tuple[str, str | None, str | None]  # an element's tag, classes and id


class Near(NamedTuple):
    """The rules that elements with a certain tag, id and classes may fall under, by weight."""

    rules: list[Rule]
    asks_around: bool  # for what it is in
    asks_more: bool  # for other attributes


def own_of(element: etree._Element) -> Own:
    return element.tag, element.get("class"), element.get("id")


class Sheets:
    """Those of a page, in their order. Pages of a book may share them."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self._sheets = [sheet for text in texts if (sheet := _sheet(text)).rules or sheet.unsure]
        self.unsure = any(sheet.unsure for sheet in self._sheets)
        self._near: dict[Own, list[Rule]] = {}
        self._within: dict[tuple[Own, ...], Told] = {}
        self._told: dict[tuple[int, ...], Told] = {(): NOTHING}

    def __bool__(self) -> bool:
        return any(sheet.rules for sheet in self._sheets)

    def near(self, element: etree._Element, own: Own, names: frozenset[str]) -> Near:
        """What it and others of its tag, classes and id may fall under, on a page with these names.

        Others with the same tag, classes and id get the same.
        """
        rules = self._near.get(own)
        if rules is None:
            rules = self._near[own] = self._those_near(element, *own)
        found = [rule for rule in rules if rule.names_around <= names]
        return Near(
            found,
            any(len(rule.steps) > 1 for rule in found),
            any(compound.tests for rule in found for _, compound in rule.steps),
        )

    def told(self, element: etree._Element, own: Own, near: Near) -> Told:
        """What the rules that it falls under say together, the weightiest last.

        Where the same rules say it, it is the same object.
        """
        if near.asks_more:
            return self._by(near, element)
        around = map(own_of, islice(element.iterancestors(), ANCESTORS)) if near.asks_around else ()
        key = (own, *around)
        told = self._within.get(key)
        if told is None:
            if len(self._within) > REMEMBERED:
                self._within.clear()
            told = self._within[key] = self._by(near, element)
        return told

    def _by(self, near: Near, element: etree._Element) -> Told:
        fitting = [rule for rule in near.rules if fits(element, rule.steps)]
        ids = tuple(map(id, fitting))
        if ids not in self._told:
            self._told[ids] = _together(fitting)
        return self._told[ids]

    def _those_near(
        self, element: etree._Element, tag: str, kinds: str | None, key: str | None
    ) -> list[Rule]:
        keys = ["*", tag, *(f".{name}" for name in (kinds or "").split())]
        if key:
            keys.append(f"#{key}")
        found = [
            rule for sheet in self._sheets for rule in sheet.in_order(keys) if rule.may_fit(element)
        ]
        return sorted(found, key=lambda rule: rule.weight)


def _together(rules: list[Rule]) -> Told:
    told = {name: value for rule in rules for name, value in rule.told.items()}
    for rule in rules:
        told |= {name: value for name, value in rule.told.items() if IMPORTANT in value}
    return told


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """What stands before each pair of braces, and in it."""
    start, place = 0, text.find("{")
    while place >= 0:
        prelude = text[start:place].rpartition(";")[2].strip()
        end = text.find("}", place)
        if end < 0 or text.find("{", place + 1, end) >= 0:
            end = _end(text, place)
        yield prelude, text[place + 1 : end]
        start = end + 1
        place = text.find("{", start)


def _end(text: str, place: int) -> int:
    """Of the block that begins there."""
    deep = 0
    for brace in BRACE.finditer(text, place):
        deep += 1 if brace[0] == "{" else -1
        if not deep:
            return brace.start()
    return len(text)


def _counted(block: str) -> str:
    """What is counted before an element; empty where nothing is."""
    values = (found[1] for found in CONTENT.finditer(block))
    return next((value.strip() for value in values if COUNTER.search(value)), "")


def declared(block: str) -> Told:
    """Of the properties that are of interest here."""
    told = {}
    for part in block.split(";"):
        name, _, value = part.partition(":")
        name = name.strip().lower()
        if name in NAMES:
            told[name] = value.strip().lower()
            continue
        found = None if PROPERTY.fullmatch(name) else DECLARATION.search(part)
        if found and found[1].lower() in NAMES:
            told[found[1].lower()] = found[2].strip().lower()
    return told
