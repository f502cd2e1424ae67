"""The numbers of list items, which browsers count and files do not write down."""

import re
from typing import NamedTuple

from lxml import etree

from documents.readers.common.list_labels import written

FORMS = {
    **{form: form for form in ("1", "a", "A", "i", "I")},
    "decimal": "1",
    "decimal-leading-zero": "01",
    "lower-roman": "i",
    "upper-roman": "I",
    **dict.fromkeys(("lower-alpha", "lower-latin"), "a"),
    **dict.fromkeys(("upper-alpha", "upper-latin"), "A"),
}
PLAIN = {"none", "disc", "circle", "square"}
WHOLE = re.compile(r"\s*([+-]?\d{1,7})")
WRITTEN = re.compile(r"\s*\(?(\w+)[.):]")  # by the author


COUNTER = re.compile(
    r"""counter(?P<all>s)?\(\s*(?P<name>[\w-]+)(?:\s*,\s*["'](?P<between>[^"']*)["'])?"""
    r"""(?:\s*,\s*(?P<form>[\w-]+))?\s*\)|["'](?P<words>[^"']*)["']"""
)


class Counted(NamedTuple):
    """A list that is numbered: the next number, and what comes to it with each item."""

    next: int
    step: int
    form: str


class Lists:
    """Those around the place where a walk is; None is one without numbers."""

    def __init__(self) -> None:
        self._open: list[Counted | None] = []
        self._named: dict[str, int] = {}  # the counters of style sheets

    def begin(self, element: etree._Element, list_type: str) -> None:
        self._open.append(_begun(element, list_type) if element.tag == "ol" else None)

    def end(self) -> None:
        if self._open:
            self._open.pop()

    def label(self, item: etree._Element, list_type: str, counter: str) -> str:
        """What stands before the item; `counter` is how a style sheet has it."""
        counted = self._open[-1] if self._open else None
        if counted is None:
            return ""
        number = _whole(item.get("value"), counted.next)
        self._open[-1] = counted._replace(next=number + counted.step)
        if counter:
            return self._counted(counter, number)
        form = _form(item.get("type", ""), list_type, counted.form)
        return f"{written(number, form)}. " if form else ""

    def _counted(self, counter: str, number: int) -> str:
        parts = list(COUNTER.finditer(counter))
        own = next((part["name"] for part in reversed(parts) if part["name"]), "")
        self._named[own] = number
        return "".join(self._part(part) for part in parts).strip() + " "

    def _part(self, part: re.Match[str]) -> str:
        if part["name"] is None:
            return part["words"]
        form = FORMS.get(part["form"] or "", "1")
        if part["all"]:
            around = [each.next - each.step for each in self._open if each]
            return (part["between"] or ".").join(written(each, form) for each in around)
        return written(self._named.get(part["name"], 0), form)


def _begun(ordered: etree._Element, list_type: str) -> Counted:
    back = ordered.get("reversed") is not None
    first = sum(1 for _ in ordered.iterchildren("li")) if back else 1
    form = _form(ordered.get("type", ""), list_type, "1")
    return Counted(_whole(ordered.get("start"), first), -1 if back else 1, form)


def is_written(label: str, text: str) -> bool:
    """Whether the text begins with it of its own."""
    found = WRITTEN.match(text)
    return bool(found and found[1] == label.rstrip(". "))


def _form(by_attribute: str, by_style: str, otherwise: str) -> str:
    words = by_style.split()
    if any(word in PLAIN for word in words):
        return ""
    styled = next((FORMS[word] for word in words if word in FORMS), "")
    return styled or FORMS.get(by_attribute.strip(), otherwise)


def _whole(value: str | None, otherwise: int) -> int:
    found = WHOLE.match(value or "")
    return int(found[1]) if found else otherwise
