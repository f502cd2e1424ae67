"""Whether a text claims something, as texts themselves do, and neither asks nor names it."""

import re

_END = re.compile(r"[.\u3002\uff0e][\"'\u201d\u2019)\]]*\s*$")
_ASKS = re.compile(
    r"[?\u037e\u061f\uff1f]"
    r"|^\W*(?:how|what|when|where|which|who|whose|whom|why|can|could|might|must|shall|should|will|would"
    r"|do|does|did|is|are|was|were|am|has|have|had|tell|show|list|find|give|explain|describe|summari[sz]e"
    r"|compare|please)\b"
    r"|\b(?:I|I['\u2019](?:m|ve|d|ll)|my|me|mine|we|our|us|you|your)\b",
    re.IGNORECASE,
)


def is_claim(text: str) -> bool:
    """A sentence with its full stop, in which, as far as English tells, nobody asks or speaks."""
    return _END.search(text) is not None and _ASKS.search(text) is None
