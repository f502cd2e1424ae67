"""What of the found passages is sent, under which numbers, and what stands in the talk already."""

from collections.abc import Callable, Sequence

from chat import prompt
from chat.answers.excerpts import Excerpt, excerpts
from chat.prompt import Chosen, SentPassage
from chat.record.spans import Span
from chat.record.transcript import Transcript
from documents.finding.search import Passage

EVERYTHING = 10**9  # tokens
# Of what the best is worth, where there is no time for all. Of 300 questions about short paragraphs
# 291 keep their answer in 498 tokens so, and 294 in 961 otherwise.
WORTH_READING = 0.08


class PassageChoice:
    """Chooses for `prompt.build`; afterwards it knows the numbers."""

    def __init__(
        self,
        question: str,
        passages: Sequence[Passage],  # best first
        begun: Transcript,
        count: Callable[[str], int],
        *,
        is_hurried: bool = False,
        sure: Sequence[Span] = (),
    ) -> None:
        self.question, self.passages, self.begun, self.count = question, passages, begun, count
        self.least = WORTH_READING if is_hurried else 0.0
        self.sure = sure

    def __call__(self, room: int) -> Chosen:
        found = excerpts(
            self.question, self.passages, room, self.count, least=self.least, sure=self.sure
        )
        every = excerpts(self.question, self.passages, EVERYTHING, self.count)
        above: list[int] = []
        sent = []
        for each in found:
            if standing := self._standing(each):
                above += standing
            else:
                sent.append(self._sent(each))
        return Chosen(sent, sorted(set(above)), is_all=_kept(found) == _kept(every))

    def number(self, place: int) -> int:
        """Of the passage at this place, from 0: after those that stand in the talk."""
        return self.begun.last + place + 1

    def found(self, chosen: Chosen) -> dict[int, Passage]:
        """What was found, by the number that it has now, best first."""
        sent = {number for each in chosen.sent for number, _, _ in each.spans}
        found = {}
        for place, passage in enumerate(self.passages):
            number = self.number(place)
            standing = set(self.begun.spans_of(passage)) & set(chosen.above)
            if number in sent or not standing:
                found[number] = passage
            else:
                # Under one number may stand what lies beside its own passage, too.
                found.setdefault(min(standing), self.begun.standing[min(standing)])
        return found

    def left_out(self, chosen: Chosen) -> list[int]:
        """The numbers of those of which nothing is sent and nothing stands in the talk."""
        sent = {number for each in chosen.sent for number, _, _ in each.spans}
        return [n for n in self.found(chosen) if n not in sent and n not in chosen.above]

    def _standing(self, excerpt: Excerpt) -> set[int]:
        """The numbers under which all of it stands in the talk; none if a part of it does not."""
        numbers = [self._standing_span(span) for span in excerpt.spans]
        return set() if None in numbers else {number for number in numbers if number}

    def _standing_span(self, span: Span) -> int | None:
        spans = self.begun.spans_of(self.passages[span.place])
        for number, parts in spans.items():
            if any(start <= span.start and span.end <= end for start, end in parts):
                return number
        return None

    def _sent(self, excerpt: Excerpt) -> SentPassage:
        number, passage = self.number(excerpt.place), self.passages[excerpt.place]
        text = prompt.numbered(number, passage, excerpt.text)
        spans = [(self.number(each.place), each.start, each.end) for each in excerpt.spans]
        return SentPassage(number, text, spans, self.count(text) + prompt.GAP_TOKENS)


def _kept(found: Sequence[Excerpt]) -> list[list[Span]]:
    return sorted(each.spans for each in found)
