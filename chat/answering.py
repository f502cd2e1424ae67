"""The workshop: an answer is written in a task of its own, whoever follows or leaves."""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable
from contextvars import Context
from functools import partial

from django.db import DatabaseError
from django.db.models import F
from django.db.models.functions import Now

from chat import checking, completing, describing, prompt, quoting
from chat.models import Message, Source
from documents import search
from documents.search import Found, Passage
from localchat.lib import heartbeat
from localchat.lib.errors import LocalChatError, ModelMissing
from localchat.lib.hub import Writer, hub
from localchat.lib.threads import threaded
from models_mgmt import choosing, engines
from models_mgmt.engines import Model, Piece, Turn

logger = logging.getLogger(__name__)

ATTEMPTS = 3  # after that many broken ones the answer ends with what it had
PASSAGES = 8
WINDOW = 8192  # num_ctx, or the model's own window if that is smaller
RESERVE = 1024  # tokens kept free for the answer
SAVE_SECONDS = 1.0
RETRY_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0)
NO_MODEL = (
    "No chat model is installed, so there is nobody to answer. "
    "Install one on the Models page, or ask about your documents and get quotes."
)

_tasks: set[asyncio.Task[None]] = set()


def start(answer: Message) -> None:
    """Write the claimed answer in a task of its own, which owes nothing to who asked."""
    task = asyncio.create_task(write(answer), context=Context())
    _tasks.add(task)
    task.add_done_callback(_ended)


def _ended(task: "asyncio.Task[None]") -> None:
    """An answer whose task failed is found by the sweeper."""
    _tasks.discard(task)
    if not task.cancelled() and (error := task.exception()):
        logger.error("an answer broke off: %s", type(error).__name__)


async def finished() -> None:
    """Wait until no answer is being written in this process."""
    while _tasks:
        await asyncio.wait(set(_tasks))


async def write(answer: Message) -> None:
    """Take the claimed answer to its end, unless another process claims it."""
    loop = asyncio.get_running_loop()
    with hub().writing(answer.topic, answer.attempt) as writer:
        stop = writer.stopped.set
        with heartbeat.kept(answer, partial(_tell, loop, stop)) as beat:
            if answer.attempt > 1:
                writer.publish("restart")
            await _Answer(answer, writer, beat).run()
        await hub().flushed()


def _tell(loop: asyncio.AbstractEventLoop, stop: Callable[[], None]) -> None:
    """From the heartbeat's thread."""
    loop.call_soon_threadsafe(stop)


def deserted() -> list[Message]:
    """Claim the answers whose writer died; those that died too often are ended here."""
    stale = list(Message.objects.stale().values_list("pk", "attempt"))
    for pk, attempt in stale:
        if attempt >= ATTEMPTS:
            _interrupt(pk, attempt)
    claimed = [Message.objects.claim(pk) for pk, attempt in stale if attempt < ATTEMPTS]
    return [answer for answer in claimed if answer is not None]


def _interrupt(pk: int, attempt: int) -> None:
    """End the answer with what it had. Followers are told from the row."""
    Message.objects.filter(pk=pk, attempt=attempt, status=Message.Status.WRITING).update(
        status=Message.Status.INTERRUPTED,
        reason="interrupted",
        attempt=F("attempt") + 1,
        cursor=f"{attempt + 1}-1",
        finished=Now(),
    )


