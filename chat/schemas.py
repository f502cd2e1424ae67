"""Shapes of the chat API, as OpenAPI shows them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema

from chat.manner import LONGEST_INSTRUCTIONS
from chat.question_parsing import (
    LONGEST_COLLECTION,
    LONGEST_MODEL,
    LONGEST_QUESTION,
    LONGEST_TURN,
    MOST_BESIDE,
    MOST_DOCUMENTS,
    MOST_TURNS,
)
from localchat.lib.api import limited

Model = Annotated[str, limited(LONGEST_MODEL)]
# Before each item is looked at, and each has a message of its own.
Numbers = Annotated[list[int], Field(max_length=MOST_DOCUMENTS)]


class Turn(Schema):
    role: Literal["user", "assistant"]
    content: Annotated[str, limited(LONGEST_TURN)]


class TypingIn(Schema):
    # Outside by the names of the original's clients, inside by those of the wish.
    use_documents: bool = Field(True, alias="use_rag", description="Answer from the documents")
    conversation: int | None = Field(None, alias="conversation_id")
    model: Model | None = None
    documents: Numbers | None = Field(None, description="Only these documents")
    collection: Annotated[str, limited(LONGEST_COLLECTION)] | None = Field(
        None, description="Only this collection"
    )
    temporary: bool = Field(
        False, description="The conversation that it begins is in no list, and gone in an hour"
    )
    without_notes: bool | None = Field(
        None, description="Those of `/api/notes` are not sent in this conversation"
    )


class ChatIn(TypingIn):
    """What is said of model, scope and settings stays with the conversation until it is said anew."""

    collections: Numbers | None = Field(
        None, description="These collections and `documents` together; empty: all documents again"
    )
    assistant: int | None = Field(
        None, description="A new conversation begins with its instructions, model and scope"
    )
    instructions: Annotated[str, limited(LONGEST_INSTRUCTIONS)] | None = Field(
        None, description="Sent after ours; empty: none any more"
    )
    temperature: float | Literal[""] | None = Field(None, description="0 to 2")
    window: int | Literal[""] | None = Field(
        None, description="Tokens of the prompt and its answer; another loads an Ollama model anew"
    )
    length: int | Literal[""] | None = Field(None, description="Tokens of the answer at most")
    beside: list[Model] | None = Field(
        None,
        max_length=MOST_BESIDE,
        description="Other models that are asked the same at once. Each writes an answer of its own,"
        " a version beside the first, whose stream this is; `X-Beside` names their topics",
    )
    question: Annotated[str, limited(LONGEST_QUESTION)] = Field(
        "", alias="message", description="The question"
    )
    previous: int | None = Field(
        None,
        description="The answer that the question follows; else the last one that is shown",
    )
    after: int | None = Field(
        None,
        description="The last answer that is seen where this is asked. What has been asked after it"
        " meanwhile comes first, and the question follows that",
    )
    edits: int | None = Field(
        None,
        description="A question: this is another version of it, asked as it was but for what is"
        " said here",
    )
    regenerates: int | None = Field(
        None,
        description="An answer: its question is answered once more, as it was asked but for what is"
        " said here, such as `model`; both stay as versions",
    )
    continues: int | None = Field(
        None,
        description="An answer that was cut off: it is written on, in its place and under its id."
        " Its `content` comes from the beginning",
    )
    history: list[Turn] | None = Field(
        None,
        max_length=MOST_TURNS,
        description="For callers that keep their own; else the conversation's is used",
    )
    whole: bool = Field(False, description="Read everything in scope, not what a search finds")
    wait_for: Numbers | None = Field(
        None, description="Documents that are to be in before the answer begins"
    )
    once: bool = Field(False, description="`use_rag` is for this question alone")
    patient: bool = Field(False, description="Read all that was found, however long it takes")
    think: bool = Field(False, description="Let a model that can think do so before it answers")
    events: bool = Field(
        False, description="Also send `sources`, `quotes`, `thinking` and `restart` frames"
    )
    pictures: Numbers | None = Field(
        None, description="Of `POST /api/pictures`: the question is about these; at most 8"
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
    change: Literal["changed", "gone", "withdrawn"]


class ReadOut(Schema):
    document: int
    passages: int


class PictureOut(Schema):
    id: int
    width: int = Field(description="Pixels, as it is kept")
    height: int
    url: str


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
    pictures: list[PictureOut] = Field(description="That a question is about")
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
    previous: int | None = Field(description="The message that it follows")
    versions: list[int] = Field(description="All that follow the same message, itself among them")
    version: int = Field(description="Its place among them, from 1")
    beside: list[int] = Field(
        description="Answers of other models that were asked for together with it"
    )
    can_continue: bool = Field(description="It was cut off, and can be written on")
    verdict: Literal["", "good", "bad"] = Field(description="What its reader thinks of it")
    verdict_words: str
    created: str


class VerdictIn(Schema):
    verdict: Literal["", "good", "bad"] = Field("", description="Empty: none, or no longer")
    words: str = Field("", max_length=500, description="Why, in a word")


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
    pictures: list[int] = Field(description="That went with it")


class PartOut(Schema):
    name: str
    tokens: int


class CallOut(Schema):
    engine: str
    model: str
    digest: str
    moved: bool = Field(description="The name stands for another model by now")
    url: str
    body: dict[str, Any] = Field(description="As sent, without the turns")
    parts: list[PartOut]
    tokens: int
    continued: list[dict[str, Any]] = Field(
        description="Each call by which it was written on: tokens, and numbers left out of it"
    )
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


class HitOut(Schema):
    message: int | None = Field(description="Where it was found; null: in the title")
    text: str = Field(description="The words around it")
    marks: list[tuple[int, int]] = Field(description="What was searched for, in characters of text")


class ConversationOut(Schema):
    id: int
    title: str
    titled: Literal["question", "model", "person"] = Field(description="Who gave the title")
    pinned: bool
    archived: bool
    folder: str = Field(description="Empty: in none")
    tags: list[str]
    temporary: bool
    created: str
    touched: str = Field(description="When it was last asked")
    hit: HitOut | None = Field(None, description="Only in answer to a search")


class ConversationsWanted(Schema):
    q: str = Field("", max_length=400, description="Words of titles, questions or answers")
    archived: bool | None = Field(None, description="Only those that are put away, or are not")
    folder: str | None = None
    tag: str | None = None
    limit: int = Field(500, ge=1, le=500)
    offset: int = Field(0, ge=0, description="Not of a search")


class ConversationChanges(Schema):
    """What is not named stays as it is."""

    title: Annotated[str, limited(200)] | None = Field(
        None, description="Empty: the first question's own words again"
    )
    pinned: bool | None = None
    archived: bool | None = None
    folder: Annotated[str, limited(80)] | None = Field(
        None, description="Made by being named; empty: in none"
    )
    tags: list[Annotated[str, limited(40)]] | None = Field(None, max_length=100)


class ConversationWithMessages(ConversationOut):
    messages: list[MessageOut] = Field(description="Of the branch that is shown, oldest first")
