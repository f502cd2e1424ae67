"""The rules of style sheets: which of them an element falls under, and what these say of it.

Selectors of tags, ids, classes and attributes, inside of each other, are understood; what is said
for the pointer, for paper or for a small screen is not looked at.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from lxml import etree

RULES = 20_000  # further ones are not looked at
DEEP = 8  # blocks in blocks
STEPS, ANCESTORS = 6, 100  # of a selector, and that are tried for each
BRACE = re.compile("[{}]")
COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
STEP = re.compile(r"\s*([>+~])\s*|\s+")
COMPOUND = re.compile(r"(\*|[a-z][\w-]*)?((?:[.#][\w-]+|\[[^\]]*\])*)", re.IGNORECASE)
PART = re.compile(r"\.(?P<kind>[\w-]+)|#(?P<id>[\w-]+)|\[\s*(?P<name>[\w-]+)\s*(?P<test>[^\]]*)\]")
TEST = re.compile(r"""([~|^$*]?=)\s*["']?(.*?)["']?\s*[is]?""")
DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]*)")
MEDIA = re.compile(
    r"@media\s+(?:only\s+)?(?:screen|all)\s*$|@(?:layer|supports(?!\s+not))\b", re.IGNORECASE
)
BEFORE = re.compile(r"\s*::?before\s*$", re.IGNORECASE)
CONTENT = re.compile(r"(?:^|[;{\s])content\s*:\s*([^;}]*counters?\([^;}]*)", re.IGNORECASE)
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


class Compound(NamedTuple):
    tag: str
    key: str
    kinds: frozenset[str]
    tests: tuple[tuple[str, str, str], ...]  # an attribute's name, how it is compared, and to what

    def fits(self, element: etree._Element) -> bool:
        return (
            self.tag in {"", element.tag}
            and self.key in {"", element.get("id")}
            and (not self.kinds or self.kinds <= set(element.get("class", "").split()))
            and all(_passes(element.get(name), how, value) for name, how, value in self.tests)
        )


class Rule(NamedTuple):
    weight: tuple[int, int, int, int]  # of ids, of classes, of tags, and its place
    steps: tuple[tuple[str, Compound], ...]  # from the right, each with what joins it to the left
    told: Told

    def fits(self, element: etree._Element) -> bool:
        return _fits(element, self.steps)


def _fits(element: etree._Element, steps: tuple[tuple[str, Compound], ...]) -> bool:
    (joined, compound), left = steps[0], steps[1:]
    if not compound.fits(element):
        return False
    if not left:
        return True
    around = islice(element.iterancestors(), 1 if joined == ">" else ANCESTORS)
    if all(each != ">" for each, _ in left):
        # The nearest that fits leaves the most room for the others.
        nearest = next((each for each in around if left[0][1].fits(each)), None)
        return nearest is not None and _fits(nearest, left)
    return any(_fits(each, left) for each in around)


def _passes(value: str | None, how: str, wanted: str) -> bool:
    if value is None:
        return False
    match how:
        case "":
            return True
        case "=":
            return value == wanted
        case "^=":
            return bool(wanted) and value.startswith(wanted)
        case "$=":
            return bool(wanted) and value.endswith(wanted)
        case "*=":
            return bool(wanted) and wanted in value
        case "~=":
            return wanted in value.split()
    return value == wanted or value.startswith(f"{wanted}-")


class Sheets:
    """`unsure`: some rules on colours are not understood."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        self.unsure = False
        self._rules: dict[str, list[Rule]] = defaultdict(list)
        self._count = 0
        for text in texts:
            self._read(COMMENT.sub(" ", text), DEEP)

    def __bool__(self) -> bool:
        return bool(self._rules)

    def told(self, element: etree._Element) -> Told:
        """What the rules that it falls under say together, the weightiest last."""
        keys = ["*", str(element.tag)]
        if names := element.get("class"):
            keys += [f".{name}" for name in names.split()]
        if key := element.get("id"):
            keys.append(f"#{key}")
        found = [rule for key in keys if key in self._rules for rule in self._rules[key]]
        if not found:
            return NOTHING
        fitting = sorted(rule for rule in found if rule.fits(element))
        told = {name: value for rule in fitting for name, value in rule.told.items()}
        for rule in fitting:
            told |= {name: value for name, value in rule.told.items() if IMPORTANT in value}
        return told

    def _read(self, text: str, deep: int) -> None:
        for prelude, block in _blocks(text):
            if prelude.startswith("@"):
                if deep and MEDIA.match(prelude):
                    self._read(block, deep - 1)
            elif self._count < RULES:
                self._take(prelude, block)

    def _take(self, prelude: str, block: str) -> None:
        told = declared(block)
        counted = CONTENT.search(block) if "before" in prelude else None
        for selector in prelude.split(","):
            if counted and BEFORE.search(selector):
                self._add(BEFORE.sub("", selector).strip(), {LABEL: counted[1].strip()})
            elif told:
                self._add(selector.strip(), told)

    def _add(self, selector: str, told: Told) -> None:
        steps = () if ":" in selector else _steps(selector)
        if not steps:
            about_colours = any(name.startswith("background") for name in told)
            self.unsure = self.unsure or (about_colours and not STATES.search(selector))
            return
        self._count += 1
        compounds = [compound for _, compound in steps]
        weight = (
            sum(bool(each.key) for each in compounds),
            sum(len(each.kinds) + len(each.tests) for each in compounds),
            sum(bool(each.tag) for each in compounds),
            self._count,
        )
        last = compounds[0]
        key = f"#{last.key}" if last.key else f".{min(last.kinds)}" if last.kinds else last.tag
        self._rules[key or "*"].append(Rule(weight, steps, told))


def _blocks(text: str) -> Iterator[tuple[str, str]]:
    """What stands before each pair of braces, and in it."""
    start, place = 0, text.find("{")
    while place >= 0:
        prelude = text[start:place].rpartition(";")[2].strip()
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


def declared(block: str) -> Told:
    """Of the properties that are of interest here."""
    found = ((each[1].lower(), each[2].strip().lower()) for each in DECLARATION.finditer(block))
    return {name: value for name, value in found if name in NAMES}


def _steps(selector: str) -> tuple[tuple[str, Compound], ...]:
    """Nothing where it is not understood."""
    steps: list[tuple[str, Compound]] = []
    joined, place = " ", 0
    for step in [*STEP.finditer(selector), None]:
        compound = _compound(selector[place : step.start() if step else len(selector)])
        if compound is None or joined in {"+", "~"} or len(steps) == STEPS:
            return ()
        steps.append((joined, compound))
        if step:
            joined, place = step[1] or " ", step.end()
    return tuple(reversed(steps))


def _compound(text: str) -> Compound | None:
    found = COMPOUND.fullmatch(text)
    if not found or not text:
        return None
    parts = list(PART.finditer(found[2]))
    tests = []
    for part in parts:
        if part["name"]:
            test = TEST.fullmatch(part["test"]) if part["test"] else None
            if part["test"] and not test:
                return None
            tests.append((part["name"].lower(), test[1] if test else "", test[2] if test else ""))
    key = next((part["id"] for part in parts if part["id"]), "")
    kinds = frozenset(part["kind"] for part in parts if part["kind"])
    return Compound((found[1] or "").lower().strip("*"), key, kinds, tuple(tests))
