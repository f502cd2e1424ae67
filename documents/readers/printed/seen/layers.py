"""The layers of a PDF that are switched off: what is on them is not shown."""

import ctypes
from collections.abc import Sequence
from functools import cached_property
from typing import Any, BinaryIO

import pypdf
import pypdfium2.raw as pdfium_c

from documents.readers.common import passwords
from documents.readers.printed.seen import packed_root

PART = 1 << 20
NAMED = b"/OCProperties"
TURNED = (b"/AllOff", b"/AnyOff", b"/VE")  # what is shown when a layer is off, or by a rule
NAME_BYTES = 400
MARKS = 8  # of one text


class Layers:
    """Looked for in the file's bytes first, since hardly any file has layers."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.named = any_in(file, [NAMED]) or packed_root.says(file, NAMED)

    @cached_property
    def off(self) -> frozenset[str]:
        """The names that only layers have which are off."""
        return self._known[0]

    @cached_property
    def may_hide(self) -> bool:
        return self.named and self._known[1]

    @cached_property
    def _known(self) -> tuple[frozenset[str], bool]:
        """The names, and whether anything may be off at all."""
        if not self.named:
            return frozenset(), False
        place = self.file.tell()
        try:
            ruled = any_in(self.file, TURNED) or not any_in(self.file, [NAMED])
            off, other, automatic = _states(pypdf.PdfReader(self.file))
            return frozenset(off - other), ruled or automatic or bool(off)
        except Exception:  # noqa: BLE001 - pypdf raises errors of all kinds; then the picture says
            return frozenset(), True
        finally:
            self.file.seek(place)

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


def _states(book: pypdf.PdfReader) -> tuple[set[str], set[str], bool]:
    """The names of layers that are off, of the others, and whether a state goes by use."""
    if book.is_encrypted:
        book.decrypt(passwords.given())
    root: Any = book.trailer["/Root"]
    held = root["/OCProperties"]
    standard = held["/D"]
    listed = {name: _numbers(standard.get(name, [])) for name in ("/ON", "/OFF")}
    all_off = standard.get("/BaseState") == "/OFF"
    names: dict[bool, set[str]] = {True: set(), False: set()}
    for each in held.get("/OCGs", []):
        number = getattr(each, "idnum", None)
        is_off = number not in listed["/ON"] if all_off else number in listed["/OFF"]
        names[is_off].add(str(each.get_object().get("/Name", "")))
    return names[True], names[False], bool(standard.get("/AS"))


def _numbers(groups: Any) -> set[int]:
    return {number for each in groups if (number := getattr(each, "idnum", None))}


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
