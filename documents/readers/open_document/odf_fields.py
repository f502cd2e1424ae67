"""What is filled in or chosen in an OpenDocument text: fields, content controls, a form's controls."""

from collections.abc import Callable, Iterator

from lxml import etree

from documents.readers.word.fields import BLANKS, EMPTY, TICKED, TICKS

OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"
FIELD = "{urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0}%s"
LIBRE = "{urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0}%s"
MARKS = {FIELD % f"fieldmark{end}" for end in ("", "-start")}
MARK_END, KIND, PARAMETER = (FIELD % name for name in ("fieldmark-end", "type", "param"))
KEY, VALUE = FIELD % "name", FIELD % "value"
CONTENT_CONTROL, BOX, CHECKED, UNFILLED = (
    LIBRE % name for name in ("content-control", "checkbox", "checked", "showing-place-holder")
)
LIST, CHOSEN, CHOICE = (OASIS % ("text", name) for name in ("drop-down", "label", "label"))
IS_CHOSEN, OPTION_TEXT = OASIS % ("text", "current-selected"), OASIS % ("text", "value")
CONTROL, REFERENCE = (OASIS % ("drawing", name) for name in ("control", "control"))
FORM = "{urn:oasis:names:tc:opendocument:xmlns:form:1.0}%s"
IDS = ("{http://www.w3.org/XML/1998/namespace}id", FORM % "id")
STATE, DEFAULT_STATE, SELECTED, DEFAULT_SELECTED = (
    FORM % name for name in ("current-state", "state", "current-selected", "selected")
)
VALUES = tuple(FORM % name for name in ("current-value", "value"))
LABEL = FORM % "label"


def of_mark(mark: etree._Element) -> str | None:
    """What a field of a form from Word says; None of one whose text is its result."""
    kind = mark.get(KIND, "").rpartition(".")[2].upper()
    told = [(each.get(KEY, ""), each.get(VALUE, "")) for each in mark.iterchildren(PARAMETER)]
    if kind == "FORMCHECKBOX":
        return TICKED if dict(told).get("Checkbox_Checked") in {"true", "1"} else EMPTY
    if kind == "FORMDROPDOWN":
        entries = [value for key, value in told if key == "Dropdown_ListEntry"]
        place = dict(told).get("Dropdown_Selected", "")
        at = int(place) if place.isascii() and place.isdigit() else 0
        return entries[at] if at < len(entries) else ""
    return None


def of_content_control(control: etree._Element) -> str | None:
    """None where its text is what it says."""
    if control.get(UNFILLED) == "true":
        return ""
    if control.get(BOX) != "true":
        return None
    is_ticked = control.get(CHECKED) == "true"
    shown = "".join(control.itertext()).strip()
    fits = shown in (TICKS if is_ticked else BLANKS)
    return shown if shown and fits else TICKED if is_ticked else EMPTY


def of_list(field: etree._Element) -> str:
    """Its text is what was chosen; programs leave it out where nothing was."""
    said = "".join([field.text or "", *(each.tail or "" for each in field)]).strip()
    chosen = (each.get(OPTION_TEXT, "") for each in field if each.get(IS_CHOSEN) == "true")
    return said or next(chosen, "")


def controls(root: etree._Element) -> dict[str, str]:
    """What the controls of the forms say, by the ids with which the text points at them."""
    found: dict[str, str] = {}
    for control in root.iter(*TOLD):
        said = TOLD[control.tag](control)
        found |= {key: said for key in map(control.get, IDS) if key}
    return found


def _box(control: etree._Element) -> str:
    state = control.get(STATE) or control.get(DEFAULT_STATE, "")
    return _labelled(TICKED if state in {"checked", "true"} else EMPTY, control)


def _radio(control: etree._Element) -> str:
    chosen = control.get(SELECTED) or control.get(DEFAULT_SELECTED, "")
    return _labelled(TICKED if chosen == "true" else EMPTY, control)


def _labelled(mark: str, control: etree._Element) -> str:
    return f"{mark} {control.get(LABEL, '')}".strip()


def _written(control: etree._Element) -> str:
    said = next(filter(None, map(control.get, VALUES)), "")
    return said or " ".join("".join(control.itertext()).split())


def _chosen(control: etree._Element) -> str:
    return ", ".join(_options(control)) or _value(control)


def _options(control: etree._Element) -> Iterator[str]:
    options = list(control.iterchildren(FORM % "option"))
    for name in (SELECTED, DEFAULT_SELECTED):
        chosen = [each.get(LABEL, "") for each in options if each.get(name) == "true"]
        if chosen:
            yield from chosen
            return


def _label(control: etree._Element) -> str:
    return str(control.get(LABEL, ""))


def _value(control: etree._Element) -> str:
    return next(filter(None, map(control.get, VALUES)), "")


TOLD: dict[str, Callable[[etree._Element], str]] = {
    FORM % "checkbox": _box,
    FORM % "radio": _radio,
    FORM % "listbox": _chosen,
    FORM % "combobox": _value,
    **dict.fromkeys((FORM % name for name in ("text", "textarea", "formatted-text")), _written),
    **dict.fromkeys((FORM % name for name in ("number", "date", "time")), _value),
    FORM % "fixed-text": _label,
}
