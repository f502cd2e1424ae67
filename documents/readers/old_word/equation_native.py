"""Formulas of Word's former equation editor (MTEF 3), as MathML."""

from collections.abc import Callable

from lxml import etree

from documents.readers.formula.formulas import of_mathml

HEAD, VERSIONS = 28, {2, 3}  # bytes before the formula, and its kinds that are known
LEAD = 5  # bytes that say who wrote it
END, LINE, CHARACTER, TEMPLATE, PILE, MATRIX, EMBELLISHMENT, RULER, FONT, SIZE = range(10)
NUDGED, EMBELLISHED, WITH_RULER, SPACED, NULL = 8, 2, 2, 4, 1
FENCES = dict(enumerate(zip("\u27e8({[|\u2016", "\u27e9)}]|\u2016", strict=True)))
ROOT, FRACTION, SCRIPT = 13, 14, 15
LARGE = {*range(21, 39), 42, 43}  # integrals, sums and their kind
RAISED, LOWERED = 0, 1
PRIVATE = range(0xE000, 0xF900)  # of its own fonts: blanks
DEEP = 40
MATH = "{http://www.w3.org/1998/Math/MathML}"
Nodes = list[etree._Element]


def linear(stream: bytes) -> str:
    """Empty where it cannot be read."""
    if len(stream) < HEAD + LEAD or stream[HEAD] not in VERSIONS:
        return ""
    root = _node("math")
    try:
        root.extend(_Records(stream, HEAD + LEAD).nodes(0))
    except (IndexError, ValueError):
        return ""
    return of_mathml(root)


def _node(name: str, *children: etree._Element, text: str = "") -> etree._Element:
    made = etree.Element(MATH + name)
    made.extend(children)
    made.text = text or None
    return made


class _Records:
    def __init__(self, data: bytes, place: int) -> None:
        self.data, self.place = data, place

    def nodes(self, deep: int) -> Nodes:
        """Up to the end of the list."""
        if deep > DEEP:
            raise ValueError
        found: Nodes = []
        while self.place < len(self.data) and (tag := self._byte()) & 0xF != END:
            kind, options = tag & 0xF, tag >> 4
            if kind <= MATRIX and options & NUDGED:
                self._nudge()
            if read := READ.get(kind):
                read(self, options, found, deep)
        return found

    def _byte(self) -> int:
        self.place += 1
        return self.data[self.place - 1]

    def _nudge(self) -> None:
        large = self.data[self.place : self.place + 2] == b"\x80\x80"
        self.place += 6 if large else 2

    def _line(self, options: int, found: Nodes, deep: int) -> None:
        if options & SPACED:
            self.place += 1
        if options & WITH_RULER:
            self._ruler(0, found, deep)
        inner = [] if options & NULL else self.nodes(deep + 1)
        found.append(_node("mrow", *inner))

    def _character(self, options: int, found: Nodes, deep: int) -> None:
        self.place += 1  # how it is set
        code = self._byte() | self._byte() << 8
        if options & EMBELLISHED:
            self.nodes(deep + 1)
        letter = " " if code in PRIVATE or not 0x20 <= code < 0xD800 else chr(code)
        before = found[-1] if found else None
        if letter.isdigit() and before is not None and before.tag == f"{MATH}mn":
            before.text = (before.text or "") + letter
        else:
            name = "mn" if letter.isdigit() else "mi" if letter.isalpha() else "mo"
            found.append(_node(name, text=letter))

    def _template(self, _: int, found: Nodes, deep: int) -> None:
        selector, variation = self._byte(), self._byte()
        self.place += 1  # options
        parts = self.nodes(deep + 1)
        slots = [part for part in parts if part.tag == f"{MATH}mrow"]
        if selector == FRACTION and len(slots) > 1:
            found.append(_node("mfrac", *slots[:2]))
        elif selector == ROOT and slots:
            degree = slots[1:2] if variation else []
            found.append(_node("mroot" if degree else "msqrt", slots[0], *degree))
        elif selector == SCRIPT and slots:
            base = found.pop() if found else _node("mrow")
            found.append(_script(base, slots, variation))
        elif selector in LARGE and len(slots) > 1:
            found.extend(_large(slots, [part for part in parts if part not in slots]))
        elif selector in FENCES and slots:
            left, right = FENCES[selector]
            found.append(_node("mrow", _node("mo", text=left), slots[0], _node("mo", text=right)))
        else:
            found.extend(parts)

    def _pile(self, options: int, found: Nodes, deep: int) -> None:
        self.place += 2
        if options & WITH_RULER:
            self._ruler(0, found, deep)
        lines = self.nodes(deep + 1)
        if len(lines) < 2:
            found.extend(lines)
        else:
            rows = (_node("mtr", _node("mtd", line)) for line in lines)
            found.append(_node("mtable", *rows))

    def _matrix(self, _: int, found: Nodes, deep: int) -> None:
        self.place += 3
        rows, columns = self._byte(), self._byte()
        self.place += (rows + 4) // 4 + (columns + 4) // 4
        cells = [_node("mtd", each) for each in self.nodes(deep + 1)]
        wide = max(columns, 1)
        lines = [cells[at : at + wide] for at in range(0, len(cells), wide)]
        found.append(_node("mtable", *(_node("mtr", *line) for line in lines)))

    def _embellishment(self, *_: object) -> None:
        self.place += 1

    def _ruler(self, *_: object) -> None:
        self.place += 1 + 3 * self.data[self.place]

    def _font(self, *_: object) -> None:
        self.place = self.data.index(b"\0", self.place + 2) + 1

    def _size(self, *_: object) -> None:
        kind = self._byte()
        self.place += {101: 2, 100: 3}.get(kind, 1)


def _script(base: etree._Element, slots: Nodes, variation: int) -> etree._Element:
    filled = [slot for slot in slots if len(slot)] or slots[:1]
    if variation == RAISED:
        return _node("msup", base, filled[-1])
    if variation == LOWERED or len(filled) == 1:
        return _node("msub", base, filled[0])
    return _node("msubsup", base, *filled[:2])


def _large(slots: Nodes, signs: Nodes) -> Nodes:
    """What it is of, its limits, and its sign, which may be a word in a slot of its own."""
    of, *limits = slots
    sign = signs[-1] if signs else limits.pop()
    if not limits:
        return [sign, of]
    low, high = [*limits, _node("mrow")][:2]
    return [_node("munderover", sign, low, high), of]


READ: dict[int, Callable[[_Records, int, Nodes, int], None]] = {
    LINE: _Records._line,
    CHARACTER: _Records._character,
    TEMPLATE: _Records._template,
    PILE: _Records._pile,
    MATRIX: _Records._matrix,
    EMBELLISHMENT: _Records._embellishment,
    RULER: _Records._ruler,
    FONT: _Records._font,
    SIZE: _Records._size,
}
