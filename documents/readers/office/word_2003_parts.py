"""The parts of a Word file that in the XML of 2003 stand in its text: notes, headers, lists."""

from collections.abc import Callable, Iterator

from lxml import etree

from documents.readers.common.list_labels import BULLET
from documents.readers.common.symbol_fonts import is_symbol_font

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
OFFICE, TITLE = "{urn:schemas-microsoft-com:office:office}", "Title"
AUXILIARY = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
MARKUP = "{http://schemas.microsoft.com/aml/2001/core}"
ANNOTATION, CONTENT = f"{MARKUP}annotation", f"{MARKUP}content"
VALUE, ID, TYPE = f"{WORD}val", f"{WORD}id", f"{WORD}type"
NOTES = {f"{WORD}footnote": "footnotes", f"{WORD}endnote": "endnotes"}
EDGES = {f"{WORD}hdr": "header", f"{WORD}ftr": "footer"}
CHANGES = {"Word.Deletion": f"{WORD}del", "Word.Insertion": f"{WORD}ins"}
# The numbers by which forms of numbers were known.
FORMS = dict(
    (
        *(("0", "decimal"), ("1", "upperRoman"), ("2", "lowerRoman"), ("3", "upperLetter")),
        *(("4", "lowerLetter"), ("5", "ordinal"), ("22", "decimalZero"), ("23", "bullet")),
        ("255", "none"),
    )
)
LISTS = {
    "listDef": ("abstractNum", "listDefId", "abstractNumId"),
    "list": ("num", "ilfo", "numId"),
}


def element(name: str) -> etree._Element:
    return etree.Element(f"{WORD}{name}", nsmap={"w": WORD.strip("{}")})


class Parts:
    """Takes them out of the text, and leaves there what points at them."""

    def __init__(self, root: etree._Element) -> None:
        self.root = root
        self.parts: list[tuple[str, etree._Element]] = []  # kind and content
        self.links: dict[str, str] = {}  # key to target
        self.collected: dict[str, etree._Element] = {}
        styles = root.find(f"{WORD}styles")
        if styles is not None:
            for name in styles.iter(f"{WORD}name"):  # as LibreOffice writes them
                name.set(VALUE, name.get(VALUE, "").replace("_20_", " "))
            self.parts.append(("styles", styles))
        self._lists()

    def take_from(self, body: etree._Element) -> None:
        for each in list(body.iter(etree.Element)):
            if act := ACTS.get(each.tag):
                act(self, each)
        self.parts += self.collected.items()

    def _note(self, note: etree._Element) -> None:
        kind = NOTES[note.tag]
        self._collect(note, kind, f"{kind[:-1]}Reference")

    def _collect(self, content: etree._Element, kind: str, pointer: str) -> None:
        part = self.collected.setdefault(kind, element(kind))
        place = element(pointer)
        key = str(len(part) + 1)
        place.set(ID, key)
        content.set(ID, key)
        _replace(content, place)
        part.append(content)

    def _annotation(self, annotation: etree._Element) -> None:
        kind = annotation.get(TYPE, "")
        content = annotation.find(CONTENT)
        if kind in CHANGES:
            annotation.tag = CHANGES[kind]
        elif kind == "Word.Comment" and content is not None:
            annotation.tag = f"{WORD}comment"
            annotation.extend(list(content))
            annotation.remove(content)
            self._collect(annotation, "comments", "commentReference")

    def _edge(self, edge: etree._Element) -> None:
        pages = edge.get(TYPE, "odd")
        shown = pages != "even" or self.root.find(f".//{WORD}evenAndOddHeaders") is not None
        place = element(f"{EDGES[edge.tag]}Reference")
        place.set(TYPE, "first" if pages == "first" else "default")
        place.set(RELATED, f"part{len(self.parts)}")
        _replace(edge, place if shown else None)
        if shown:
            self.parts.append((EDGES[edge.tag], edge))

    def _link(self, link: etree._Element) -> None:
        link.tag = f"{WORD}hyperlink"
        if target := link.get(f"{WORD}dest"):
            key = f"link{len(self.links)}"
            self.links[key] = target
            link.set(RELATED, key)

    def _item(self, item: etree._Element) -> None:
        """Most say how their number was printed."""
        label = item.find(f"{AUXILIARY}t")
        paragraph = next(item.iterancestors(f"{WORD}p"), None)
        if label is None or paragraph is None:
            item.tag = f"{WORD}numPr"
            for number in item.iterchildren(f"{WORD}ilfo"):
                number.tag = f"{WORD}numId"
            return
        font = item.find(f"{AUXILIARY}font")
        is_symbol = font is not None and is_symbol_font(font.get(f"{AUXILIARY}val", ""))
        run = element("r")
        words = etree.SubElement(run, f"{WORD}t")
        words.text = f"{BULLET if is_symbol else label.get(f'{AUXILIARY}val', '')} "
        properties = paragraph.find(f"{WORD}pPr")
        paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, run)
        _replace(item, None)

    def _merged(self, cell: etree._Element) -> None:
        cell.tag = f"{WORD}vMerge"

    def _lists(self) -> None:
        lists = self.root.find(f"{WORD}lists")
        if lists is None:
            return
        numbering = element("numbering")
        numbering.extend(_renamed(lists))
        self.parts.append(("numbering", numbering))


def _renamed(lists: etree._Element) -> Iterator[etree._Element]:
    for older, (name, key, newer) in LISTS.items():
        for each in list(lists.iterchildren(f"{WORD}{older}")):
            each.tag = f"{WORD}{name}"
            each.set(f"{WORD}{newer}", each.get(f"{WORD}{key}", ""))
            for below in each.iter(f"{WORD}nfc", f"{WORD}ilst"):
                is_form = below.tag == f"{WORD}nfc"
                below.tag = f"{WORD}{'numFmt' if is_form else 'abstractNumId'}"
                if is_form:
                    below.set(VALUE, FORMS.get(below.get(VALUE, ""), "decimal"))
            yield each


def _replace(old: etree._Element, new: etree._Element | None) -> None:
    """The text behind it, which XML has for blanks alone, goes with it."""
    parent = old.getparent()
    if parent is None:
        return
    if new is not None:
        old.addprevious(new)
    parent.remove(old)


ACTS: dict[str, Callable[[Parts, etree._Element], None]] = {
    **dict.fromkeys(NOTES, Parts._note),
    **dict.fromkeys(EDGES, Parts._edge),
    ANNOTATION: Parts._annotation,
    f"{WORD}hlink": Parts._link,
    f"{WORD}listPr": Parts._item,
    f"{WORD}vmerge": Parts._merged,
}
