"""Shapes of the chat API, as OpenAPI shows them."""

from typing import Any, Literal
from uuid import UUID

from ninja import Field, Schema


class Turn(Schema):
    role: Literal["user", "assistant"]
    content: str


class TypingIn(Schema):
    # Outside by the names of the original's clients, inside by those of the wish.
    use_documents: bool = Field(True, alias="use_rag", description="Answer from the documents")
    conversation: int | None = Field(None, alias="conversation_id")
    model: str | None = None
    documents: list[int] | None = Field(None, description="Only these documents")
    collection: str | None = Field(None, description="Only this collection")


class ChatIn(TypingIn):
    question: str = Field(alias="message", description="The question")
    history: list[Turn] | None = Field(
        None, description="For callers that keep their own; else the conversation's is used"
    )
    whole: bool = Field(False, description="Read everything in scope, not what a search finds")
    wait_for: list[int] | None = Field(
        None, description="Documents that are to be in before the answer begins"
    )
    once: bool = Field(False, description="`use_rag` is for this question alone")
    patient: bool = Field(False, description="Read all that was found, however long it takes")
    think: bool = Field(False, description="Let a model that can think do so before it answers")
    events: bool = Field(
        False, description="Also send `sources`, `quotes`, `thinking` and `restart` frames"
    )
    ref: UUID | None = Field(None, description="The same again returns the same answer")


class SourceOut(Schema):
    number: int
    document: int | None
    filename: str
    page: int | None
    label: str = Field(description="The place in its file: `p. 4`, `slide 4`, `sheet 2`")
    heading: str
    support: str = Field(description="Its words for the sentence that cites it")
    chunk: int | None
    score: float
    text: str
    speaks_to_models: bool = Field(description="It has text that gives a language model orders")


class DoubtOut(Schema):
    start: int = Field(description="Place in the text, in characters")
    end: int
    reason: str


class StaleOut(Schema):
    number: int = Field(description="Of the source")
    filename: str
    change: Literal["changed", "gone"]


class ReadOut(Schema):
    document: int
    passages: int


class MessageOut(Schema):
    id: int
    conversation: int
    role: str
    text: str
    thinking: str = Field(description="What the model thought; no part of the answer")
    status: str
    reason: str
    error: str
    problem: str
    model: str
    topic: str | None
    sources: list[SourceOut]
    usage: dict[str, float] = Field(description="Tokens and seconds")
    doubts: list[DoubtOut] = Field(description="Sentences without support in the passages sent")
    standalone: str = Field(description="The question as it was searched for, if not as it stands")
    notes: list[str] = Field(description="What is said below the answer")
    computed: str = Field(description="The computation, where the answer is one over a table")
    declined: bool = Field(description="Nothing that was found answers")
    read: list[ReadOut] | None = Field(description="What was read for it; null: not told")
    unfinished: list[int] = Field(description="Documents that were still being read")
    choices: list[int] = Field(description="Documents of which one is to be chosen first")
    left_out: int = Field(description="Passages that did not fit into the prompt")
    hurried: bool = Field(description="They were left out so that the first word comes sooner")
    cut: bool = Field(description="The model saw less than was sent")
    stale: list[StaleOut] = Field(description="What it rests on and has changed since")
    created: str


class PassageOut(Schema):
    number: int
    document: int | None
    version: int | None
    filename: str
    page: int | None
    start: int = Field(description="Offset in the page's text, in characters")
    end: int
    hash: str = Field(description="sha256 of the text")
    score: float
    stages: dict[str, float | None]
    sent: bool
    tokens: int | None
    text: str


class SaidOut(Schema):
    role: str
    text: str
    exact: bool = Field(description="Exactly what was sent")


class PartOut(Schema):
    name: str
    tokens: int


class CallOut(Schema):
    engine: str
    model: str
    digest: str
    url: str
    body: dict[str, Any] = Field(description="As sent, without the turns")
    parts: list[PartOut]
    tokens: int
    turns: list[SaidOut]
    exact: bool
    lost: bool = Field(description="Notes that were made shorter on the way are not kept")
    curl: str


class SentOut(Schema):
    message: int
    search: dict[str, Any]
    passages: list[PassageOut]
    call: CallOut | None = Field(description="Null when no model was asked")
    usage: dict[str, Any]


class ConversationOut(Schema):
    id: int
    title: str
    created: str
    touched: str


class ConversationWithMessages(ConversationOut):
    messages: list[MessageOut]
