"""The marks by which templates of chat models begin and end a turn."""

import re

_TEMPLATE_MARK = re.compile(
    r"<(?=[|\uff5c]|<?/?SYS>>|/?(?:start_of_turn|end_of_turn|start_of_image|s|bos|eos|pad|unk)>)"
    r"|\[(?=/?(?:INST|SYSTEM_PROMPT|AVAILABLE_TOOLS|TOOL_CALLS|TOOL_RESULTS)\])",
    re.IGNORECASE,
)


def without(text: str) -> str:
    """A blank in each mark by which some model's template begins or ends a turn.

    An engine takes it for the mark itself, wherever it stands.
    """
    return _TEMPLATE_MARK.sub(r"\g<0> ", text)
