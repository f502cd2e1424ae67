"""Selectors of style sheets: tags, ids, classes and attributes, inside of each other."""

import re
from itertools import islice
from typing import NamedTuple

from lxml import etree

STEPS, ANCESTORS = 6, 100  # of a selector, and that are tried for each
STEP = re.compile(r"\s*([>+~])\s*|\s+")
COMPOUND = re.compile(r"(\*|[a-z][\w-]*)?((?:[.#][\w-]+|\[[^\]]*\])*)", re.IGNORECASE)
PART = re.compile(
    r"\.(?P<kind>[\w-]+)|#(?P<id>[\w-]+)|\[\s*+(?P<name>[\w-]++)\s*+(?P<test>[^\]]{0,500}+)\]"
)
TEST = re.compile(r"""([~|^$*]?=)\s*+["']?(.*?)(?:["']|(?<!\s)|$)\s*+[is]?""")


class Compound(NamedTuple):
    tag: str
    key: str
    kinds: frozenset[str]
    tests: tuple[tuple[str, str, str], ...]  # an attribute's name, how it is compared, and to what

    def fits(self, element: etree._Element) -> bool:
        if self.tag not in {"", element.tag} or self.key not in {"", element.get("id")}:
            return False
        if self.kinds and not self.kinds <= set(element.get("class", "").split()):
            return False
        return all(_passes(element.get(name), how, value) for name, how, value in self.tests)


Steps = tuple[tuple[str, Compound], ...]  # from the right, each with what joins it to the left


def fits(element: etree._Element, steps: Steps) -> bool:
    (joined, compound), left = steps[0], steps[1:]
    if not compound.fits(element):
        return False
    if not left:
        return True
    around = islice(element.iterancestors(), 1 if joined == ">" else ANCESTORS)
    if all(each != ">" for each, _ in left):
        # The nearest that fits leaves the most room for the others.
        nearest = next((each for each in around if left[0][1].fits(each)), None)
        return nearest is not None and fits(nearest, left)
    return any(fits(each, left) for each in around)


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


def steps_of(selector: str) -> Steps:
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
