"""The workshop: relays what the engine tells of a pull, and resumes when the connection breaks.

The engine keeps what has come: asked again, it goes on where it was.
"""

import logging
import time
from queue import Empty, SimpleQueue
from threading import Thread

from django.db import Error as DatabaseError
from django.db.models.functions import Now

from localchat.lib import events, heartbeat
from localchat.lib.errors import (
    EngineBusy,
    EngineCut,
    EngineError,
    EngineStalled,
    EngineUnreachable,
    LocalChatError,
)
from localchat.lib.heartbeat import Beat, Lost, Stopped
from localchat.lib.sentences import Sentence
from models_mgmt import choosing, engines
from models_mgmt.engines import PullStep
from models_mgmt.models import Pull

logger = logging.getLogger(__name__)

SHOW_SECONDS = 0.25
SILENT_SECONDS = 30.0  # after which the pull is shown as stalled
RECONNECT_SECONDS = 60.0  # of silence, after which the engine is asked again
PAUSE_SECONDS = 0.5  # before the first try again; doubled with each
LONGEST_PAUSE_SECONDS = 30.0
TRIES = 8  # in a row without a byte, about a minute and a half
PASSING = (EngineBusy, EngineCut, EngineStalled, EngineUnreachable)
QUIET = ("verifying", "writing", "removing")  # stages in which the engine works and says nothing


def pull(job: Pull) -> None:
    """Take the claimed pull to ready, failed or stopped. Another process may take it over."""
    log = events.Log(job.topic, job.attempt)
    if job.attempt > 1:
        log.publish("restart")
    relay = _Relay(job, log)
    with heartbeat.kept(job, relay.close) as beat:
        try:
            relay.run(beat)
        except Lost:
            logger.info("pull %d was taken over", job.pk)
        except Stopped as error:
            _fail(job, log, error, Pull.Status.STOPPED)
        except LocalChatError as error:
            _fail(job, log, error, Pull.Status.FAILED)
        except DatabaseError:
            raise  # the row cannot be written either: the sweeper finds it
        except Exception:
            _fail(job, log, LocalChatError(), Pull.Status.FAILED)
            raise
        finally:
            relay.close()


def _fail(job: Pull, log: events.Log, error: LocalChatError, status: str) -> None:
    changes = {"status": status, "error": error.code, "problem": error.message}
    if Pull.objects.held(job).update(**changes, stopping=False, finished=Now()):
        logger.info("pull %d %s: %s", job.pk, status, error.code)
        log.publish("failed", **error.as_json())


