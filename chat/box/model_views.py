"""The page with what a person keeps for one model, and the same over HTTP."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods
from ninja import Field, Router, Schema

from chat.manner import LENGTHS, LONGEST_INSTRUCTIONS, WINDOWS, ModelSettings
from chat.question import model_settings
from chat.question.asked import WINDOW
from localchat.lib.api import limited, person
from localchat.lib.pages import telling

router = Router(tags=["Models"])


class ModelSettingsOut(Schema):
    model: str = Field(max_length=200, description="For example llama3.2:1b")
    instructions: Annotated[str, limited(LONGEST_INSTRUCTIONS)] = Field(
        "", description="Sent after LocalChat's own, at the beginning"
    )
    temperature: float | None = Field(None, description="0 to 2; null: LocalChat's own")
    window: int | None = Field(None, description="Tokens of a prompt and its answer")
    length: int | None = Field(None, description="Tokens of an answer at most")


@router.get("/model-settings", response=list[ModelSettingsOut])
def every(request: HttpRequest) -> list[dict[str, Any]]:
    """What you keep for models: it is so in every conversation that does not say otherwise."""
    return [_as_json(row) for row in ModelSettings.objects.for_user(person(request))]


@router.put("/model-settings", response=ModelSettingsOut)
def change(request: HttpRequest, body: ModelSettingsOut) -> dict[str, Any]:
    """All of one model's at once; what is not named is LocalChat's own affair again."""
    return _as_json(model_settings.keep(person(request), body.model, body.dict()))


def _as_json(row: ModelSettings) -> dict[str, Any]:
    return {"model": row.model, **row.as_settings()}


@require_http_methods(["GET", "HEAD", "POST"])
@telling
def page(request: HttpRequest) -> HttpResponse:
    user = person(request)
    name = (request.POST or request.GET).get("model", "").replace("\0", "").strip()[:200]
    if request.method == "POST":
        model_settings.keep(user, name, request.POST.dict())
        return redirect("models")
    if not name:
        return redirect("models")
    context = {
        "settings": model_settings.of(user, name),
        "usual_window": WINDOW,
        "window_limits": WINDOWS,
        "length_limits": LENGTHS,
    }
    return render(request, "chat/model_settings.html", context)
