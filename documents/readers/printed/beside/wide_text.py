"""Texts of pdfium's that it writes into what it is given, two bytes to a letter."""

import ctypes
from collections.abc import Callable

import pypdfium2.raw as pdfium_c

BYTES = 20_000  # of one text


def wide_text(read: Callable[[object, int], int]) -> str:
    """`read` is asked for the size in bytes first, then for the text; on one line."""
    size = min(read(None, 0), BYTES)
    if size <= 2:
        return ""
    held = ctypes.create_string_buffer(BYTES)
    read(ctypes.cast(held, ctypes.POINTER(pdfium_c.FPDF_WCHAR)), BYTES)
    return " ".join(held.raw[: size - 2].decode("utf-16-le", "replace").split("\0")[0].split())
