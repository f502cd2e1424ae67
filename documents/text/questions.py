"""Whether a text asks, as people do in words of their own, or names what it looks for."""

import re

_ASKS = re.compile(
    r"[?\u037e\u061f\uff1f]"
    r"|^\W*(?:how|what|when|where|which|who|whose|whom|why|can|could|might|must|shall|should|will|would"
    r"|do|does|did|is|are|was|were|am|has|have|had)\b"
    r"|\bI(?:['\u2019](?:m|ve|d|ll)\b| (?:am|was|can|cannot|have|had|do|did|don|get|got|see|use|want|need|would))\b"
    r"|\b(?:my|me|mine|we|our|us|you|your)\b",
    re.IGNORECASE,
)


def is_question(text: str) -> bool:
    """By its mark, in any script; in English also by its first word, or by who speaks in it."""
    return _ASKS.search(text) is not None
