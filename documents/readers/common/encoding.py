"""Bytes to text, whatever they were written in."""

import codecs
import encodings
import importlib
import pkgutil
import re
import unicodedata
from collections import Counter
from contextlib import suppress

from documents.readers.common.refusal import NotText

MARKS = (  # UTF-32 first: its mark begins with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Terminals ring, step back and change letters by some of them.
CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r\f\v\x1b\a\b\x0f"))
CONTROLS_PER_BYTE = 0.002
SAMPLE_BYTES, GUESS_BYTES = 200_000, 16 << 20
STRANGE = 0.02  # share of characters that the encoding does not have
LOOK_BYTES = 4_096
BROKEN_PER_LETTER = 0.05  # of those beyond ASCII, in a UTF-8 file that something has damaged
SEVEN_BITS = re.compile(r"iso-?2022|hz|utf-?7", re.IGNORECASE)  # every byte of them is ASCII too
LIKELY = 0.95  # share of the characters by which a text is one
EAST_ASIAN = frozenset({"CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO"})
JAPANESE = re.compile(rb"\x1b\$[@B]")
# What is declared, and what is written by that name: as browsers take it.
MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "iso8859-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
OLDER = ("mac_roman", "cp850")  # which the detector, made for web pages, does not know
# Bytes of which a language has some of each set, and those that it has none of.
TELLING = (
    ("cp1254", (b"\xdd\xfd",), b"\xe1\xe9\xed\xf3\xfa\xe6"),  # Turkish dotless i, as Czech y
    ("cp1257", (b"\xde\xf0\xfe", b"\xe8\xeb\xf8\xfb"), b"\xed\xf3\xfa\xfd"),  # Lithuanian
    ("cp1250", (b"\xd5\xf5", b"\xdb\xfb"), b"\xe3"),  # Hungarian, as Portuguese and French
)
SURE, SURER = 0.7, 0.2
EURO = re.compile("\\d ?¤|¤ ?\\d|[a-z]½[a-z]")  # or an œ: Latin-1 as it was mended for them
# A letter or sign beyond ASCII at a place where western texts have such ones.
IN_PLACE = re.compile(
    "[éèêëàâçùûîïôœæäöüßáíóúñåøãõìòþð…€°]|(?<![a-zß-ÿ])[À-ÖØ-Þ¿¡§]|(?<=\\w)’(?=\\w)"  # noqa: RUF001
    "|(?<=[\\s(])[“‘„«](?=\\w)|(?<=[\\w.,!?…])[”’»“](?!\\w)|(?<=\\s)[–—•](?=\\s)"  # noqa: RUF001
)


def decode(data: bytes, declared: str = "") -> str:
    """The text of the bytes. Raises NotText when they are none."""
    if encoding := marked(data):
        return _strictly(data, encoding)
    if b"\x00" in data or _controls(data) > CONTROLS_PER_BYTE * len(data):
        raise NotText
    if not declared and JAPANESE.search(data):
        declared = "iso2022_jp_2"
    declared = _meant(declared)
    order = (declared, "utf-8") if SEVEN_BITS.match(declared) else ("utf-8", declared)
    for encoding in filter(None, order):
        try:
            return data.decode(encoding)
        except (UnicodeError, LookupError):
            continue
    return _mended(data) or _guessed(data)


def _meant(name: str) -> str:
    with suppress(LookupError):
        name = codecs.lookup(name).name if name.lower() not in MEANT else name
    return MEANT.get(name.lower(), name)


def _mended(data: bytes) -> str:
    """UTF-8 but for a byte here and there; else nothing."""
    text = data.decode("utf-8", "replace")
    foreign = len(text) - len(text.encode("ascii", "ignore"))
    return text if text.count("\ufffd") <= BROKEN_PER_LETTER * foreign else ""


def marked(data: bytes) -> str:
    """The encoding that a byte order mark names, or UTF-16 by its zeros; else nothing."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return encoding
    head = data[:LOOK_BYTES]
    if four := _four_wide(head):
        return four
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 5 < len(head) or min(even, odd) * 20 > len(head):
        return _wide(head) if _controls(head) > CONTROLS_PER_BYTE * len(head) else ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _four_wide(head: bytes) -> str:
    """UTF-32: of every four bytes the highest is nothing, and the next nearly always."""
    quarter = len(head) // 4
    for encoding, first, second in (("utf-32-le", 3, 2), ("utf-32-be", 0, 1)):
        nothing, little = head[first::4].count(0), head[second::4].count(0)
        if quarter and nothing == len(head[first::4]) and little >= LIKELY * quarter:
            with suppress(NotText):
                _strictly(head[: quarter * 4], encoding)  # zeros alone are no text
                return encoding
    return ""


def _wide(head: bytes) -> str:
    """UTF-16 of another script than the Latin: its characters lie together, as noise never does."""
    for encoding in ("utf-16-le", "utf-16-be"):
        try:
            text = head[: len(head) - 4].decode(encoding)
        except UnicodeError:
            continue
        letters = [each for each in text if each > "\u024f" and _is_letter(each)]
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


def _is_letter(character: str) -> bool:
    """Or what is written above or below one."""
    return unicodedata.category(character)[0] in "LM"


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


def warm_up() -> None:
    """Import what any text might need, before that is impossible."""
    for found in pkgutil.iter_modules(encodings.__path__):
        with suppress(ImportError):
            importlib.import_module(f"encodings.{found.name}")
    importlib.import_module("heapq")  # counters do
    importlib.import_module("chardetng_py").detect(b"")


def _guessed(data: bytes) -> str:
    from chardetng_py import detect  # a web process that only looks at marks has no need

    encoding = _meant(detect(data[:GUESS_BYTES]))
    if encoding in {"cp1250", "cp1252"}:
        encoding = _decided(data[:SAMPLE_BYTES], encoding)
    text = data.decode(encoding, "replace")
    if text.count("\ufffd") > STRANGE * len(text):
        raise NotText
    return text


def _decided(data: bytes, encoding: str) -> str:
    """Where little text is all there is, by what no other language has."""
    if encoding == "cp1252" and (older := _older(data)) != "cp1252":
        return older
    high = set(data)
    telling = (
        better
        for better, some, none in TELLING
        if all(high & set(each) for each in some) and not high & set(none)
    )
    return next(telling, encoding)


def _older(data: bytes) -> str:
    """Windows's own, unless that of an old machine puts the letters where they belong."""
    high = len(data) - len(data.decode("ascii", "ignore"))
    share = {
        encoding: len(IN_PLACE.findall(data.decode(encoding, "replace"))) / high
        for encoding in ("cp1252", *OLDER)
    }
    if EURO.search(data.decode("cp1252", "replace")):
        return "iso8859-15"
    best = max(share, key=lambda encoding: share[encoding])
    return best if share["cp1252"] < min(SURE, share[best] - SURER) else "cp1252"
