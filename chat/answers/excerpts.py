"""Passages cut down to what answers: sentences and table rows, as many as there is time to read."""

from collections.abc import Callable, Hashable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from chat import prompt
from chat.answers.side_by_side import Joined, joined
from chat.grounding.units import Unit, worth_of_terms
from chat.record.spans import Span, text_of
from documents.finding.search import Passage
from documents.text import words

PROSE, ROW = 1.0, 6.0  # what a sentence and a table's row are worth without a word of the question
WORDS = 20.0  # and what all of its words are worth
AROUND = 0.1  # of that, for a word that stands in the head of the table or next to it
LEAST = 0.05  # of a passage's score
GAP = 2  # tokens of the line that stands for what is left out


class Excerpt(NamedTuple):
    """What is kept of a passage, or of several that stand side by side in a document."""

    place: int  # of the best of them in `passages`, from 0
    places: list[int]  # of all of them that something is kept of, in the document's order
    spans: list[Span]  # in the document's order; a table's head may be of one that is not in places
    text: str  # what `text_of` makes of the spans


class _Choice(NamedTuple):
    """A sentence or a row with all that it needs."""

    worth: float
    of: int  # the place of the joined passages that have it
    at: int  # the place of the unit itself in them
    units: frozenset[int]


def excerpts(
    question: str,
    passages: Sequence[Passage],
    room: int,
    count: Callable[[str], int],
    *,
    least: float = 0.0,
    sure: Sequence[Span] = (),
) -> list[Excerpt]:
    """What answers best in `room` tokens, titles included; the best first, a page in its order.

    Where not all has room, what is worth less than this share of the best is left out all the same.
    `sure`: parts of the passages that go before all others.

    Of the 186 figures and words that answer questions about annual reports, 89 stood in 1,000
    tokens of whole passages and 121 in 2,000. In 1,000 tokens of excerpts stand 112 with eight
    passages and 121 with twelve, the constants having been chosen on them; it takes 6 ms.
    """
    groups = joined(passages)
    costs = [_Costs(passages, group, count) for group in groups]
    choices = _choices(question, passages, groups)
    if sure:
        first = [each for each in choices if _has_any(groups[each.of], each, sure)]
        choices = [*first, *(each for each in choices if each not in first)]
    taken = _taken(choices, costs, room)
    if least and len(taken) < len(choices):
        best = max(each.worth for each in choices)
        worth = [
            each
            for each in choices
            if each.worth >= least * best or _has_any(groups[each.of], each, sure)
        ]
        taken = _taken(worth, costs, room)
    made = _kept_parts(passages, groups, taken)
    while taken and _tokens(passages, made, count) > room:  # more at times than its parts alone
        taken.pop()
        made = _kept_parts(passages, groups, taken)
    return made


def _taken(choices: Sequence[_Choice], costs: Sequence["_Costs"], room: int) -> list[_Choice]:
    """Each that fits into what is left of the room, with what is there already."""
    kept: list[set[int]] = [set() for _ in costs]
    taken = []
    for choice in choices:
        new = choice.units - kept[choice.of]
        tokens = costs[choice.of].of(new, kept[choice.of]) if new else 0
        if tokens <= room:
            room -= tokens
            kept[choice.of] |= new
            taken.append(choice)
    return taken


def _has_any(group: Joined, choice: _Choice, sure: Sequence[Span]) -> bool:
    unit = group.units[choice.at]
    return any(
        span.place == each.place and span.start < each.end and each.start < span.end
        for span in group.spans(unit.start, unit.end)
        for each in sure
    )


class _Costs:
    """What the units of a group cost in tokens."""

    def __init__(
        self, passages: Sequence[Passage], group: Joined, count: Callable[[str], int]
    ) -> None:
        self.units = [count(unit.text) + 1 for unit in group.units]
        self.title = count(_titled(passages, min(group.places), "")) + prompt.GAP_TOKENS

    def of(self, new: frozenset[int], kept: set[int]) -> int:
        tokens = sum(self.units[each] for each in new)
        if not kept:
            return tokens + self.title
        is_apart = not any({each - 1, each + 1} & kept for each in new)
        return tokens + GAP * is_apart


