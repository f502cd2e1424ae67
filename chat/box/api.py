"""Saved prompts, assistants and the settings of conversations over HTTP."""

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from chat import question_parsing
from chat.box import notes_kept, own_kept
from chat.box.mine import mine
from chat.box.own_kept import LONGEST_NAME, LONGEST_WORD
from chat.manner import (
    LONGEST_INSTRUCTIONS,
    LONGEST_NOTE,
    LONGEST_PROMPT,
    AboutMe,
    Assistant,
    SavedPrompt,
)
from chat.models import Conversation
from chat.question import kept_manner
from chat.schemas import Model, Numbers
from localchat.lib.api import Ok, limited, person

router = Router(tags=["Chat"])


class PromptIn(Schema):
    name: Annotated[str, limited(LONGEST_WORD)] = Field(
        "", description="One word: `/name` puts the text into a question"
    )
    text: Annotated[str, limited(LONGEST_PROMPT)] = ""


class PromptOut(PromptIn):
    id: int


class MannerOut(Schema):
    """How answers are made; what is null or empty is LocalChat's own affair."""

    instructions: Annotated[str, limited(LONGEST_INSTRUCTIONS)] = Field(
        "", description="Sent after LocalChat's own, at the beginning"
    )
    temperature: float | None = Field(None, description="0 to 2")
    window: int | None = Field(
        None,
        description="Tokens of a prompt and its answer; another one loads an Ollama model anew",
    )
    length: int | None = Field(None, description="Tokens of an answer at most")
    without_notes: bool = Field(False, description="Those of `/api/notes` are not sent")
    model: Model = Field("", description="Of a conversation: only ever changed by being named")
    collections: Numbers = Field([], description="Asked about, with the documents; none: all")
    documents: Numbers = Field([], description="Asked about, with the collections; none: all")


class NoteIn(Schema):
    text: Annotated[str, limited(LONGEST_NOTE)] = Field(
        "", description="One line of at most 500 characters"
    )
    on: bool = Field(True, description="Sent with the questions of every conversation")


class NoteOut(NoteIn):
    id: int
    sent: bool = Field(description="It is on, and among the 2,000 characters there is room for")


class AssistantIn(MannerOut):
    name: Annotated[str, limited(LONGEST_NAME)] = ""


class AssistantOut(AssistantIn):
    id: int


@router.get("/prompts", response=list[PromptOut])
def prompts(request: HttpRequest) -> list[dict[str, Any]]:
    return own_kept.prompts(person(request))


@router.post("/prompts", response=PromptOut)
def add_prompt(request: HttpRequest, body: PromptIn) -> dict[str, Any]:
    made = own_kept.save_prompt(SavedPrompt(owner=person(request)), body.name, body.text)
    return own_kept.prompt_as_json(made)


@router.get("/prompts/{prompt_id}", response=PromptOut)
def prompt(request: HttpRequest, prompt_id: int) -> dict[str, Any]:
    return own_kept.prompt_as_json(mine(SavedPrompt, request, prompt_id))


@router.put("/prompts/{prompt_id}", response=PromptOut)
def change_prompt(request: HttpRequest, prompt_id: int, body: PromptIn) -> dict[str, Any]:
    changed = own_kept.save_prompt(mine(SavedPrompt, request, prompt_id), body.name, body.text)
    return own_kept.prompt_as_json(changed)


@router.delete("/prompts/{prompt_id}", response=Ok)
def delete_prompt(request: HttpRequest, prompt_id: int) -> dict[str, bool]:
    mine(SavedPrompt, request, prompt_id).delete()
    return {"success": True}


@router.get("/notes", response=list[NoteOut])
def notes(request: HttpRequest) -> list[dict[str, Any]]:
    """What you want every answer to know. The oldest first; that is how they are sent too."""
    return notes_kept.every(person(request))


@router.post("/notes", response=NoteOut)
def add_note(request: HttpRequest, body: NoteIn) -> dict[str, Any]:
    made = notes_kept.keep(AboutMe(owner=person(request)), body.text, on=body.on)
    return notes_kept.as_json(made)


@router.get("/notes/{note_id}", response=NoteOut)
def note(request: HttpRequest, note_id: int) -> dict[str, Any]:
    return notes_kept.as_json(mine(AboutMe, request, note_id))


@router.put("/notes/{note_id}", response=NoteOut)
def change_note(request: HttpRequest, note_id: int, body: NoteIn) -> dict[str, Any]:
    changed = notes_kept.keep(mine(AboutMe, request, note_id), body.text, on=body.on)
    return notes_kept.as_json(changed)


@router.delete("/notes/{note_id}", response=Ok)
def delete_note(request: HttpRequest, note_id: int) -> dict[str, bool]:
    mine(AboutMe, request, note_id).delete()
    return {"success": True}


@router.get("/assistants", response=list[AssistantOut])
def assistants(request: HttpRequest) -> list[dict[str, Any]]:
    return own_kept.assistants(person(request))


@router.post("/assistants", response=AssistantOut)
def add_assistant(request: HttpRequest, body: AssistantIn) -> dict[str, Any]:
    made = own_kept.save_assistant(Assistant(owner=person(request)), _all_said(body))
    return own_kept.assistant_as_json(made)


@router.get("/assistants/{assistant_id}", response=AssistantOut)
def assistant(request: HttpRequest, assistant_id: int) -> dict[str, Any]:
    return own_kept.assistant_as_json(mine(Assistant, request, assistant_id))


@router.put("/assistants/{assistant_id}", response=AssistantOut)
def change_assistant(request: HttpRequest, assistant_id: int, body: AssistantIn) -> dict[str, Any]:
    changed = own_kept.save_assistant(mine(Assistant, request, assistant_id), _all_said(body))
    return own_kept.assistant_as_json(changed)


@router.delete("/assistants/{assistant_id}", response=Ok)
def delete_assistant(request: HttpRequest, assistant_id: int) -> dict[str, bool]:
    mine(Assistant, request, assistant_id).delete()
    return {"success": True}


@router.get("/conversations/{conversation_id}/settings", response=MannerOut)
def settings(request: HttpRequest, conversation_id: int) -> dict[str, Any]:
    """What a conversation keeps of how it is asked."""
    return mine(Conversation, request, conversation_id).as_manner()


@router.put("/conversations/{conversation_id}/settings", response=MannerOut)
def change_settings(request: HttpRequest, conversation_id: int, body: MannerOut) -> dict[str, Any]:
    """All of them at once: what is not named is LocalChat's own affair again, but for the model."""
    found = mine(Conversation, request, conversation_id)
    asked = question_parsing.parse({**_all_said(body), "question": "-"})
    kept_manner.keep(found, asked.wish, asked.said)
    return found.as_manner()


def _all_said(body: MannerOut) -> dict[str, object]:
    """Empty, where nothing is said."""
    return {name: "" if value is None else value for name, value in body.dict().items()}
