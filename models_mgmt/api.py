"""Models over HTTP."""

import time
from collections.abc import Mapping
from typing import Any, Literal
from uuid import uuid4

from asgiref.sync import sync_to_async
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Field, Query, Router, Schema

from localchat.lib import following
from localchat.lib.api import Body, event_stream, failed, frames, person
from localchat.lib.db_threads import threaded
from localchat.lib.events import Event
from localchat.lib.sentences import Sentence
from localchat.lib.wording import in_words, worded
from models_mgmt import choosing, engines, listed, looking_up, receiving, requesting
from models_mgmt.engines import Call, Model, Turn
from models_mgmt.fitting import Fit

router = Router(tags=["Models"])
TEST_TURN = Turn("user", "Say 'Hello, I am working!' and nothing else.")
TEST_TOKENS = 64
TEST_WINDOW = 8192  # as answers have it: another would load the model anew


class NamedModel(Schema):
    model: str = Field(min_length=1, max_length=200, description="For example llama3.2:1b")


class FitOut(Schema):
    word: Literal["fits", "tight", "too_large"] = Field(
        description="tight: there is memory for it, but it is not free now"
    )
    weights: int = Field(description="Bytes")
    cache: int = Field(description="Bytes, for what is kept of `window` tokens; 0: not known")
    window: int = Field(description="Tokens that a question has here")
    memory: int = Field(description="Bytes that this machine has")
    free: int = Field(description="Bytes of it that are free now")
    sentence: str


class ModelOut(Schema):
    name: str
    size: int = Field(description="Bytes")
    modified_at: str
    digest: str
    engine: str
    places: list[str] = Field(description="Addresses of the Ollama servers that have it")
    capabilities: list[str] = Field(description="completion, embedding, thinking, …")
    details: dict[str, str]
    window: int | None = Field(description="Tokens that the model was trained for")
    fit: FitOut | None = Field(
        description="Whether a chat model has room in this machine; null where it runs elsewhere"
    )


class ModelsOut(Schema):
    success: bool = Field(description="False when no engine but the built-in one answers")
    models: list[ModelOut]
    problems: list[str] = Field(
        description="A sentence for each engine that does not answer, and for each file that is no model"
    )


class WorthOut(Schema):
    name: str = Field(description="In Ollama's library")
    size: int = Field(description="Bytes to fetch")
    parameters: str
    good_for: str
    fit: FitOut


class WorthListOut(Schema):
    models: list[WorthOut]


class ActiveOut(Schema):
    model: str | None


class ChosenOut(Schema):
    success: bool = True
    model: str


class TestedOut(Schema):
    success: bool = True
    result: str
    seconds: float = Field(description="From the question to the end of the answer")


class LoadedModelOut(Schema):
    name: str
    size: int = Field(description="Bytes")
    size_vram: int = Field(description="Bytes of it on the GPU")
    window: int | None = Field(description="Tokens now in force")
    expires: str = Field(description="Empty where it stays as long as it is asked")
    engine: str
    place: str = Field(description="Address of the Ollama server that has it loaded")


class PullIn(NamedModel):
    place: str = Field(
        "",
        max_length=500,
        description="Address of the Ollama server that is to have it; else the first",
    )


class LookedOut(Schema):
    name: str
    size: int = Field(description="Bytes that would be pulled")
    disk: int = Field(description="Bytes that are free for it; 0: not known, Ollama pulls it")
    fit: FitOut | None = Field(description="By its weights alone; null: on another machine")
    sentence: str


class LoadedOut(Schema):
    models: list[LoadedModelOut]


class ReceivedOut(Schema):
    done: int = Field(description="Bytes that have come")
    model: str = Field(description="The model's name, once the file is whole; else empty")


class Ok(Schema):
    success: bool = True
    message: str = ""


@router.get("", response=ModelsOut)
@router.get("/", response=ModelsOut, include_in_schema=False)
def models(request: HttpRequest) -> dict[str, Any]:
    """What is installed in every engine that answers."""
    person(request)
    found = choosing.installed(fresh=True)
    others = [engine for engine in engines.available() if engine.NAME != "builtin"]
    some = any(model.engine in found.silent for model in found.models)  # but not all its servers
    answered = some or len(found.problems) < len(others)
    fits = listed.fits(found)
    models = [_model(model, fits) for model in found.models] if answered else []
    problems = worded([*found.problems, *engines.refused()])
    return {"success": answered, "models": models, "problems": problems}


def _model(model: Model, fits: Mapping[tuple[str, str], Fit]) -> dict[str, Any]:
    told = {"modified_at": model.modified, "capabilities": sorted(model.capabilities)}
    fit = fits.get((model.engine, model.name))
    return model._asdict() | told | {"fit": _fit(fit) if fit else None}


