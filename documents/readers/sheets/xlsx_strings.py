"""The strings that the cells of an Excel file share, and the signs that stand for others in them."""

import re
from typing import IO, Any

from openpyxl.reader.excel import SHARED_STRINGS, ExcelReader
from openpyxl.xml.constants import SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

STRING, RUN, WORDS, LOOK, STRUCK = (
    f"{{{SHEET_MAIN_NS}}}{name}" for name in ("si", "r", "t", "rPr", "strike")
)
# ST_Xstring of ECMA-376: signs that XML cannot have, and the underscore of what is none of them.
ESCAPED = re.compile(r"_x(00[01][0-9A-Fa-f]|005[Ff]|[Ff]{3}[EFef])_")


class Workbook(ExcelReader):  # type: ignore[misc]
    """The library's reader, which takes an escaped sign for one."""

    def read_strings(self) -> None:
        part = self.package.find(SHARED_STRINGS)
        if part is not None:
            with self.archive.open(part.PartName[1:]) as source:
                self.shared_strings = strings_of(source)

    def read_chartsheet(self, sheet: Any, rel: Any) -> None:
        """With where it is, as other sheets have it."""
        super().read_chartsheet(sheet, rel)
        self.wb._sheets[-1]._worksheet_path = rel.target


def strings_of(source: IO[bytes]) -> list[str]:
    strings = []
    for _, element in iterparse(source):
        if element.tag == STRING:
            strings.append(unescaped(text_of(element)))
            element.clear()
    return strings


def text_of(element: Any) -> str:
    """Without how it is read aloud, and without what is struck through."""
    parts = []
    for child in element:
        if child.tag == WORDS:
            parts.append(child.text or "")
        elif child.tag == RUN and not _is_struck(child):
            parts.append(child.findtext(WORDS) or "")
    return "".join(parts)


def _is_struck(run: Any) -> bool:
    struck = run.find(f"{LOOK}/{STRUCK}")
    return struck is not None and struck.get("val", "1") not in {"0", "false"}


def unescaped(text: str) -> str:
    return ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text) if "_x" in text else text
