"""The words of an Outlook message that has them as packed RTF."""

import re

from compressed_rtf import decompress

from documents.readers.old_word import rtf

PICTURE = re.compile(r"\bcid:\S{1,300}@\S+")  # the place of one
RTF_BYTES = 16 << 20  # packed: more is no letter


def text_of(data: bytes) -> str:
    if not 0 < len(data) < RTF_BYTES:
        return ""
    try:
        return PICTURE.sub("", rtf.text_of(decompress(data)))
    except Exception:  # noqa: BLE001 - the library raises that; without a body it is a letter still
        return ""
