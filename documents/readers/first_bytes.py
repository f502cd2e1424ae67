"""First bytes that say what a file is, told from texts which only speak of them."""

import re

from documents.readers.common.encoding import CONTROLS

LOOK_BYTES = 1_024
PDF = re.compile(rb"(?:\A|(?<=[\r\n\0\x1a\xbf]))%PDF-\d\.\d[ \t]*(?:[\r\n%]|\Z)")
PDF_ANYWHERE = re.compile(rb"%PDF-\d\.\d")
OBJECT = re.compile(rb"(?<!\d)\d++ ++\d++ ++obj\b")
RTF = re.compile(rb"\{\s*\\rtf(?:\d|\\|[ \r\n}])")
RTF_WORD = re.compile(rb"\\(?:ansi|mac|pca?|deff\d|fonttbl|uc\d|pard?|plain|f\d|b|i)(?![a-z])")
RTF_ENDINGS = {".rtf", ".doc", ".dot"}


def is_text(head: bytes) -> bool:
    """Whether nothing else than letters is in it, be they UTF-8."""
    if _has_controls(head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 4  # the last letter is cut
    return True


def _has_controls(head: bytes) -> bool:
    return head.translate(None, CONTROLS) != head


def is_pdf(head: bytes, ending: str) -> bool:
    """Something else may stand before it, as long as that is no text about such files."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\f\0")
    if start.startswith(b"%PDF-"):
        is_whole = PDF.match(start) or OBJECT.search(start)
        return ending == ".pdf" or bool(is_whole) or _has_controls(start)
    if not PDF_ANYWHERE.search(head, 0, LOOK_BYTES):
        return False
    if _has_controls(head):
        return True
    found = PDF.search(head, 0, LOOK_BYTES)
    named = ending == ".pdf" or not is_text(head)
    return bool(found and named and OBJECT.search(head, found.end()))


def is_rtf(head: bytes, ending: str) -> bool:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n\0")
    if not RTF.match(start):
        return False
    return ending in RTF_ENDINGS or not is_text(head) or bool(RTF_WORD.search(start))
