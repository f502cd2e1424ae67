"""The numbers of a Word file's lists and headings: counted, and laid into their paragraphs."""

from collections.abc import Iterator, Mapping, Sequence

from docx.oxml.ns import qn
from lxml import etree

from documents.readers.common.list_labels import count
from documents.readers.common.symbol_fonts import decoded
from documents.readers.word.list_counters import Counters, Level, Scheme

NUMBER, ABSTRACT, SCHEME = map(qn, ("w:num", "w:abstractNum", "w:abstractNumId"))
NUMBER_ID, ABSTRACT_ID, LEVEL_ID = map(qn, ("w:numId", "w:abstractNumId", "w:ilvl"))
LEVEL, START, FORM, TEXT = map(qn, ("w:lvl", "w:start", "w:numFmt", "w:lvlText"))
RESTART, LEGAL, LINK = map(qn, ("w:lvlRestart", "w:isLgl", "w:numStyleLink"))
OVERRIDE, START_ANEW = map(qn, ("w:lvlOverride", "w:startOverride"))
P, R, T, PROPERTIES, NUMBERED = map(qn, ("w:p", "w:r", "w:t", "w:pPr", "w:numPr"))
STYLE, BASE, VALUE = map(qn, ("w:pStyle", "w:basedOn", "w:val"))
GONE = tuple(f"{PROPERTIES}/{qn('w:rPr')}/{qn(name)}" for name in ("w:del", "w:moveFrom"))
WORDS = (T, qn("w:sym"), "{http://schemas.openxmlformats.org/officeDocument/2006/math}t")
LABEL = "label"  # what is laid into a paragraph
FORMS = {
    "decimalZero": "01",
    "lowerLetter": "a",
    "upperLetter": "A",
    "ordinal": "1st",
    "lowerRoman": "i",
    "upperRoman": "I",
    "none": "",
    "bullet": "bullet",
}
RUN_PROPERTIES, FONTS, ASCII = map(qn, ("w:rPr", "w:rFonts", "w:ascii"))
LEVELS, DEEP = 9, 10
LABEL_CHARACTERS = 60


Place = tuple[str, int | None]  # the id of a numbering, and a level
Styles = Mapping[str, etree._Element]


class Numbering:
    """All numberings of a file."""

    def __init__(self, numbering: Sequence[etree._Element], styles: Styles) -> None:
        self.schemes = _schemes(numbering, styles)
        self._styles = styles
        self._of_styles: dict[str, Place] = {}

    def lay(self, *story: etree._Element) -> None:
        """Write the number of each numbered paragraph where it would be printed.

        A story counts by itself: the text is one, and so are all of its footnotes together.
        """
        counters = Counters(self.schemes)
        for part in story if self.schemes else ():
            for paragraph in part.iter(P):
                self._number(paragraph, counters)

    def _number(self, paragraph: etree._Element, counters: Counters) -> None:
        properties = paragraph.find(PROPERTIES)
        if properties is None:
            return
        key, deep, style = self._place(properties)
        scheme = self.schemes.get(key)
        if scheme and all(paragraph.find(mark) is None for mark in GONE):
            label = counters.next(scheme, counters.level(scheme, deep, style))
            if label and next(paragraph.iter(*WORDS), None) is not None:
                properties.addnext(_label(f"{label} "))

    def _place(self, properties: etree._Element) -> tuple[str, int | None, str]:
        """The numbering, the level if it is said, and the style."""
        style = _value(properties, STYLE)
        if style not in self._of_styles:
            self._of_styles[style] = _of_style(style, self._styles)
        key, deep = self._of_styles[style]
        own = properties.find(NUMBERED)
        if own is not None:
            own_key, own_deep = _numbered(own)
            key, deep = own_key or key, deep if own_deep is None else own_deep
        return key, deep, style


def _label(text: str) -> etree._Element:
    label = etree.Element(LABEL)
    label.text = text
    return label


def _of_style(key: str, styles: Styles) -> Place:
    """What a style says itself, or what those say that it is based on."""
    found, deep = "", None
    for _ in range(DEEP):  # styles may be based on each other, also in a circle
        style = styles.get(key)
        if style is None:
            break
        numbered = style.find(f"{PROPERTIES}/{NUMBERED}")
        if numbered is not None:
            number, level = _numbered(numbered)
            found, deep = found or number, level if deep is None else deep
        key = _value(style, BASE)
    return found, deep


def _numbered(element: etree._Element) -> Place:
    deep = element.find(LEVEL_ID)
    return _value(element, NUMBER_ID), None if deep is None else count(deep.get(VALUE), 0)


def _value(element: etree._Element, name: str, otherwise: str = "") -> str:
    child = element.find(name)
    return otherwise if child is None else str(child.get(VALUE, otherwise))


def _schemes(numbering: Sequence[etree._Element], styles: Styles) -> dict[str, Scheme]:
    abstract = {each.get(ABSTRACT_ID, ""): each for each in numbering if each.tag == ABSTRACT}
    numbers = {each.get(NUMBER_ID, ""): each for each in numbering if each.tag == NUMBER}
    read = {key: dict(_levels(each)) for key, each in abstract.items()}
    schemes: dict[str, Scheme] = {}
    for key, number in numbers.items():
        of = _value(number, SCHEME)
        linked = _value(abstract[of], LINK) if of in abstract else ""
        if linked and (other := numbers.get(_of_style(linked, styles)[0])) is not None:
            of = _value(other, SCHEME)
        levels, anew = dict(read.get(of, {})), {}
        for override in number.iterchildren(OVERRIDE):
            deep = count(override.get(LEVEL_ID), LEVELS)
            levels |= dict(_levels(override))
            if start := _value(override, START_ANEW):
                anew[deep] = count(start, 1)
        schemes[key] = Scheme(of, levels, anew)
    schemes.pop("0", None)  # which stands for no numbering
    return schemes


def _levels(parent: etree._Element) -> Iterator[tuple[int, Level]]:
    for level in parent.iterchildren(LEVEL):
        deep = count(level.get(LEVEL_ID), LEVELS)
        if deep < LEVELS:
            fonts = level.find(f"{RUN_PROPERTIES}/{FONTS}")
            font = "" if fonts is None else fonts.get(ASCII, "")
            yield (
                deep,
                Level(
                    count(_value(level, START), 0),
                    FORMS.get(_value(level, FORM), "1"),
                    decoded(font, _value(level, TEXT)[:LABEL_CHARACTERS]),
                    count(_value(level, RESTART), deep),
                    level.find(LEGAL) is not None and _value(level, LEGAL) not in {"0", "false"},
                    _value(level, STYLE),
                ),
            )
