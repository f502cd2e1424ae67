"""Formulas as linear text: those of Word (OMML), and MathML from its own module."""

from collections.abc import Callable

from lxml import etree

from documents.readers.formula.formulas_mathml import of_mathml
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

__all__ = ["of_mathml", "of_omml"]

Builder = Callable[[etree._Element], str]
APART = {"f", "sSup", "rad", "nary", "sPre", "func"}  # which would fuse with a figure beside them


def of_omml(element: etree._Element) -> str:
    """Of an oMath or oMathPara, whose formulas get a line each."""
    if _name(element) == "oMathPara":
        return "\n".join(of_omml(each) for each in element if _name(each) == "oMath")
    return _sequence(element)


def _name(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _sequence(element: etree._Element) -> str:
    made = ((child, BUILDERS.get(_name(child))) for child in element)
    return joined((build(child), _name(child) in APART) for child, build in made if build)


def _part(element: etree._Element, name: str) -> str:
    found = next((child for child in element if _name(child) == name), None)
    return "" if found is None else _sequence(found)


def _set(element: etree._Element, name: str, otherwise: str = "") -> str:
    """A property that is said of the whole, such as the sign of a sum."""
    for properties in element:
        if _name(properties).endswith("Pr"):
            for child in properties:
                if _name(child) == name:
                    values = (text for key, text in child.attrib.items() if key.endswith("}val"))
                    return str(next(values, otherwise if name == "type" else ""))
    return otherwise


def _run(element: etree._Element) -> str:
    return "".join(child.text or "" for child in element if _name(child) == "t")


def _fraction(element: etree._Element) -> str:
    above, below = _part(element, "num"), _part(element, "den")
    return f"{above}; {below}" if _set(element, "type") == "noBar" else fraction(above, below)


def _nary(element: etree._Element) -> str:
    sign = limits(_set(element, "chr", "\u222b"), _part(element, "sub"), _part(element, "sup"))
    return f"{sign} {_part(element, 'e')}"


def _delimited(element: etree._Element) -> str:
    begin, end = _set(element, "begChr", "("), _set(element, "endChr", ")")
    parts = [_sequence(each) for each in element if _name(each) == "e"]
    return begin + _set(element, "sepChr", "|").join(parts) + end


def _function(element: etree._Element) -> str:
    name, of = _part(element, "fName"), _part(element, "e")
    return f"{name}{of}" if of.startswith(("(", "[", "{")) else f"{name} {of}"


def _root(element: etree._Element) -> str:
    hides = _set(element, "degHide", "0") in {"1", "on", "true", ""}
    return root(_part(element, "e"), "" if hides else _part(element, "deg"))


def _matrix(element: etree._Element) -> str:
    rows = (row for row in element if _name(row) == "mr")
    return matrix([_sequence(each) for each in row] for row in rows)


def _lines(element: etree._Element) -> str:
    return "; ".join(_sequence(each) for each in element if _name(each) == "e")


def _phantom(element: etree._Element) -> str:
    return "" if _set(element, "show", "1") in {"0", "off", "false"} else _part(element, "e")


def _of(build: Callable[..., str], *names: str) -> Builder:
    return lambda element: build(*(_part(element, name) for name in names))


BUILDERS: dict[str, Builder] = {
    "r": _run,
    "f": _fraction,
    "nary": _nary,
    "d": _delimited,
    "func": _function,
    "rad": _root,
    "m": _matrix,
    "eqArr": _lines,
    "phant": _phantom,
    "sSup": _of(power, "e", "sup"),
    "sSub": _of(index, "e", "sub"),
    "sSubSup": _of(lambda base, sub, sup: power(index(base, sub), sup), "e", "sub", "sup"),
    "sPre": _of(lambda sub, sup, base: f"{limits('', sub, sup)} {base}", "sub", "sup", "e"),
    "limLow": _of(lambda base, low: limits(base, low, ""), "e", "lim"),
    "limUpp": _of(lambda base, high: limits(base, "", high), "e", "lim"),
    "acc": lambda element: accented(_part(element, "e"), _set(element, "chr", "\u0302")),
    **dict.fromkeys(("bar", "groupChr", "borderBox", "box"), _of(str, "e")),
    **dict.fromkeys(("oMath", "e", "ins", "moveTo", "hyperlink", "smartTag", "sdt"), _sequence),
    **dict.fromkeys(("sdtContent", "num", "den"), _sequence),
}
