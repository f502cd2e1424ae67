"""What stands inside of a signature (.p7m): the signed bytes, whoever signed them."""

from asn1crypto import cms, pem

SIGNED, ENCRYPTED = "signed_data", "enveloped_data"


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
