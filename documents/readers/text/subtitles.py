"""Subtitles (SubRip, WebVTT, SBV, SubStation): what is said, as running text."""

import html
import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO, NamedTuple

from documents.readers.common.refusal import Empty
from documents.readers.common.source import Source
from documents.readers.page import Page
from documents.readers.text.plain import text_of

CLOCK = r"(?:(\d+):)?(\d\d?):(\d\d)[.,](\d{1,3})"
TIMES = re.compile(rf"\s*{CLOCK}\s*(?:-->|,)\s*{CLOCK}(?:\s+\S.*)?")
DIALOGUE = re.compile(rf"Dialogue:[^,]*,{CLOCK},{CLOCK},(?:[^,]*,){{6}}(.*)")  # SubStation
UNSAID = re.compile(r"Comment: ?\d+,\d+:\d\d:\d\d\.\d+,")  # SubStation
ASIDE = re.compile(r"(?:WEBVTT|NOTE|STYLE|REGION)\b")
SPEAKER = re.compile(r"<v(?:\.[\w.-]+)?\s++([^<>]++)>")
TAG = re.compile(r"</?[a-zA-Z][^<>]*>|<\d[\d:.]*>|</?>|\{\\[^{}]*\}|\{/?[a-zA-Z](?::[^{}]*)?\}")
NUMBER = re.compile(r"\s*\d+\s*")
SAYS = re.compile("[-\u2013\u2014]\\s*\\S")  # a line that another one says
ENDED = re.compile("[.!?\u2026:\u3002\uff01\uff1f][\"'\u201d\u2019)\\]\u266a]*$")
PAUSE = 2.0  # seconds between two paragraphs
BLINK = 0.1  # seconds in which nobody reads
PARAGRAPH = 600  # characters, after which a paragraph ends with its sentence


class Cue(NamedTuple):
    start: float
    end: float
    lines: list[str]


def parse(file: BinaryIO) -> Source:
    text = text_of(file.read())
    _, *cues = _cues(text)  # what stands before the first one is none
    text = "\n".join(_paragraphs(cues)) if cues else text
    if not text.strip():
        raise Empty
    return Source("", 1, [Page(None, text + "\n", [])])


def _cues(text: str) -> Iterator[Cue]:
    """What stands under times, up to the number or name of the next one."""
    cue, aside = Cue(0, 0, []), False
    for line in text.split("\n"):
        if UNSAID.match(line):
            continue
        if spoken := DIALOGUE.match(line):
            yield cue
            cue, aside = _cue(spoken, re.split(r"\\[Nn]", spoken[9])), False
        elif times := TIMES.fullmatch(line):
            yield _without_name(cue)
            cue, aside = _cue(times, []), False
        else:
            blank = not line.strip()
            begins = cue.lines[-1:] == [""] and ASIDE.match(line)
            aside = not blank and bool(aside or begins)
            if not aside:
                cue.lines.append(line.strip())
    yield cue


def _cue(found: re.Match[str], lines: list[str]) -> Cue:
    return Cue(_seconds(found.groups()[:4]), _seconds(found.groups()[4:8]), lines)


def _without_name(cue: Cue) -> Cue:
    """What the next one is called, mostly its number, stands after its lines."""
    *lines, last = cue.lines or [""]
    is_name = last and (lines[-1:] == [""] or NUMBER.fullmatch(last))
    return cue._replace(lines=lines) if is_name else cue


def _seconds(parts: Iterable[str | None]) -> float:
    hours, minutes, seconds, rest = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + float(f"0.{rest}")


def _paragraphs(cues: Iterable[Cue]) -> Iterator[str]:
    """Paragraphs: a pause ends one, and another speaker begins one."""
    line, end, speaker = "", 0.0, ""
    shown: list[str] = []  # in the cue before: captions that roll show their last line again
    for cue in cues:
        texts = [(_speaker(raw), _bare(raw)) for raw in cue.lines]
        rolls = sum(bool(text) for _, text in texts) > 1 or cue.end - cue.start < BLINK
        texts = [(by, text) for by, text in texts if text and not (rolls and text in shown)]
        paused = cue.start - end > PAUSE
        for by, text in texts:
            other = by not in {"", speaker}
            if line and (other or SAYS.match(text) or _is_over(line, paused)):
                yield line
                line = ""
            line = " ".join(filter(None, (line, f"{by}: {text}" if other else text)))
            speaker, paused = by or speaker, False
        shown, end = [text for _, text in texts] or shown, cue.end
    yield line


def _speaker(raw: str) -> str:
    found = SPEAKER.search(raw)
    return found[1].strip() if found else ""


def _bare(raw: str) -> str:
    return " ".join(html.unescape(TAG.sub("", raw)).split())


def _is_over(line: str, paused: bool) -> bool:
    return (paused or len(line) > PARAGRAPH) and ENDED.search(line) is not None
