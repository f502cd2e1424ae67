"""How an answer that was cut off is written on: from which text, after what, and how it is joined."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from chat.html import citations
from chat.models import Message, Provenance
from chat.record import provenance, transcript
from documents.finding.search import Passage
from localchat.lib.errors import Conflict
from localchat.lib.sentences import Sentence
from models_mgmt.engines import Turn

LEAST_TEXT = 1200  # characters of its end that the model is shown, whatever else has to go
SEAM = 240  # characters of what comes that may say again what stands there
FEWEST = 12  # characters that are no chance
_HALF_WORD = re.compile(r"(?<=\s)[^\W_]{1,30}\Z")
_WITHOUT_SPACES = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\u0e00-\u0e7f]")
_DOTS = re.compile(r"\A\s*(?:…|\.{3})\s*")


class Sent(NamedTuple):
    """What is sent so that the answer goes on."""

    turns: list[Turn]
    left_out: list[int]  # numbers of passages
    has_all_said: bool  # the talk before and the text so far


def can_go_on(answer: Message) -> bool:
    """Whether it was cut off in the middle of what a model wrote."""
    statuses = {Message.Status.STOPPED, Message.Status.INTERRUPTED, Message.Status.FAILED}
    was_cut = answer.reason == "length" or answer.status in statuses
    if not was_cut or not answer.text.strip():
        return False
    return Provenance.objects.filter(message=answer).exclude(turns=[]).exists()


def text_to_go_on_from(answer: Message) -> str:
    """Without the word that may only be half there. Raises Conflict."""
    if not can_go_on(answer):
        raise Conflict(Sentence("This answer did not break off, so there is nothing to continue."))
    row = answer.provenance
    if not all(turn.exact for turn in provenance.remade(row, provenance.sources_of(row))):
        raise Conflict(
            Sentence("What this answer was made from is not as it was. Ask again instead.")
        )
    half = _HALF_WORD.search(answer.text)
    if half is None or _WITHOUT_SPACES.search(half.group()):
        return answer.text
    return answer.text[: half.start()]


def citable(row: Provenance, sources: provenance.Sources) -> dict[int, Passage]:
    """What stood in the prompt, by number, as it stood there."""
    found: dict[int, Passage] = {}
    for piece in (piece for turn in row.turns for piece in turn["pieces"] if "source" in piece):
        source = sources.get((piece.get("of", row.message_id), piece["source"]))
        if source is not None:
            text = provenance.text_sent(piece, row.message_id, sources)
            found[piece["source"]] = transcript.passage_of(source)._replace(text=text)
    return found


def fitted(
    row: Provenance,
    sources: provenance.Sources,
    text: str,
    request: str,
    fits: Callable[[Sequence[Turn]], bool],
) -> Sent:
    """The call that was made, the text so far, and the request to go on with it.

    Where that does not fit, first the talk before goes, then passages that are not cited, then the
    beginning of the text, then the other passages.
    """
    system, *talk, asked = [
        Turn(turn.role, turn.text, turn.images) for turn in provenance.remade(row, sources)
    ]
    cited = set(citations.numbers(text))
    numbers = [piece["source"] for piece in row.turns[-1]["pieces"] if "source" in piece]
    worst_first = [n for n in numbers[::-1] if n not in cited]
    worst_first += [n for n in numbers[::-1] if n in cited]
    left_out: set[int] = set()
    shown = text

    def turns() -> list[Turn]:
        last = Turn(asked.role, provenance.last_without(row, sources, left_out), asked.images)
        said = [last if left_out else asked, Turn("assistant", shown), Turn("user", request)]
        return [system, *talk, *said]

    while not fits(turns()):
        if talk:
            talk = talk[2:]
        elif worst_first and (worst_first[0] not in cited or len(shown) <= LEAST_TEXT):
            left_out.add(worst_first.pop(0))
        elif len(shown) > LEAST_TEXT:
            shown = _end_of(shown, max(LEAST_TEXT, len(shown) // 2))
        else:
            break
    return Sent(turns(), sorted(left_out), len(turns()) == len(row.turns) + 2 and shown == text)


def _end_of(text: str, length: int) -> str:
    """About so many characters, from the beginning of a word on."""
    return text[-length:].partition(" ")[2] or text[-length:]


def joined(text: str, more: str) -> str:
    """What has to be added to the text, of what a model wrote to go on with it.

    Models like to say once more how the sentence began.
    """
    more = _DOTS.sub("", more)
    said, bare = text.rstrip(), more.lstrip()
    for length in range(min(len(said), len(bare), SEAM), FEWEST - 1, -1):
        if said.endswith(bare[:length]):
            more = bare[length:]
            break
    if text[-1:].isspace():
        return more.lstrip()
    needs_space = not more[:1].isspace() and more[:1] not in set(",.;:!?)]}%")
    return f" {more}" if needs_space and not _WITHOUT_SPACES.search(text[-1:]) else more


def newly_cited(
    text: str, passages: Mapping[int, Passage], numbers: Collection[int]
) -> dict[int, Passage]:
    """What the text cites of these passages beside the numbers."""
    wanted = [n for n in citations.numbers(text) if n in passages and n not in numbers]
    return {number: passages[number] for number in wanted}
