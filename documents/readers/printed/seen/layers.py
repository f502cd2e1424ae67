"""The layers of a PDF that are switched off: what is on them is not shown."""

import ctypes
from collections.abc import Sequence
from functools import cached_property
from typing import Any, BinaryIO

import pypdf
import pypdfium2.raw as pdfium_c

from documents.readers.common import passwords

PART = 1 << 20
NAMED = b"/OCProperties"
NAME_BYTES = 400
MARKS = 8  # of one text


class Layers:
    """Looked for in the file's bytes first, since hardly any file has layers."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.named = any_in(file, [NAMED])

    @cached_property
    def off(self) -> frozenset[str]:
        """The names of those that are off."""
        if not self.named:
            return frozenset()
        place = self.file.tell()
        try:
            self.file.seek(0)
            return frozenset(_off(pypdf.PdfReader(self.file)))
        except Exception:  # noqa: BLE001 - pypdf raises errors of all kinds; then all is shown
            return frozenset()
        finally:
            self.file.seek(place)

    @property
    def may_hide(self) -> bool:
        return self.named and bool(self.off)

    def has_off(self, drawn: pdfium_c.FPDF_PAGEOBJECT) -> bool:
        """Whether what is drawn is marked as of a layer that is off."""
        for number in range(min(pdfium_c.FPDFPageObj_CountMarks(drawn), MARKS)):
            mark = pdfium_c.FPDFPageObj_GetMark(drawn, number)
            if _name(mark) == "OC" and _layer(mark) in self.off:
                return True
        return False


def any_in(file: BinaryIO, wanted: Sequence[bytes]) -> bool:
    """Whether one of them is among the file's bytes, as far as these are not packed."""
    file.seek(0)
    before, found = b"", False
    while not found and (part := file.read(PART)):
        found = any(each in before + part for each in wanted)
        before = part[-max(map(len, wanted)) :]
    file.seek(0)
    return found


def _off(book: pypdf.PdfReader) -> set[str]:
    if book.is_encrypted:
        book.decrypt(passwords.given())
    root: Any = book.trailer["/Root"]
    held = root["/OCProperties"]
    standard = held["/D"]
    groups: list[Any] = list(held.get("/OCGs", []))
    listed = {"/ON": standard.get("/ON", []), "/OFF": standard.get("/OFF", [])}
    off = groups if standard.get("/BaseState") == "/OFF" else listed["/OFF"]
    on = listed["/ON"] if off is groups else []
    shown = {getattr(each, "idnum", None) for each in on}
    return {
        str(each.get_object().get("/Name", ""))
        for each in off
        if getattr(each, "idnum", None) not in shown
    }


def _name(mark: pdfium_c.FPDF_PAGEOBJECTMARK) -> str:
    held, size = ctypes.create_string_buffer(NAME_BYTES), ctypes.c_ulong()
    pdfium_c.FPDFPageObjMark_GetName(
        mark, ctypes.cast(held, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), NAME_BYTES, size
    )
    return _decoded(held, size.value)


def _layer(mark: pdfium_c.FPDF_PAGEOBJECTMARK) -> str:
    held, size = ctypes.create_string_buffer(NAME_BYTES), ctypes.c_ulong()
    pdfium_c.FPDFPageObjMark_GetParamStringValue(
        mark, b"Name", ctypes.cast(held, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), NAME_BYTES, size
    )
    return _decoded(held, size.value)


def _decoded(held: "ctypes.Array[ctypes.c_char]", size: int) -> str:
    return held.raw[: max(min(size, NAME_BYTES) - 2, 0)].decode("utf-16-le", "replace")