class _Answer:
    def __init__(self, answer: Message, writer: Writer, beat: heartbeat.Beat) -> None:
        self.answer, self.writer, self.beat = answer, writer, beat
        self.wish = answer.request
        self.text = self.thinking = self.model = ""
        self.usage: dict[str, int | float | str] = {}
        self.sources: list[Source] = []
        self.sent: list[Passage] = []
        self.doubts: list[dict[str, int | str]] = []
        self.saved = self.began = time.monotonic()
        self.ending = False  # too late to stop it

    async def run(self) -> None:
        work = asyncio.create_task(self.work())
        stopped = asyncio.create_task(self.writer.stopped.wait())
        await asyncio.wait({work, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not self.ending:
            work.cancel()  # closes the connection to the engine
        with contextlib.suppress(asyncio.CancelledError):
            await work
        if work.cancelled() and not (self.beat.lost or self.writer.lost):
            await self.end(Message.Status.STOPPED, "stopped")

    async def work(self) -> None:
        try:
            reason = await self.compose()
            self.ending = True
            await self.end(Message.Status.DONE, reason)
        except LocalChatError as error:
            await self.fail(error)
        except Exception:
            logger.exception("message %d could not be answered", self.answer.pk)
            await self.fail(LocalChatError())

    async def compose(self) -> str:
        """Find, choose a model and write; returns why the answer ended."""
        question = await threaded(self.question)()
        model = await threaded(self.choose)()
        talk = self.wish.get("history")
        if talk is None:
            talk = await threaded(completing.talk_before)(self.answer)
        found, whole = None, question
        if self.wish.get("use_documents", True):
            whole = await completing.completed(question, talk, model, num_ctx=self.window(model))
            found = await self.find(question, whole)
        if model is None:
            return await self.do_without(whole, found)
        self.model = model.name
        turns = self.prompt(question, found, model, talk)
        reason = await self.stream(model, turns)
        self.doubts = await threaded(checking.doubts)(self.text, self.sent)
        return reason

    def question(self) -> str:
        asked = self.answer.question
        return asked.text if asked else ""

    async def find(self, question: str, whole: str) -> Found:
        """Search for the question as it is `whole` without the talk before it."""
        if whole != question:
            self.usage["searched"] = whole
        scope = {"collection": self.wish.get("collection"), "documents": self.wish.get("documents")}
        user = await threaded(lambda: self.answer.owner)()
        what = "your documents" if whole == question else f"for “{whole}”"
        self.writer.publish("step", text=f"Searching {what}")
        found = await threaded(search.search)(user, whole, limit=PASSAGES, **scope)
        for note in found.notes:
            self.writer.publish("step", text=note)
        self.sources = [
            describing.source(self.answer, number, passage)
            for number, passage in enumerate(found.passages, start=1)
        ]
        await threaded(self.keep_sources)()
        self.writer.publish(
            "sources", sources=[describing.shown(source) for source in self.sources]
        )
        return found

    def keep_sources(self) -> None:
        """Replace those of an earlier attempt."""
        self.answer.sources.all().delete()
        Source.objects.bulk_create(self.sources)

    def choose(self) -> Model | None:
        """The model asked for, else the person's own. Raises ModelMissing."""
        wanted = self.wish.get("model")
        if not wanted:
            return choosing.chat_model(self.answer.owner)
        model = choosing.installed_chat_model(wanted)
        if model is None:
            raise ModelMissing(f"The model {wanted} is not installed.")
        return model

    async def do_without(self, question: str, found: Found | None) -> str:
        """No chat model: quotes of what was found, or a sentence that says so."""
        text = NO_MODEL if found is None else quoting.quote(question, found.passages)
        pieces = [text] if found is None else quoting.pieces(text)
        for piece in pieces:
            await self.take(Piece(text=piece))
            await asyncio.sleep(0)
        return "stop"

    def prompt(
        self, question: str, found: Found | None, model: Model, talk: completing.Talk
    ) -> list[Turn]:
        passages = found.passages if found else None
        built = prompt.build(
            question,
            passages,
            [Turn(turn["role"], turn["content"]) for turn in talk],
            window=self.window(model),
            reserve=RESERVE,
            count=prompt.estimate,
        )
        self.sent = [passages[place] for place in built.used] if passages else []
        if built.left_out:
            count = len(built.left_out)
            self.writer.publish("step", text=f"{count} passages did not fit and were left out")
        return built.turns

    def window(self, model: Model | None) -> int:
        return min(WINDOW, (model and model.window) or WINDOW)

    async def stream(self, model: Model, turns: list[Turn]) -> str:
        engine = engines.named(model.engine)
        pieces = engine.chat(model.name, turns, num_ctx=self.window(model), max_tokens=RESERVE)
        reason = "stop"
        async with contextlib.aclosing(pieces):
            async for piece in pieces:
                await self.take(piece)
                if piece.done:
                    reason = piece.reason or "stop"
                    self.usage |= piece.usage
        return reason

    async def take(self, piece: Piece) -> None:
        if piece.thinking:
            self.thinking += piece.thinking
            self.writer.publish("thinking", text=piece.thinking)
        if piece.text:
            self.text += piece.text
            self.writer.publish("token", text=piece.text)
        if time.monotonic() - self.saved >= SAVE_SECONDS:
            await self.save()

    async def save(self, **more: object) -> None:
        """Write the row as it is now. A database that is away is waited for at the end only."""
        self.saved = time.monotonic()
        now = {"text": self.text, "thinking": self.thinking, "cursor": self.writer.cursor, **more}
        for pause in RETRY_SECONDS if more else (0.0,):
            try:
                kept = await threaded(Message.objects.held(self.answer).update)(**now)
            except DatabaseError as error:
                logger.warning("message %d not saved: %s", self.answer.pk, type(error).__name__)
                await asyncio.sleep(pause)
                continue
            if not kept:
                self.writer.lost = True
                self.writer.stopped.set()
            return

    async def end(self, status: str, reason: str) -> None:
        self.usage["seconds"] = round(time.monotonic() - self.began, 3)
        # The row first: who hears `done` may look at it.
        cursor = f"{self.writer.attempt}-{self.writer.n + 1}"
        await self.save(
            status=status,
            reason=reason,
            usage=self.usage,
            doubts=self.doubts,
            model=self.model,
            cursor=cursor,
            stopping=False,
            finished=Now(),
        )
        if not self.writer.lost:
            facts = describing.done(self.answer, reason, self.sources, self.usage, self.doubts)
            self.writer.publish("done", **facts)
            logger.info("message %d %s in %.1f s", self.answer.pk, reason, self.usage["seconds"])

    async def fail(self, error: LocalChatError) -> None:
        cursor = f"{self.writer.attempt}-{self.writer.n + 1}"
        await self.save(
            status=Message.Status.FAILED,
            error=error.code,
            problem=error.message[:500],
            reason="failed",
            model=self.model,
            cursor=cursor,
            stopping=False,
            finished=Now(),
        )
        if not self.writer.lost:
            self.writer.publish("failed", error=error.code, message=error.message)
            logger.info("message %d failed: %s", self.answer.pk, error.code)
