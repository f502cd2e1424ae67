"""What is told in the place of what is no text: pictures, formulas, links, reading aids."""

import re
from collections.abc import Callable

from lxml import etree

from documents.readers.common import stand_ins
from documents.readers.common.tidy import one_line
from documents.readers.formula.formulas import of_mathml
from documents.readers.web_page import svg

FORMULA_ALT = re.compile(r"^\s*\{\\(?:display|text)style\s*+(.*)\}\s*$", re.DOTALL)
LINKS = 100  # with more of them they are what the page is made of
AROUND = {"nav", "header", "footer", "menu"}  # whose links lead to other pages
ANNOTATION = "annotation"
TWICE = {"katex-html", "MathJax_Preview"}
READING, BRACKET = {"rt", "rtc"}, "rp"
LINE_BREAK = re.compile(r"(?<![^\S\n])[^\S\n]*+\n\s*+")


def described(picture: etree._Element) -> str:
    """By its alternative text."""
    text = picture.get("alt") or picture.get("aria-label") or ""
    if formula := FORMULA_ALT.match(text):
        return one_line(formula[1])
    return stand_ins.picture(text)


def formula(element: etree._Element) -> str:
    said = of_mathml(element).strip()
    if said:
        return said
    noted = (each for each in element.iter() if svg.name_of(each) == ANNOTATION)
    tex = next(("".join(each.itertext()) for each in noted), "") or element.get("alttext", "")
    return one_line(tex)


def is_twice(element: etree._Element) -> bool:
    """A formula's drawing, beside which it is told in another way."""
    kinds = element.get("class", "")
    return ("katex" in kinds or "MathJax" in kinds) and not TWICE.isdisjoint(kinds.split())


def drawn_formula(element: etree._Element) -> etree._Element | None:
    """The formula itself, of a box in which a program drew it."""
    kinds = element.get("class", "")
    drawn = element.tag == "mjx-container" or ("MathJax" in kinds and "MathJax" in kinds.split())
    return next(element.iter("math"), None) if drawn else None


def ruby(element: etree._Element, said: Callable[[etree._Element], str]) -> tuple[str, str]:
    """The words, and how they are read, so that neither is torn by the other."""
    words, readings = element.text or "", ""
    for child in element:
        name = svg.name_of(child)
        if name in READING:
            readings += said(child)
        elif name and name != BRACKET:
            words += said(child)
        words += child.tail or ""
    return LINE_BREAK.sub("", words).strip(), readings.strip()


def goes_on(element: etree._Element) -> bool:
    """Whether another word with a reading follows at once."""
    after = element.getnext()
    return not (element.tail or "").strip() and after is not None and after.tag == element.tag


def address(link: etree._Element, words: str) -> str:
    """Where it leads, unless its words say so."""
    if next(link.iterancestors(*AROUND), None) is not None:
        return ""
    return stand_ins.address(link.get("href") or "", words)


def named(element: etree._Element) -> str:
    """What is read out, where there is nothing to see but a drawing."""
    if "pagebreak" in f"{element.get('role')} {element.get('epub:type')}":
        return ""
    return one_line(element.get("aria-label") or "")
