"""A line of pieces that are set differently, as one text that says what a person sees of it."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from documents.readers.common.hidden import hidden
from documents.readers.common.raised import raised


class Run(NamedTuple):
    text: str
    raised: bool = False
    hidden: bool = False


def line_of(runs: Iterable[Run]) -> str:
    runs = list(runs)
    if not any(run.raised or run.hidden for run in runs):
        return "".join([run.text for run in runs])
    line = ""
    for is_hidden, group in groupby(runs, key=lambda run: run.hidden):
        text = _raised_in(group, "" if is_hidden else line)
        if is_hidden and text.strip():
            line = f"{line}{_blank_behind(line, text)}{hidden(text)}"
        elif not is_hidden:
            line += text if not line.endswith("]") or not text[:1].isalnum() else f" {text}"
    return line


def _raised_in(runs: Iterable[Run], before: str) -> str:
    line = before
    for is_raised, group in groupby(runs, key=lambda run: run.raised):
        text = "".join(run.text for run in group)
        line += raised(line, text) if is_raised and text.strip() else text
    return line[len(before) :]


def _blank_behind(line: str, text: str) -> str:
    return "" if not line or line[-1].isspace() or text[0].isspace() else " "
