"""MathML, as pages, books and OpenDocument have it, as linear text."""

from collections.abc import Callable, Sequence

from lxml import etree

from documents.readers.formula.linear_formulas import (
    accented,
    fraction,
    index,
    joined,
    limits,
    matrix,
    power,
    root,
)

APART = {"mfrac", "msup", "msqrt", "mroot", "msubsup", "mmultiscripts"}
TOKENS = {"mi", "mn", "mo", "mtext", "ms"}
UNSEEN = dict.fromkeys(range(0x2061, 0x2065))  # "applied to", "times" and the like
SKIPPED = {"annotation", "annotation-xml", "mphantom", "none", "mprescripts", "maligngroup"}
TALL = {"\u2211", "\u220f", "\u222b", "\u22c3", "\u22c2", "lim", "max", "min"}


def of_mathml(element: etree._Element) -> str:
    """Of a `math` or of anything in it, in presentation markup."""
    name = _name(element)
    if name in TOKENS:
        return " ".join("".join(element.itertext()).translate(UNSEEN).split())
    if name in {"mspace", "mtr", "mlabeledtr"} | SKIPPED or not name:
        return " " if name == "mspace" else ""
    if build := BUILDERS.get(name):
        return build(_parts(element), element)
    return _row(element)


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2].lower() if isinstance(element.tag, str) else ""


def _row(element: etree._Element) -> str:
    if not len(element):  # of writers that leave the tokens out
        return " ".join((element.text or "").split())
    return joined((_with_blanks(child), _name(child) in APART) for child in element)


def _with_blanks(element: etree._Element) -> str:
    """With the blanks at the ends of a text, which are kept as such that do not break."""
    text = of_mathml(element)
    if _name(element) != "mtext":
        return text
    whole = "".join(element.itertext()).strip(" \t\r\n")
    return f"{' ' * whole[:1].isspace()}{text}{' ' * whole[-1:].isspace()}"


def _parts(element: etree._Element) -> list[str]:
    """Those of a fraction, power or root; a missing one is empty."""
    parts = [of_mathml(child) for child in element if _name(child) not in {"", "annotation"}]
    return [*parts, "", "", ""]


def _fraction(parts: Sequence[str], element: etree._Element) -> str:
    if element.get("linethickness", "").rstrip("pxemt") in {"0", "0."}:
        return f"{parts[0]}; {parts[1]}"
    return fraction(parts[0], parts[1])


def _under_over(base: str, below: str, above: str) -> str:
    return limits(base, below, above) + (" " if base in TALL else "")


def _both(base: str, below: str, above: str) -> str:
    if base in TALL:
        return _under_over(base, below, above)
    return power(index(base, below), above)


def _over(base: str, mark: str) -> str:
    return accented(base, mark) if len(mark) == 1 else _under_over(base, "", mark)


def _scripts(parts: Sequence[str], element: etree._Element) -> str:
    """A base with scripts behind it, and after a parting element those before it."""
    base, below, above, *_ = parts
    names = [_name(child) for child in element]
    if "mprescripts" not in names:
        return power(index(base, below), above)
    place = names.index("mprescripts")
    before = [of_mathml(child) for child in element[place + 1 : place + 3]]
    behind = [*(of_mathml(child) for child in element[1:place]), "", ""]
    return limits("", *before[:2]) + " " + power(index(base, behind[0]), behind[1])


def _table(_: Sequence[str], element: etree._Element) -> str:
    rows = [row for row in element if _name(row) in {"mtr", "mlabeledtr"}]
    if all(len(row) == 1 for row in rows):
        return "; ".join(map(_row, (cell for row in rows for cell in row)))
    return matrix([_row(cell) for cell in row] for row in rows)


def _fenced(_: Sequence[str], element: etree._Element) -> str:
    marks = element.get("separators", ",").split() or [""]
    texts = [of_mathml(child) for child in element]
    inner = "".join(
        text + (marks[min(place, len(marks) - 1)] if place < len(texts) - 1 else "")
        for place, text in enumerate(texts)
    )
    return f"{element.get('open', '(')}{inner}{element.get('close', ')')}"


BUILDERS: dict[str, Callable[[Sequence[str], etree._Element], str]] = {
    "mfrac": _fraction,
    "msup": lambda parts, _: power(parts[0], parts[1]),
    "msub": lambda parts, _: index(parts[0], parts[1]),
    "msubsup": lambda parts, _: _both(*parts[:3]),
    "munderover": lambda parts, _: _under_over(*parts[:3]),
    "munder": lambda parts, _: _under_over(parts[0], parts[1], ""),
    "mover": lambda parts, _: _over(parts[0], parts[1]),
    "msqrt": lambda _, element: root(_row(element)),
    "mroot": lambda parts, _: root(parts[0], parts[1]),
    "mmultiscripts": _scripts,
    "mtable": _table,
    "mfenced": _fenced,
    "semantics": lambda parts, _: parts[0],
}