def _fit(fit: Fit) -> dict[str, Any]:
    machine = {"memory": fit.machine.memory, "free": fit.machine.free, "sentence": fit.sentence}
    return fit._asdict() | machine


@router.get("/worth", response=WorthListOut)
def worth_having(request: HttpRequest) -> dict[str, Any]:
    """Models that are not installed and have room here, the one that fits best first."""
    person(request)
    found = listed.worth_having()
    told = [each.worth._asdict() | {"good_for": each.good_for} for each in found]
    return {
        "models": [row | {"fit": _fit(each.fit)} for row, each in zip(told, found, strict=True)]
    }


@router.post("/look", response=LookedOut)
def look(request: HttpRequest, body: NamedModel) -> dict[str, Any]:
    """Ask the library how large a model is, before it is pulled."""
    found = looking_up.look(person(request), body.model)
    fit = _fit(found.fit) if found.fit else None
    return found._asdict() | {"fit": fit, "sentence": found.sentence}


@router.get("/active", response=ActiveOut)
def active(request: HttpRequest) -> dict[str, str | None]:
    """The model that answers this person's questions; null when there is none."""
    model = choosing.answering(person(request)).model
    return {"model": model.name if model else None}


@router.post("/active", response=ChosenOut)
def choose(request: HttpRequest, body: NamedModel) -> dict[str, Any]:
    model = choosing.choose(person(request), body.model)
    return {"success": True, "model": model.name}


@router.post("/pull")
async def pull(request: HttpRequest, body: PullIn) -> StreamingHttpResponse:
    """Pull a model, and tell how it gets on, as `text/event-stream`.

    The frames are the engine's own objects, unchanged, to `{"status": "success"}`; or
    `{"error", "message"}`. Closing the connection stops nothing: the header `X-Topic` names the
    pull for `/api/streams/`.
    """
    user = person(request)
    job = await threaded(requesting.request_pull)(user, body.model, body.place)
    told = frames(following.follow(user, job.topic), _frame)
    return event_stream(told, {"X-Topic": job.topic})


def _frame(event: Event) -> Body | None:
    match event["type"]:
        case "progress":
            return event.get("raw")
        case "failed":
            return failed(event)
        case "done":
            return {"status": "success"}
    return None


@router.post("/files", response=ReceivedOut)
def receive(
    request: HttpRequest, name: str, start: int = Query(ge=0), total: int = Query(ge=1)
) -> dict[str, Any]:
    """A piece of a GGUF file, as the body: bytes from `start` on, at most 4.5 MB at once.

    The piece from byte 0 begins anew. The last one makes a model of the file, or refuses it.
    """
    return receiving.take(person(request), name, start, total, request.body)._asdict()


@router.delete("/files", response=Ok)
def forget_file(request: HttpRequest, name: str) -> dict[str, Any]:
    """Throw away what has come of a file."""
    receiving.forget(person(request), name)
    return {"success": True, "message": f"{name} was not kept."}


@router.delete("/delete", response=Ok)
def delete(request: HttpRequest, body: NamedModel) -> dict[str, Any]:
    """Remove an installed model from its engine."""
    requesting.delete(person(request), body.model)
    return {
        "success": True,
        "message": in_words(Sentence("%(name)s was removed.", name=body.model)),
    }


@router.post("/test", response=TestedOut)
async def test(request: HttpRequest, body: NamedModel) -> dict[str, Any]:
    """Let the model say a word, or embed one."""
    user = person(request)
    model = await sync_to_async(choosing.installed_model)(body.model)
    began = time.monotonic()
    async with engines.asking(user.pk, f"test:{uuid4()}"):
        result = await _tried(model)
    return {"success": True, "result": result, "seconds": time.monotonic() - began}


async def _tried(model: Model) -> str:
    if choosing.can_chat(model):
        window = min(TEST_WINDOW, model.window or TEST_WINDOW)
        return await engines.reply(Call(model, [TEST_TURN], window, TEST_TOKENS))
    engine = engines.named(model.engine)
    (vector,) = await sync_to_async(engine.embed)(model.name, [TEST_TURN.content])
    return in_words(Sentence("It embeds: a text becomes %(n)s numbers.", n=len(vector)))


@router.get("/loaded", response=LoadedOut)
def loaded(request: HttpRequest) -> dict[str, Any]:
    """What is in memory now."""
    person(request)
    return {"models": [model._asdict() for model in requesting.loaded()]}


@router.post("/unload", response=Ok)
def unload(request: HttpRequest, body: NamedModel) -> dict[str, Any]:
    """Free the memory that a model takes."""
    requesting.unload(person(request), body.model)
    return {
        "success": True,
        "message": in_words(Sentence("%(name)s was unloaded.", name=body.model)),
    }
