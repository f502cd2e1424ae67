"""The prompt for a question, within the model's window and the time that a person waits."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from chat import prompt
from chat.answers import beginning, figures_told
from chat.answers.figures_told import Told
from chat.answers.passage_choice import PassageChoice
from chat.prompt import RESERVE, Prompt
from chat.question.asked import Asked, window
from chat.record import transcript
from chat.record.transcript import Transcript
from documents.finding.search import Passage
from documents.text import words
from localchat.lib.errors import PromptTooLong
from localchat.lib.language import speaking
from models_mgmt import counting, engines
from models_mgmt.counting import Counter
from models_mgmt.engines import Model, last_read

COUNTS = 3  # of a prompt by the model's own tokenizer, each time with less

BESIDE_TOLD = 0.5  # of the passages' tokens, where what is asked for was read from them by rules

Most = Callable[..., int | None]  # tokens of passages; see `reading_time.passages_in_time`


class FittedPrompt(NamedTuple):
    """A prompt, and what an answer to it rests on."""

    prompt: Prompt
    fewest: float  # tokens that the model counts of it at least
    most: float
    begun: Transcript
    found: Mapping[int, Passage] | None  # for this question, by number, best first
    left_out: list[int]  # numbers of what was found
    read: int  # tokens of it that the engine has read before
    told: Told | None  # what was read from tables by rules
    numbers: list[int]  # of the passages, by place

    @property
    def citable(self) -> dict[int, Passage]:
        """What stands in the prompt, as it stands there."""
        passages = {**self.begun.standing, **(self.found or {})}
        sent = {each.number: each.text.partition("\n")[2] for each in self.prompt.chosen.sent}
        texts = {**self.begun.texts, **sent}
        return {number: passages[number]._replace(text=text) for number, text in texts.items()}

    @property
    def titles(self) -> dict[int, str]:
        """The lines above the passages in the prompt, by number, without it."""
        return {number: prompt.title(passage) for number, passage in self.citable.items()}

    @property
    def with_told(self) -> dict[int, Passage]:
        """The same; what was worked out from a passage is taken to stand in it."""
        citable = self.citable
        if self.told is None:
            return citable
        line = self.told.line(self.prompt.chosen, self.numbers.__getitem__)
        for number in self.told.numbers(self.prompt.chosen, self.numbers.__getitem__):
            if passage := citable.get(number):
                citable[number] = passage._replace(
                    text=f"{passage.text}\n\n{line}\n{self.told.steps}"
                )
        return citable

    @property
    def lead(self) -> str:
        """The sentence that the answer begins with, if it has been worked out."""
        if self.told is None or not self.told.decides:
            return ""
        numbers = self.told.numbers(self.prompt.chosen, self.numbers.__getitem__)
        return self.told.sentence(numbers)

    def rows_told(self) -> list[dict[str, object]]:
        """The rows that were read, as quotes."""
        if self.told is None or self.found is None:
            return []
        return figures_told.quotes(self.told, self.found, self.numbers)


def fitted(
    asked: Asked,
    passages: Sequence[Passage] | None,
    model: Model,
    room: int,
    conversation: str,
    most: Most | None,
    told: Told | None = None,
) -> FittedPrompt:
    """After the talk as it was sent before, as long as that fits; else after the bare talk."""
    bare = transcript.bare(
        asked.talk, grounded=passages is not None, own=asked.own, images=asked.images
    )
    if asked.as_sent is None:
        return _after(bare, asked, passages, model, room, conversation, most, told)
    try:
        return _after(asked.as_sent, asked, passages, model, room, conversation, most, told)
    except PromptTooLong:
        return _after(bare, asked, passages, model, room, conversation, most, told)


def _after(
    begun: Transcript,
    asked: Asked,
    passages: Sequence[Passage] | None,
    model: Model,
    room: int,
    conversation: str,
    most: Most | None,
    told: Told | None,
) -> FittedPrompt:
    """Counted by the model itself where it tells."""
    with speaking(words.language(asked.question)):
        form = prompt.form_of_answer(model)
    read = last_read.leading(model, begun.turns)
    every = [prompt.numbered(begun.last, passage) for passage in passages or ()]
    for _ in range(COUNTS):
        counter = counting.counter(model)
        total = sum(map(counter, every)) + prompt.GAP_TOKENS * len(every)
        besides = _besides(asked, form, begun, read, counter)
        few = most and most(besides, total, goes_on=bool(begun.standing))
        few = int(few * BESIDE_TOLD) if few and told else few
        choice = PassageChoice(
            asked.standalone,
            passages or (),
            begun,
            counter,
            is_hurried=few is not None,
            sure=told.spans if told else (),
        )
        built = prompt.build(
            asked.standalone,
            None if passages is None else choice,
            begun.turns,
            as_sent=begun.is_as_sent,
            fence=prompt.fence(conversation),
            form=form,
            window=int(room / (1 + counter.slack)) + RESERVE,
            reserve=RESERVE,
            count=counter,
            turn_tokens=counter.turn,
            most=few,
            told=partial(told.line, number=choice.number) if told else None,
            images=asked.shown,
        )
        images = counting.IMAGE_TOKENS * sum(len(turn.images) for turn in built.turns)
        fewest = counter.fewest(built.tokens - images)  # what a picture costs is not known
        tokens = built.tokens * (1 + counter.slack)
        exact = engines.chatting(model).count(model.name, built.turns)
        if exact is None:
            break
        counting.learn(model, built.turns, exact)
        built = built._replace(tokens=exact)
        fewest, tokens = counting.UNCUT * exact, exact
        if exact + RESERVE <= window(model):
            break
    found = None if passages is None else choice.found(built.chosen)
    left_out = choice.left_out(built.chosen)
    known = beginning.tokens(begun.turns[:read], model)
    read = min(known, built.tokens)
    numbers = [choice.number(place) for place in range(len(passages or ()))]
    return FittedPrompt(built, fewest, tokens, begun, found, left_out, read, told, numbers)


def _besides(asked: Asked, form: str, begun: Transcript, read: int, counter: Counter) -> int:
    """Tokens that have to be read beside the passages, where the engine has `read` some turns."""
    unread = [turn.content for turn in begun.turns[read:]]
    texts = (*unread, f"{asked.standalone}\n\n{form}")
    return sum(counter(text) + counter.turn for text in texts)
