"""What stands inside of a signature (.p7m, or lines around it): the words, whoever signed them."""

import re

from asn1crypto import cms, pem

SIGNED, ENCRYPTED = "signed_data", "enveloped_data"
BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----"
AROUND = re.compile(
    rf"{BEGIN}[ \t]*\r?\n(?:[\w-]+:.*\n)*\r?\n((?:(?!{BEGIN})[\s\S])*?)"
    r"-----BEGIN PGP SIGNATURE-----[^-]*(?:-----END PGP SIGNATURE-----)?"
)
DASHED = re.compile(r"^- ", re.MULTILINE)


def content_of(data: bytes) -> bytes | None:
    """The signed bytes; None where there are none inside."""
    found = _content_info(data)
    if found is None or found["content_type"].native != SIGNED:
        return None
    try:
        content = found["content"]["encap_content_info"]["content"].native
    except (ValueError, TypeError, KeyError):
        return None
    return content if isinstance(content, bytes) else None


def bare(text: str) -> str:
    """Without the lines that sign a text in itself, and what they put before its dashes."""
    if BEGIN not in text:
        return text
    return AROUND.sub(lambda found: DASHED.sub("", found[1]), text)


def is_encrypted(data: bytes) -> bool:
    found = _content_info(data)
    return found is not None and found["content_type"].native == ENCRYPTED


def _content_info(data: bytes) -> cms.ContentInfo | None:
    try:
        if pem.detect(data[:4_096]):
            _, _, data = pem.unarmor(data)
        found = cms.ContentInfo.load(data)
        _ = found["content_type"].native  # the library takes it apart by then
    except (ValueError, TypeError, KeyError):
        return None
    return found
