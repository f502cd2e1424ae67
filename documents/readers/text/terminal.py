"""What a terminal shows of a text: no colours, no cursor, and of a line that is written over the last."""

import re

ESCAPE, BACK = "\x1b", "\b"
STEPS = re.compile("([\b]+)")
SEQUENCE = re.compile(
    "\x1b(?:"
    r"\[[0-?]*[ -/]*[@-~]"  # colours, cursor
    "|[\\]PX^_][^\x07\x1b\n]*(?:\x07|\x1b\\\\)?"  # titles, links
    "|[ -/]+[0-~]|[78=>cDEHMNOZ])"
)
WRITTEN_OVER = re.compile(r"(?m)^[^\n]*\r(?=[^\r\n])")
# What is left where a program took the sign itself away, or wrote it out.
REMAINS = re.compile(r"(?:\^\[|#033|\u241b|\ufffd)?\[(?:\d{1,3}(?:;\d{1,3})*)?m")
RESET = re.compile(r"\[0?m")
RESETS = 2


def without_escapes(text: str) -> str:
    text = _uncoloured(text.replace("\x9b", "\x1b[") if "\x9b" in text else text)
    return _typed_over(text) if BACK in text else text


def _typed_over(text: str) -> str:
    """A letter goes before each step back: of one that is set twice, or was mistyped."""
    kept: list[str] = []
    for piece in STEPS.split(text):
        if piece.startswith(BACK):
            _step_back(kept, len(piece))
        elif piece:
            kept.append(piece)
    return "".join(kept)


def _step_back(kept: list[str], steps: int) -> None:
    """No further than to where the line begins."""
    while steps and kept and not kept[-1].endswith("\n"):
        last = kept.pop()
        count = min(steps, len(last) - last.rfind("\n") - 1)
        steps -= count
        if rest := last[: len(last) - count]:
            kept.append(rest)


def _uncoloured(text: str) -> str:
    if ESCAPE in text:
        bare, count = SEQUENCE.subn("", text)
        return WRITTEN_OVER.sub("", bare) if count else text
    if "[0m" in text and len(RESET.findall(text)) >= RESETS:
        return REMAINS.sub("", text)
    return text
