"""The text of a paragraph of a Word file, as it is seen on paper."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common.hidden import hidden
from documents.readers.common.raised import raised
from documents.readers.common.symbol_fonts import decoded
from documents.readers.formula.formulas import of_omml
from documents.readers.word.fields import CONTROL, Field, beside, control
from documents.readers.word.looks import PLAIN, Look, Looks
from documents.readers.word.numbering import LABEL

R, T, RUN_PROPERTIES = map(qn, ("w:r", "w:t", "w:rPr"))
FIELD_PART, KIND, INSTRUCTION = map(qn, ("w:fldChar", "w:fldCharType", "w:instrText"))
SYMBOL, FONT, CODE, LINK = map(qn, ("w:sym", "w:font", "w:char", "w:hyperlink"))
RELATED = qn("r:id")
OMML = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
FORMULAS = {f"{OMML}oMath", f"{OMML}oMathPara"}
WRITTEN = {
    **dict.fromkeys((qn("w:tab"), qn("w:ptab")), "\t"),
    **dict.fromkeys((qn("w:br"), qn("w:cr")), "\n"),
    qn("w:noBreakHyphen"): "-",
}
# What stands elsewhere in the file, or for nothing: deleted text, the aids to reading over a line.
SKIPPED = {
    *map(qn, ("w:del", "w:moveFrom", "w:pPr", "w:rt", "w:rubyPr", "w:sdtPr")),
    *map(qn, ("w:drawing", "w:pict", "w:object", "w:footnoteReference", "w:endnoteReference")),
    *map(qn, ("w:commentReference", "w:delText", "w:delInstrText", "w:txbxContent")),
}
BEFORE = 40  # characters that a raised figure is judged by

Relations = Mapping[str, Any]
Piece = tuple[str, Look]


class Line:
    """Collects the pieces of one paragraph, each with its look."""

    def __init__(self, looks: Looks, relations: Relations, carried: str = "") -> None:
        self.looks, self.relations = looks, relations
        self.label = ""
        self.pieces: list[Piece] = []
        self._carried = carried
        self._fields: list[Field] = []

    def of(self, paragraph: etree._Element, style: str) -> str:
        look = self.looks.of_paragraph(style)
        self._walk(paragraph, look)
        is_plain = look is PLAIN and not (self.label or self._carried)
        if is_plain and all(each is PLAIN for _, each in self.pieces):
            return "".join([text for text, _ in self.pieces])
        return self._composed()

    def _walk(self, element: etree._Element, look: Look) -> None:
        for child in element:
            tag = child.tag
            if tag == T:
                text = child.text or ""
                self._add(decoded(look.font, text) if look.font else text, look)
            elif tag == R:
                self._walk(child, look)
            elif tag == RUN_PROPERTIES:
                look = self.looks.of_run(child, look)
            elif tag in WRITTEN:
                self._add(WRITTEN[tag], look)
            elif tag not in SKIPPED and isinstance(tag, str):
                special = SPECIAL.get(tag)
                special(self, child, look) if special else self._walk(child, look)

    def _add(self, text: str, look: Look) -> None:
        if self._fields:
            for field in self._fields:
                field.text += text
            if self._is_silent():
                return
        self.pieces.append((text, look))

    def _is_silent(self) -> bool:
        """In a form's field, which was said, or in one that another's instruction makes use of."""
        within = any(not field.is_shown for field in self._fields[:-1])
        return within or any(field.value is not None for field in self._fields)

    def _label(self, element: etree._Element, _: Look) -> None:
        self.label = element.text or ""

    def _symbol(self, element: etree._Element, look: Look) -> None:
        try:
            code = int(element.get(CODE, ""), 16)
        except ValueError:
            return
        if 0 < code < 0x11_0000:
            self._add(decoded(element.get(FONT, ""), chr(code)), look)

    def _formula(self, element: etree._Element, look: Look) -> None:
        self._add(of_omml(element), look)

    def _field_part(self, element: etree._Element, look: Look) -> None:
        kind = element.get(KIND)
        if kind == "begin":
            field = Field(element)
            if field.value is not None:
                self._add(field.value, look)
            self._fields.append(field)
        elif kind == "separate" and self._fields:
            self._fields[-1].is_shown = True
        elif kind == "end" and self._fields:
            self._add(self._fields.pop().behind(), look)

    def _instruction(self, element: etree._Element, _: Look) -> None:
        if self._fields:
            self._fields[-1].instruction += element.text or ""

    def _link(self, element: etree._Element, look: Look) -> None:
        start = len(self.pieces)
        self._walk(element, look)
        relation = self.relations.get(element.get(RELATED, ""))
        said = "".join(text for text, _ in self.pieces[start:])
        if relation is not None and relation.is_external and said.strip():
            self._add(beside(relation.target_ref, said), self.pieces[-1][1])

    def _control(self, element: etree._Element, look: Look) -> None:
        found = control(element)
        if found.shown is not None:
            self._add(found.shown, look)
        elif found.content is not None:
            self._walk(found.content, look)

    def _composed(self) -> str:
        told = list(_standing(self.pieces))
        if self._carried:
            told.insert(0, (self._carried, PLAIN))  # of a paragraph that has no end of its own
        if self.label and any(text.strip() for text, _ in told):
            told.insert(0, (self.label, Look(is_hidden=told[0][1].is_hidden)))
        line = ""
        for look, same in groupby(told, key=lambda piece: (piece[1].is_hidden, piece[1].rise)):
            line += _set(line, "".join(text for text, _ in same), *look)
        return line


def _set(line: str, text: str, is_hidden: bool, rise: int) -> str:
    if is_hidden:
        return hidden(text)
    return raised(line[-BEFORE:], text) if rise > 0 else text


def _standing(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """What is not struck; of the blanks on both sides of what is, one stays."""
    before, was_struck = "", False
    for text, look in pieces:
        if _is_struck(look):
            was_struck = True
            continue
        if was_struck and before[-1:].isspace():
            text = text.lstrip(" ")
        if text:
            yield text, look
            before, was_struck = text, False


def _is_struck(look: Look) -> bool:
    return look.is_struck or look.is_struck_twice


SPECIAL: dict[str, Callable[[Line, etree._Element, Look], None]] = {
    LABEL: Line._label,
    SYMBOL: Line._symbol,
    **dict.fromkeys(FORMULAS, Line._formula),
    FIELD_PART: Line._field_part,
    INSTRUCTION: Line._instruction,
    LINK: Line._link,
    CONTROL: Line._control,
}
