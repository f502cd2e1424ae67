"""How OpenDocument sets letters: by styles, which are based on each other."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from lxml import etree

from documents.readers.common.symbol_fonts import is_symbol_font

OASIS = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}%s"
STYLE, DEFAULT = (OASIS % ("style", name) for name in ("style", "default-style"))
NAME, FAMILY, PARENT = (OASIS % ("style", name) for name in ("name", "family", "parent-style-name"))
PROPERTIES, FACE = (OASIS % ("style", name) for name in ("text-properties", "font-face"))
FONT, POSITION = (OASIS % ("style", name) for name in ("font-name", "text-position"))
STRUCK, STRUCK_TYPE = (OASIS % ("style", f"text-line-through-{name}") for name in ("style", "type"))
DISPLAY = OASIS % ("text", "display")
FONT_FAMILIES = (
    OASIS % ("svg-compatible", "font-family"),
    OASIS % ("xsl-fo-compatible", "font-family"),
)
TITLE = "Title"
DEEP = 20


class Look(NamedTuple):
    font: str = ""  # of symbols
    is_raised: bool = False
    is_hidden: bool = False
    is_struck: bool = False


PLAIN = Look()
Said = Mapping[str, str | bool]  # by the names of what a look has


class Looks:
    """The styles are in `roots`: those of later ones hold."""

    def __init__(self, roots: Iterable[etree._Element]) -> None:
        self.styles: dict[tuple[str, str], tuple[str, Said]] = {}
        self.fonts: dict[str, str] = {}
        self.titles: dict[str, bool] = {}
        self.looks: dict[tuple[str, str, Look], Look] = {}
        self.known: dict[tuple[str, str], Said] = {}
        for root in roots:
            for face in root.iter(FACE):
                family = next(filter(None, map(face.get, FONT_FAMILIES)), "")
                self.fonts[face.get(NAME, "")] = family.strip("'\"")
            for style in root.iter(STYLE):
                key = style.get(FAMILY, ""), style.get(NAME, "")
                self.styles[key] = style.get(PARENT, ""), self._said(style)

    def of(self, family: str, name: str | None, around: Look = PLAIN) -> Look:
        if not name:
            return around
        key = family, name, around
        if key not in self.looks:
            said = self._all_said(family, name)
            look = around._replace(**said) if said else around  # type: ignore[arg-type]
            self.looks[key] = PLAIN if look == PLAIN else look
        return self.looks[key]

    def is_title(self, name: str) -> bool:
        """Whether a paragraph's style is that of titles, or made from it."""
        if name not in self.titles:
            above = name
            for _ in range(DEEP):
                if not above or above == TITLE:
                    break
                above = self.styles.get(("paragraph", above), ("", {}))[0]
            self.titles[name] = above == TITLE
        return self.titles[name]

    def _all_said(self, family: str, name: str) -> Said:
        key = family, name
        if key not in self.known:
            steps: list[Said] = []
            for _ in range(DEEP):
                name, said = self.styles.get((family, name), ("", {}))
                steps.append(said)
                if not name:
                    break
            self.known[key] = {
                key: value for said in reversed(steps) for key, value in said.items()
            }
        return self.known[key]

    def _said(self, style: etree._Element) -> Said:
        properties = style.find(PROPERTIES)
        if properties is None:
            return {}
        said: dict[str, str | bool] = {}
        if font := properties.get(FONT) or properties.get(FONT_FAMILIES[1]):
            name = self.fonts.get(font, font) or font
            said["font"] = name if is_symbol_font(name) else ""
        if position := properties.get(POSITION):
            said["is_raised"] = _is_above(position)
        if display := properties.get(DISPLAY):
            said["is_hidden"] = display == "none"
        if struck := properties.get(STRUCK) or properties.get(STRUCK_TYPE):
            said["is_struck"] = struck != "none"
        return said


def _is_above(position: str) -> bool:
    rise = position.split(maxsplit=1)[0] if position.strip() else ""
    return rise == "super" or (
        rise.endswith("%") and rise[:-1].replace(".", "").strip("0").isdigit()
    )
