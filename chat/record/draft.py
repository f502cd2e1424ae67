"""An answer while it is being written: what there is of it so far, kept and told to followers."""

import asyncio
import contextlib
import logging
import re
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, TypedDict

from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models.functions import Now

from chat.models import Message, Provenance, Source
from chat.question_parsing import Wish
from chat.record import remarks, sources
from chat.record.engine_line import EngineLine
from chat.record.repetition import Repetition
from chat.record.saving import saver
from chat.record.search_record import SearchRecord
from documents.finding.search import Passage
from localchat.lib import heartbeat
from localchat.lib.db_threads import threaded
from localchat.lib.errors import LocalChatError
from localchat.lib.hub import Writer
from models_mgmt import engines
from models_mgmt.engines import Call, Delta

logger = logging.getLogger(__name__)

RETRY_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
_WORDS = re.compile(r"(?:\s*\S+){1,4}(?:\s+$)?|\s+$")


class Scope(TypedDict):
    """Of which documents is asked."""

    collection: str | None
    documents: list[int] | None


class Draft:
    """Every way of answering writes by `step`, `show_sources`, `stream` and `say` alone."""

    def __init__(self, answer: Message, writer: Writer, beat: heartbeat.Beat) -> None:
        """Asks the database for what belongs to the answer: not from the event loop."""
        self.answer, self.writer, self.beat = answer, writer, beat
        self.user: User = answer.owner
        self.question = answer.question.text if answer.question else ""
        self.wish = Wish.from_request(answer.request)
        self.text = self.held = self.thinking = self.model = self.standalone = self.computed = ""
        self.usage: dict[str, int | float] = {}
        self.notes: list[str] = []
        self.declined = self.cut = self.hurried = False
        self.is_poor = False  # the model has written nothing, or the same again and again
        self.read: list[dict[str, int]] | None = None  # None: what its sources are of
        self.unfinished, self.choices = list[int](), list[int]()  # numbers of documents
        self.sources: list[Source] = []
        self.search = SearchRecord()
        self.provenance = Provenance(message=answer)
        self.doubts: list[dict[str, int | str]] = []
        self.began = time.monotonic()
        self.line = EngineLine(self)
        self.left_out, self.ending = 0, False  # at its end it is too late to stop it
        if answer.begun:
            self.take_up()

    def take_up(self) -> None:
        """What is known of an answer that is written on stays."""
        self.text, self.thinking = self.answer.begun, self.answer.thinking
        for name in sources.FACTS:
            if name != "reason":
                setattr(self, name, getattr(self.answer, name))
        self.provenance = Provenance.objects.filter(message=self.answer).first() or self.provenance

    @property
    def scope(self) -> Scope:
        return {"collection": self.wish.collection, "documents": self.wish.documents}

    def step(self, text: str) -> None:
        """Tell followers what is being done."""
        self.line.doing = text
        self.writer.publish("step", text=text)

    def progress(self, stage: str, total: int, seconds: float | None, **more: int) -> None:
        """Tell followers how much is to be done now, and how long that takes if it is known."""
        left = {} if seconds is None else {"seconds": round(seconds, 1)}
        facts = {"stage": stage, "done": 0, "total": total, **left, **more}
        self.writer.publish("progress", **facts)

    def show_quotes(self, quotes: Sequence[dict[str, object]]) -> None:
        """What the passages say, while no model has; no part of the answer."""
        if quotes:
            self.writer.publish("quotes", quotes=quotes)

    async def show_sources(
        self, passages: Mapping[int, Passage], left_out: Collection[int] = ()
    ) -> None:
        """Keep what was found, by number, in place of an earlier attempt's.

        An answer may cite all but those with the numbers `left_out`.
        """
        self.sources = [
            sources.source(self.answer, number, passage, sent=number not in left_out)
            for number, passage in passages.items()
        ]
        await threaded(self._keep_sources)()
        self.writer.publish("sources", sources=sources.as_json(self.sources))

    async def keep_sources(self, numbers: Collection[int]) -> None:
        """Only those with these numbers stay: the others were not cited."""
        self.sources = [source for source in self.sources if source.number in numbers]
        await threaded(self._keep_sources)()

    async def look_at_sources(self) -> None:
        """As they are now: a document may have been deleted since they were found."""
        self.sources = await threaded(lambda: list(self.answer.sources.all()))()

    def _keep_sources(self) -> None:
        try:
            self._replace_sources()
        except IntegrityError:  # something was deleted, or replaced, since it was found
            for source in self.sources:
                sources.let_go(source)
            self._replace_sources()

    @transaction.atomic
    def _replace_sources(self) -> None:
        self.answer.sources.all().delete()
        Source.objects.bulk_create(self.sources)

    async def keep_provenance(self) -> None:
        """Keep what this answer is made of, in place of an earlier attempt's."""
        await threaded(self._keep_provenance)()

    def _keep_provenance(self) -> None:
        Provenance.objects.filter(message=self.answer).delete()
        self.provenance.search = self.search.as_json()
        self.provenance.save()

    async def stream(
        self,
        call: Call,
        *,
        opening: Callable[[str], str | None] | None = None,
        until: Sequence[str] = (),
    ) -> str:
        """Take all that the model writes; returns why it ended.

        The beginning is held back until `opening` finds something said in it, which is taken in
        its place; if nothing is, it is in `held`.
        A model that repeats itself is stopped, and one that writes its own prompt anew is where the
        first of the lines `until` begins. Of an answer without a text the notes tell why.
        """
        reason = "stop"
        loops = Repetition(self.question), Repetition(self.question)
        begun = opening is None
        async with contextlib.aclosing(engines.persevering(call)) as pieces:
            async for piece in pieces:
                if piece.anew:
                    await self.begin_again()
                    begun = opening is None
                if piece.prompt:
                    self.progress("prompt", piece.prompt[1], None, done=piece.prompt[0])
                    continue
                self.held += piece.text
                said = self.held if begun or opening is None else opening(self.held)
                begun = said is not None
                await self.take(piece._replace(text=said or ""))
                self.held = "" if begun else self.held
                if piece.done:
                    reason = piece.reason or "stop"
                    self.usage |= piece.usage
                if await self.is_stuck(*loops, ended=piece.done) or await self.is_over(until):
                    break
        self.mind_nothing(reason)
        return reason

    async def is_stuck(self, text: Repetition, thinking: Repetition, *, ended: bool) -> bool:
        """Whether the model only repeats itself; the text then has that once."""
        if thinking.kept(self.thinking) is not None and not self.text:
            return True
        kept = text.kept(self.text, ended=ended)
        if kept is None:
            return False
        self.is_poor = True
        self.notes.append(remarks.on_repetition(self.question))
        await self.begin_again(self.text[:kept], self.thinking, shorter=True)
        return True

    async def is_over(self, lines: Sequence[str]) -> bool:
        """Whether the model writes what only its prompt has; the text then ends before it."""
        at = min((at for line in lines if (at := self.text.find(line)) >= 0), default=None)
        if at is not None:
            await self.begin_again(self.text[:at].rstrip(), self.thinking, shorter=True)
        return at is not None

    def mind_nothing(self, reason: str) -> None:
        if not (self.text + self.held).strip():
            self.is_poor = True
            thought = bool(self.thinking)
            self.notes.append(remarks.on_nothing(self.question, thought=thought, reason=reason))

    async def begin_again(
        self, text: str | None = None, thinking: str = "", *, shorter: bool = False
    ) -> None:
        """Followers forget what they have seen; what is true of it comes once more.

        `text`: that is true; without, what stood there before the writing began. `shorter`: it is
        only the beginning of the text that they have.
        """
        text = self.answer.begun if text is None else text
        self.text, self.held, self.thinking = text, "", thinking
        await self.look_at_sources()
        self.writer.publish("restart", **({"shorter": True} if shorter else {}))
        if self.sources:
            self.writer.publish("sources", sources=sources.as_json(self.sources))
        if thinking:
            self.writer.publish("thinking", text=thinking)
        if text:
            self.writer.publish("token", text=text)

    async def say(self, text: str) -> None:
        """Write what no model wrote, in groups of words as one would."""
        for words in groups_of_words(text):
            await self.take(Delta(text=words))
            await asyncio.sleep(0)

    async def take(self, piece: Delta) -> None:
        if piece.thinking:
            self.thinking += piece.thinking
            self.writer.publish("thinking", text=piece.thinking)
        if piece.text:
            self.text += piece.text
            self.writer.publish("token", text=piece.text)
        saver().soon(self)

    async def save(self, **more: object) -> None:
        """Write the row as it is now. A database that is away is waited for at the end only."""
        await saver().left(self)
        now = {"text": self.text, "thinking": self.thinking, "cursor": self.writer.cursor, **more}
        for pause in RETRY_SECONDS if more else (0.0,):
            try:
                kept = await threaded(Message.objects.held(self.answer).update)(**now)
            except DatabaseError as error:
                logger.warning("message %d not saved: %s", self.answer.pk, type(error).__name__)
                await asyncio.sleep(pause)
                continue
            if not kept:
                self.writer.lose()
            return

    async def end(self, status: str, reason: str) -> None:
        if self.read is None and self.wish.use_documents:
            self.read = sources.passages_read(s.document_id for s in self.sources if s.sent)
        self.usage["seconds"] = round(time.monotonic() - self.began, 3)
        # The row first: who hears `done` may look at it.
        cursor = f"{self.writer.attempt}-{self.writer.n + 1}"
        await self.save(
            status=status,
            reason=reason,
            begun="",
            **self._facts(),
            cursor=cursor,
            stopping=False,
            finished=Now(),
        )
        if not self.writer.lost:
            await self.look_at_sources()
            facts = {"reason": reason, **self._facts()}
            self.writer.publish("done", **sources.end_of(self.answer, self.sources, facts))
            logger.info("message %d %s in %.1f s", self.answer.pk, reason, self.usage["seconds"])

    def _facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in sources.FACTS if name != "reason"}

    async def fail(self, error: LocalChatError) -> None:
        cursor = f"{self.writer.attempt}-{self.writer.n + 1}"
        await self.save(
            status=Message.Status.FAILED,
            error=error.code,
            problem=error.message,
            reason="failed",
            begun="",
            **self._facts(),
            cursor=cursor,
            stopping=False,
            finished=Now(),
        )
        if not self.writer.lost:
            self.writer.publish("failed", error=error.code, message=error.message)
            logger.info("message %d failed: %s", self.answer.pk, error.code)


def groups_of_words(text: str) -> list[str]:
    """Together they are the text."""
    return [match.group() for match in _WORDS.finditer(text)]