def _titled(passages: Sequence[Passage], place: int, text: str) -> str:
    return f"[{place + 1}] {prompt.title(passages[place])}\n{text}"


def _tokens(
    passages: Sequence[Passage], made: Sequence[Excerpt], count: Callable[[str], int]
) -> int:
    texts = (_titled(passages, each.place, each.text) for each in made)
    return sum(count(text) + prompt.GAP_TOKENS for text in texts)


def _choices(question: str, passages: Sequence[Passage], groups: Sequence[Joined]) -> list[_Choice]:
    """All units, those first that are worth most, whatever they cost.

    By their worth for each token of cost, fewer answers were kept: what is short is worth little.
    """
    stems = [[frozenset(words.terms(unit.text)) for unit in each.units] for each in groups]
    worth = worth_of_terms(words.query(question), list(chain.from_iterable(stems)))
    choices = []
    for of, group in enumerate(groups):
        for at, needs in enumerate(_needs(group.units)):
            place = group.place_at(group.units[at].start)
            if place in group.places:
                said = _words_held(worth, stems[of], at, needs)
                score = max(passages[place].score, LEAST) ** 2
                choices.append(_Choice(score * (_plain(group.units[at]) + said), of, at, needs))
    return sorted(choices, key=lambda each: -each.worth)


def _plain(unit: Unit) -> float:
    return ROW if unit.head not in {"", unit.text} else PROSE


def _words_held(
    worth: dict[str, float], stems: Sequence[frozenset[str]], at: int, needs: frozenset[int]
) -> float:
    """What it has of the question's words, by itself and around it."""
    near = {*needs, max(at - 1, 0), min(at + 1, len(stems) - 1)}
    around = frozenset().union(*(stems[each] for each in near)) - stems[at]
    own = sum(value for term, value in worth.items() if term in stems[at])
    return WORDS * (own + AROUND * sum(value for term, value in worth.items() if term in around))


def _needs(units: Sequence[Unit]) -> list[frozenset[int]]:
    """What goes with each unit, itself included. A head that is repeated is needed once."""
    first: dict[int, int] = {}  # of each head that repeats the one above it: where it stood first
    for at, unit in enumerate(units):
        is_repeated = unit.is_row and at and unit.text == unit.head == units[at - 1].head
        if is_repeated:
            above = max(each for each in range(at) if units[each].text == unit.head)
            first[at] = first.get(above, above)
    needs = []
    for at, unit in enumerate(units):
        heads = {first[each] for each in {at, *unit.needs} if each in first}
        above_them = {each for head in heads for each in units[head].needs}
        needs.append(frozenset({at, *unit.needs} - first.keys() | heads | above_them))
    return needs


def _kept_parts(
    passages: Sequence[Passage], groups: Sequence[Joined], taken: Sequence[_Choice]
) -> list[Excerpt]:
    kept: list[set[int]] = [set() for _ in groups]
    for choice in taken:
        kept[choice.of] |= choice.units
    texts = [passage.text for passage in passages]
    found = []
    for group, units in zip(groups, kept, strict=True):
        spans = list(_spans(texts, group, sorted(units)))
        places = [each for each in group.places if any(each == span.place for span in spans)]
        if places:
            found.append(Excerpt(min(places), places, spans, text_of(texts, spans)))
    best: dict[Hashable, int] = {}
    for each in sorted(found):
        best.setdefault(_page(passages[each.place]), each.place)
    return sorted(found, key=lambda each: best[_page(passages[each.place])])


def _page(passage: Passage) -> Hashable:
    """What is read in its order: a page, or a part of a document that has none."""
    return passage.version, passage.page or passage.heading


def _spans(texts: Sequence[str], group: Joined, kept: Sequence[int]) -> Iterator[Span]:
    """Of these units, in one where nothing but blanks stands between them."""
    last: Span | None = None
    for span in chain.from_iterable(group.spans(*group.units[at][:2]) for at in kept):
        is_next = last is not None and last.place == span.place
        if last and is_next and not texts[span.place][last.end : span.start].strip():
            last = last._replace(end=span.end)
            continue
        if last:
            yield last
        last = span
    if last:
        yield last
