"""What was filled into the forms of a page: values, chosen options, ticked boxes."""

from collections.abc import Mapping

from lxml import etree

from documents.readers.common.tidy import clean

TICKED, EMPTY = "\u2611", "\u2610"
BOXES = {"checkbox", "radio"}
WITHOUT_VALUE = {"hidden", "password", "submit", "button", "reset", "file", "image", "color"}
ROLES = {"checkbox", "radio", "menuitemcheckbox", "menuitemradio", "switch"}
STATES = {"true": TICKED, "false": EMPTY}

Labels = Mapping[str, etree._Element]  # boxes, by their ids


def labels_of(tree: etree._Element) -> Labels:
    """The boxes that have a label elsewhere."""
    wanted = {key for label in tree.iter("label") if (key := label.get("for"))}
    found = (box for box in tree.iter("input") if wanted and box.get("id") in wanted)
    return {str(box.get("id")): box for box in found if _type(box) in BOXES}


def before_label(label: etree._Element, labels: Labels) -> str:
    """A label begins with the sign of its box, wherever that stands."""
    box = labels.get(label.get("for", ""))
    boxes = [box] if box is not None else _inside(label)
    return f"{_sign(boxes[0])} " if len(boxes) == 1 else ""


def filled(field: etree._Element, labels: Labels, line: str) -> str:
    """What stands in the field, whose line has begun so."""
    kind = _type(field)
    if kind in BOXES:
        return _box(field, labels, line)
    value = field.get("value", "")
    return "" if kind in WITHOUT_VALUE or not value.strip() else f" {clean(value)} "


def chosen(field: etree._Element) -> str:
    """The options that are; where none is, a browser shows the first."""
    options = list(field.iter("option"))
    found = [option for option in options if option.get("selected") is not None]
    if field.get("multiple") is None:
        found = found[-1:] or options[: 1 if field.get("size", "1") == "1" else 0]
    texts = (" ".join("".join(option.itertext(etree.Element)).split()) for option in found)
    named = (text or option.get("label", "") for text, option in zip(texts, found, strict=True))
    return f" {clean(', '.join(named))} " if found else ""


def sign(element: etree._Element) -> str:
    """Of what is a box by its role."""
    if element.get("role") not in ROLES:
        return ""
    state = STATES.get(element.get("aria-checked", ""))
    return f"{state} " if state else ""


def _box(box: etree._Element, labels: Labels, line: str) -> str:
    label = next(box.iterancestors("label"), None)
    if box.get("id") in labels or (label is not None and len(_inside(label)) == 1):
        return ""  # its label has said it
    if line.strip() and _ends_line(box):
        return ": yes " if box.get("checked") is not None else ": no "
    return f" {_sign(box)} {box.get('aria-label', '')} "


def _inside(label: etree._Element) -> list[etree._Element]:
    return [box for box in label.iter("input") if _type(box) in BOXES]


def _ends_line(box: etree._Element) -> bool:
    if (box.tail or "").strip():
        return False
    after = box.getnext()
    return after is None or after.tag in {"br", "p", "div", "li", "tr", "hr"}


def _sign(box: etree._Element) -> str:
    return TICKED if box.get("checked") is not None else EMPTY


def _type(field: etree._Element) -> str:
    return str(field.get("type", "text")).strip().lower()
