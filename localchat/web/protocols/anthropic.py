"""Anthropic's Messages at /v1/messages, beside OpenAI's roads. Errors have its shape too."""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from ninja import NinjaAPI
from ninja.errors import ValidationError

from localchat.accounts.access import signed_in
from localchat.lib import validation
from localchat.lib.api import handle_errors, person
from localchat.lib.db_threads import threaded
from localchat.lib.errors import BadRequest, LocalChatError
from localchat.lib.leaving import held_to, right_of
from localchat.lib.sentences import Sentence
from localchat.web.protocols import anthropic_turns, asked, counted, failures
from localchat.web.protocols.anthropic_blocks import Written
from localchat.web.protocols.anthropic_turns import CountIn, MessagesIn
from localchat.web.protocols.counted import CannotCount

api = NinjaAPI(
    title="LocalChat in Anthropic's protocol",
    version="1",
    urls_namespace="messages",
    docs_url=None,
    openapi_url=None,
    auth=signed_in,
)
handle_errors(api)


@api.exception_handler(LocalChatError)
def failed(request: HttpRequest, error: LocalChatError) -> HttpResponse:
    return failures.anthropic_response(error)


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return failed(request, BadRequest(validation.sentence(error)))


@api.post("/messages")
async def messages(request: HttpRequest, body: MessagesIn) -> HttpResponse | StreamingHttpResponse:
    """Ask a model, with documents where its name says so. It is kept nowhere.

    Closing the connection ends the answer.
    """
    answer = await asked.ask(person(request), anthropic_turns.talk(body))
    written = Written(request, answer, body.model)
    if not body.stream:
        async with held_to(right_of(request)):
            return await written.whole()
    return StreamingHttpResponse(
        written.frames(),
        content_type="text/event-stream",
        headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"},
    )


@api.post("/messages/count_tokens")
async def count_tokens(request: HttpRequest, body: CountIn) -> dict[str, int]:
    """Tokens of the prompt, where the model's own tokenizer can be asked for them."""
    if body.tools:
        raise CannotCount(Sentence("What tools cost is not known before the model is asked."))
    turns = anthropic_turns.turns_of(body)
    return {"input_tokens": await threaded(counted.tokens)(person(request), body.model, turns)}
