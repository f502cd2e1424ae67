"""A person's saved prompts and assistants: made, changed, and as JSON."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import User

from chat import question_parsing
from chat.manner import LONGEST_PROMPT, Assistant, SavedPrompt
from chat.question import kept_manner
from localchat.lib.errors import BadRequest, Conflict
from localchat.lib.sentences import Sentence

LONGEST_NAME = 80  # of an assistant
LONGEST_WORD = 40  # of a prompt's name


def save_prompt(prompt: SavedPrompt, name: str, text: str) -> SavedPrompt:
    """Raises BadRequest and Conflict."""
    name, text = _clean(name).lstrip("/"), _clean(text)
    if not name or len(name) > LONGEST_WORD or any(c.isspace() or c in "/@" for c in name):
        raise BadRequest(
            Sentence(
                "A prompt's name is one word of at most %(longest_word)s letters, without / and @.",
                longest_word=LONGEST_WORD,
            )
        )
    if not text or len(text) > LONGEST_PROMPT:
        raise BadRequest(
            Sentence(
                "A prompt needs a text of at most %(longest_prompt)s characters.",
                longest_prompt=LONGEST_PROMPT,
            )
        )
    others = SavedPrompt.objects.filter(owner=prompt.owner).exclude(pk=prompt.pk)
    if others.filter(name__iexact=name).exists():
        raise Conflict(Sentence("There is a prompt /%(name)s already.", name=name))
    prompt.name, prompt.text = name, text
    prompt.save()
    return prompt


def save_assistant(assistant: Assistant, said: Mapping[str, object]) -> Assistant:
    """By the names of a question's wish, with a name. Raises BadRequest and Conflict."""
    name = _clean(str(said.get("name") or ""))
    if not name or len(name) > LONGEST_NAME:
        raise BadRequest(
            Sentence(
                "An assistant needs a name of at most %(longest_name)s characters.",
                longest_name=LONGEST_NAME,
            )
        )
    others = Assistant.objects.filter(owner=assistant.owner).exclude(pk=assistant.pk)
    if others.filter(name__iexact=name).exists():
        raise Conflict(Sentence("There is an assistant %(name)s already.", name=name))
    asked = question_parsing.parse({**said, "question": "-"})
    assistant.name = name
    if "model" in said:
        assistant.model = asked.wish.model or ""
    kept_manner.put(assistant, assistant.owner, asked.wish, asked.said)
    assistant.save()
    return assistant


def _clean(text: str) -> str:
    return text.replace("\0", "").strip()


def prompts(user: User) -> list[dict[str, Any]]:
    return [prompt_as_json(row) for row in SavedPrompt.objects.for_user(user)]


def prompt_as_json(row: SavedPrompt) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, "text": row.text}


def assistants(user: User) -> list[dict[str, Any]]:
    return [assistant_as_json(row) for row in Assistant.objects.for_user(user)]


def assistant_as_json(row: Assistant) -> dict[str, Any]:
    return {"id": row.pk, "name": row.name, **row.as_manner()}
