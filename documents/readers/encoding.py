"""Bytes to text, whatever they were written in."""

import codecs
import re
import unicodedata
from collections import Counter

from documents.readers.refusal import NotText

MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r\f\v\x1b"))
CONTROLS_PER_BYTE = 0.002
SAMPLE_BYTES = 200_000
LOOK_BYTES = 4_096
SEVEN_BITS = re.compile(r"iso-?2022|hz|utf-?7", re.IGNORECASE)  # every byte of them is ASCII too
LIKELY = 0.95  # share of the characters by which a text is one
EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
HEBREW = frozenset(range(0xE0, 0xFB))
TURKISH = frozenset("ĞİŞğış".encode("cp1254"))
ICELANDIC = frozenset("ÁÉÍÓÚÆáéíóúæ".encode("cp1252"))
JAPANESE = re.compile(rb"\x1b\$[@B]")


def decode(data: bytes, declared: str = "") -> str:
    """The text of the bytes. Raises NotText when they are none."""
    if encoding := marked(data):
        return _strictly(data, encoding)
    if b"\x00" in data or _controls(data) > CONTROLS_PER_BYTE * len(data):
        raise NotText
    if not declared and JAPANESE.search(data):
        declared = "iso2022_jp_2"
    order = (declared, "utf-8") if SEVEN_BITS.match(declared) else ("utf-8", declared)
    for encoding in filter(None, order):
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return _guessed(data)


def marked(data: bytes) -> str:
    """The encoding that a byte order mark names, or UTF-16 by its zeros; else nothing."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    head = data[: LOOK_BYTES // 2 * 2]
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 < len(head) or min(even, odd) * 20 > len(head):
        return _wide(head) if even or odd else ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _wide(head: bytes) -> str:
    """UTF-16 of another script than the Latin: its characters lie together, as noise never does."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = head[: len(head) - 4].decode(encoding)
        except UnicodeError:
            continue
        letters = [letter for letter in text if letter > "\u024f" and letter.isalpha()]
        scripts = Counter(unicodedata.name(letter, "").split(" ")[0] for letter in letters)
        main = {script for script, _ in scripts.most_common(1)} | EAST_ASIAN & set(scripts)
        if any("\uac00" <= letter <= "\ud7a3" for letter in letters) and "CJK" in main:
            main -= {"CJK"}  # of which noise is full too; a Korean text has few
        known = sum(count for script, count in scripts.items() if script in main)
        plain = sum(letter < "\u0250" and letter.isprintable() for letter in text)
        breaks = sum(text.count(each) for each in "\n\r\t\u3000\u3001\u3002\uff0c")
        if letters and known + plain + breaks >= LIKELY * len(text):
            return encoding
    return ""


def _strictly(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeError as error:
        raise NotText from error
    if _controls(text.encode("utf-8", "replace")) > CONTROLS_PER_BYTE * len(text):
        raise NotText
    return text


def _controls(data: bytes) -> int:
    return len(data) - len(data.translate(None, CONTROLS))


def _guessed(data: bytes) -> str:
    from charset_normalizer import from_bytes  # a web process that only looks at marks has no need

    matches = from_bytes(data[:SAMPLE_BYTES])
    best = matches.best()
    if best is None:
        raise NotText
    even = [match for match in matches if match.chaos <= best.chaos]
    western = any("cp1252" in match.could_be_from_charset for match in even)
    # Of encodings that make equally good text, the one that is in use.
    return data.decode(_told_apart(data, "cp1252" if western else best.encoding), "replace")


def _told_apart(data: bytes, encoding: str) -> str:
    """Hebrew looks like Russian without its most common letters, Turkish like Icelandic."""
    high = {byte for byte in data if byte >= 0xC0}
    if encoding == "cp1251" and high <= HEBREW:
        return "cp1255"
    if encoding == "cp1252" and high & TURKISH and not high & ICELANDIC:
        return "cp1254"
    return encoding