class _Relay:
    def __init__(self, job: Pull, log: events.Log) -> None:
        self.job, self.log = job, log
        self.layers = Layers(job.completed, job.total)
        self.stage = ""  # as shown
        self.status = ""  # as the engine told it last
        self.waiting: PullStep | None = None  # the newest, not shown yet
        self.looked = 0.0
        self.reading: _Reading | None = None
        self.heard = job.attempt > 1
        self.tries = 0

    def close(self) -> None:
        """Close the engine's connection, from any thread."""
        if reading := self.reading:
            reading.close()

    def run(self, beat: Beat) -> None:
        began = time.monotonic()
        self.look(beat)
        while not self.read_to_the_end(beat):
            pass
        self.finish()
        seconds = time.monotonic() - began
        logger.info("pull %d ready in %.1f s: %d bytes", self.job.pk, seconds, self.layers.done)

    def look(self, beat: Beat) -> None:
        """Sees a stop sooner than the heart, which beats once a second."""
        beat.check()
        self.looked = time.monotonic()
        if not Pull.objects.held(self.job).filter(stopping=False).exists():
            self.leave()

    def leave(self) -> None:
        raise Stopped if Pull.objects.held(self.job).filter(stopping=True).exists() else Lost

    def read_to_the_end(self, beat: Beat) -> bool:
        """False when the connection broke and it is time to ask again."""
        before = self.layers.done
        try:
            self.reading = _Reading(self.engine(), self.job)
            self.relay(self.reading, beat)
        except PASSING as error:
            beat.check()
            self.tries = 0 if self.layers.done > before else self.tries + 1
            if self.tries > TRIES or (isinstance(error, EngineUnreachable) and not self.heard):
                raise
            logger.info("pull %d broke off: %s", self.job.pk, error.code)
            self.pause(beat)
            return False
        finally:
            self.close()
        return True

    def engine(self) -> engines.ManagedEngine:
        """The same from the first try to the last: no other has what has come so far."""
        if not self.job.engine:
            self.job.engine = _engine().NAME
            Pull.objects.held(self.job).update(engine=self.job.engine)
        return engines.MANAGED[self.job.engine]

    def pause(self, beat: Beat) -> None:
        self.show_stage("resuming")
        pause = min(LONGEST_PAUSE_SECONDS, PAUSE_SECONDS * 2 ** max(0, self.tries - 1))
        until = time.monotonic() + pause
        while (left := until - time.monotonic()) > 0:
            time.sleep(min(left, SHOW_SECONDS))
            self.look(beat)

    def relay(self, reading: "_Reading", beat: Beat) -> None:
        heard = time.monotonic()
        while True:
            step = reading.next(SHOW_SECONDS)
            self.heard = self.heard or step is not None
            if step is not None and self.is_news(step):
                heard = time.monotonic()
                self.take(step)
                if step.status == "success":
                    return
            else:
                self.mind_silence(time.monotonic() - heard)
            if time.monotonic() - self.looked >= SHOW_SECONDS:
                self.flush()
                self.look(beat)

    def is_news(self, step: PullStep) -> bool:
        """An engine that waits for its library repeats its line, or begins a part anew."""
        before = (self.layers.done, self.layers.total, self.status)
        self.layers.take(step)
        self.status = step.status
        return before != (self.layers.done, self.layers.total, self.status)

    def mind_silence(self, seconds: float) -> None:
        if self.stage.startswith(QUIET):
            return
        if seconds >= RECONNECT_SECONDS:
            raise EngineStalled(Sentence("The engine stopped sending."))
        if seconds >= SILENT_SECONDS and self.stage != "stalled":
            self.flush()
            self.show_stage("stalled")

    def take(self, step: PullStep) -> None:
        if step.status == self.stage:
            self.waiting = step
            return
        self.flush()
        if step.status != "success":
            self.show(step)

    def flush(self) -> None:
        if self.waiting:
            self.show(self.waiting)

    def show(self, step: PullStep) -> None:
        self.waiting = None
        self.show_stage(step.status, raw=step.raw)

    def show_stage(self, stage: str, **more: object) -> None:
        self.stage = stage
        done, total = self.layers.done, self.layers.total
        now = {"stage": stage[:200], "completed": done, "total": total}
        if not Pull.objects.held(self.job).filter(stopping=False).update(**now):
            self.leave()
        self.log.publish("progress", stage=stage, done=done, total=total, **more)

    def finish(self) -> None:
        counts = {"completed": self.layers.total, "total": self.layers.total}
        ready = {"status": Pull.Status.READY, "stage": "success", "stopping": False, **counts}
        if not Pull.objects.held(self.job).update(**ready, finished=Now()):
            raise Lost
        choosing.forget()
        self.log.publish("done", status="success")


class Layers:
    """Bytes over all layers. Neither number ever goes back, whatever the engine counts."""

    def __init__(self, done: int = 0, total: int = 0) -> None:
        self.done, self.total = done, total
        self._seen: dict[str, tuple[int, int]] = {}

    def take(self, step: PullStep) -> None:
        if step.digest:
            completed, total = self._seen.get(step.digest, (0, 0))
            newest = (step.completed or 0, step.total or 0)
            self._seen[step.digest] = (max(completed, newest[0]), max(total, newest[1]))
            self.done = max(self.done, sum(layer[0] for layer in self._seen.values()))
            self.total = max(self.total, sum(layer[1] for layer in self._seen.values()))
        elif step.status.startswith((*QUIET, "success")):
            self.done = max(self.done, self.total)  # the engine does not tell each last byte
        if self.total:
            self.total = max(self.total, self.done)


class _Reading:
    """One connection to the engine, read in a thread of its own, so that silence is noticed."""

    def __init__(self, engine: engines.ManagedEngine, job: Pull) -> None:
        self.pulling = engine.pull(job.name, job.place)
        self.steps: SimpleQueue[PullStep | Exception] = SimpleQueue()
        Thread(target=self._read, name="pull", daemon=True).start()

    def _read(self) -> None:
        try:
            with self.pulling as steps:
                for step in steps:
                    self.steps.put(step)
        except Exception as error:  # noqa: BLE001 (raised again by who waits for it)
            self.steps.put(error)
        else:
            self.steps.put(EngineCut(Sentence("The engine broke off in the middle of the pull.")))

    def next(self, seconds: float) -> PullStep | None:
        """The next step; None when there was none so long. Raises what the reading ended with."""
        try:
            step = self.steps.get(timeout=seconds)
        except Empty:
            return None
        if isinstance(step, Exception):
            raise step
        return step

    def close(self) -> None:
        self.pulling.close()


def _engine() -> engines.ManagedEngine:
    """Ollama where it answers; else the built-in one, which asks the registry itself."""
    for engine in engines.MANAGED.values():
        if engine.configured() and _answers(engine):
            return engine
    return engines.MANAGED["llamacpp"]


def _answers(engine: engines.ManagedEngine) -> bool:
    try:
        engine.probe()
    except EngineUnreachable:
        return False
    except EngineError:
        return True  # busy or slow: it is there
    return True
