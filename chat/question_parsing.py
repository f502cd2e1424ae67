"""What is asked, and how: every edge, whatever it was told by, has it parsed and checked here."""

from collections.abc import Callable, Collection, Mapping
from typing import Any, NamedTuple, NotRequired, Self, TypedDict, TypeVar
from uuid import UUID

from chat.manner import HOTTEST, LENGTHS, LONGEST_INSTRUCTIONS, WINDOWS
from localchat.lib.errors import BadRequest
from localchat.lib.sentences import Sentence

LONGEST_QUESTION = 20_000  # characters
LONGEST_MODEL = 200
LONGEST_COLLECTION = 120
MOST_DOCUMENTS = 10_000
MOST_TURNS = 50  # of the history
MOST_BESIDE = 3  # other models that are asked the same
LONGEST_TURN = 100_000  # characters
ROLES = ("user", "assistant")
Item = TypeVar("Item")


class TalkTurn(TypedDict):
    """A turn of the talk before the question."""

    role: str
    content: str
    message: NotRequired[int]  # where it is kept
    searched: NotRequired[str]  # the question as it was searched for


class Wish(NamedTuple):
    """How the asker wants to be answered; kept with the answer as `Message.request`."""

    use_documents: bool = True
    model: str | None = None
    documents: list[int] | None = None  # None: every one
    collection: str | None = None
    whole: bool = False  # read everything in scope, whatever is asked
    patient: bool = False  # read all passages that were found, however long that takes
    wait_for: list[int] | None = None  # documents that are to be in before it is answered
    once: bool = False  # `use_documents` is for this question alone
    think: bool = False  # before it answers, where the model can
    history: list[TalkTurn] | None = None  # None: the conversation's own
    temporary: bool = False  # the conversation that it begins is not kept
    without_notes: bool = False  # that the person keeps about themselves
    collections: list[int] | None = None  # with the documents, what the conversation is about
    assistant: int | None = None  # that the conversation begins with
    instructions: str | None = None  # this and the rest: None is ours
    temperature: float | None = None
    window: int | None = None  # tokens of the prompt and its answer
    length: int | None = None  # tokens of the answer at most
    together: str | None = None  # ref of the question that was asked of several models at once
    pictures: list[int] | None = None  # that go with the question, and are kept with it alone

    @classmethod
    def from_request(cls, kept: Mapping[str, Any]) -> Self:
        return cls(**{name: kept[name] for name in cls._fields if name in kept})

    def renewed(self, wish: "Wish", said: Collection[str]) -> "Wish":
        """The same with what the other one says under these names."""
        return self._replace(**{name: getattr(wish, name) for name in said})

    def alone(self) -> Self:
        """The same, asked of one model."""
        return self._replace(together=None)

    def as_json(self) -> dict[str, Any]:
        """Without what was not said, but for `use_documents`."""
        said = {
            name: value
            for name, value in self._asdict().items()
            if value is not None and value is not False
        }
        return {**said, "use_documents": self.use_documents}


class Place(NamedTuple):
    """Where in a conversation: one of these messages, or else at the end of what is shown."""

    previous: int | None = None  # the answer that the question follows
    after: int | None = None  # the last answer that the asker sees: what came since goes before
    edits: int | None = None  # the question that it becomes another version of
    regenerates: int | None = None  # the answer that is wanted in another version
    continues: int | None = None  # the answer that is to be written on

    @property
    def has_its_question(self) -> bool:
        return self.regenerates is not None or self.continues is not None


class Question(NamedTuple):
    text: str  # empty where it has been asked before
    wish: Wish = Wish()
    ref: UUID | None = None  # the asker's own; the same again is the same question
    conversation: int | None = None
    place: Place = Place()
    said: frozenset[str] = frozenset()  # names of the wish that were said; see `Wish.renewed`
    beside: tuple[str, ...] = ()  # other models that are asked the same


def parse(said: Mapping[str, object]) -> Question:
    """Of a message, a body or a form, by the names of the websocket; None is as if not said.

    Raises BadRequest.
    """
    text = _text(said, "question", LONGEST_QUESTION).strip()
    place = _place(said)
    if not text and not place.has_its_question:
        raise BadRequest(Sentence("The question is empty."))
    wish, ref = parse_wish(said), _ref(said.get("ref"))
    names = frozenset(name for name in Wish._fields if said.get(name) is not None) - {"together"}
    if said.get("model") == "":
        names -= {"model"}
    return Question(text, wish, ref, _conversation(said), place, names, _beside(said, wish, place))


def _beside(said: Mapping[str, object], wish: Wish, place: Place) -> tuple[str, ...]:
    named = _list(said, "beside", MOST_BESIDE, _model) or []
    if named and place.has_its_question:
        raise BadRequest(
            Sentence("Several models can be asked a question, not for another answer.")
        )
    return tuple(name for name in dict.fromkeys(named) if name != wish.model)


def _model(value: object) -> str:
    name = _text({"model": value}, "model", LONGEST_MODEL).strip()
    if not name:
        raise BadRequest(Sentence("A model is named by its name."))
    return name


def parse_wish(said: Mapping[str, object]) -> Wish:
    """How it is asked, whatever it is. Raises BadRequest."""
    return Wish(
        use_documents=said.get("use_documents") is not False,
        model=_text(said, "model", LONGEST_MODEL) or None,
        documents=_list(said, "documents", MOST_DOCUMENTS, _number),
        collection=_text(said, "collection", LONGEST_COLLECTION) or None,
        whole=said.get("whole") is True,
        patient=said.get("patient") is True,
        wait_for=_list(said, "wait_for", MOST_DOCUMENTS, _number),
        once=said.get("once") is True,
        think=said.get("think") is True,
        history=_list(said, "history", MOST_TURNS, _turn),
        temporary=said.get("temporary") is True,
        without_notes=said.get("without_notes") is True,
        collections=_list(said, "collections", MOST_DOCUMENTS, _number),
        assistant=_optional(said, "assistant"),
        instructions=_text(said, "instructions", LONGEST_INSTRUCTIONS).strip() or None,
        temperature=_measure(said, "temperature", (0, HOTTEST)),
        window=_tokens(said, "window", WINDOWS),
        length=_tokens(said, "length", LENGTHS),
        pictures=_list(said, "pictures", MOST_DOCUMENTS, _number),
    )


def _tokens(said: Mapping[str, object], name: str, limits: tuple[int, int]) -> int | None:
    number = _measure(said, name, limits)
    return None if number is None else int(number)


def _measure(said: Mapping[str, object], name: str, limits: tuple[float, float]) -> float | None:
    """A number, or its digits; what is empty is said to be ours."""
    value = said.get(name)
    if value is None or value == "":
        return None
    least, most = limits
    try:
        number = float(value) if isinstance(value, int | float | str) else None
    except ValueError:
        number = None
    if number is None or isinstance(value, bool) or not least <= number <= most:
        raise BadRequest(
            Sentence(
                "The %(name)s must be a number from %(least)s to %(most)s.",
                name=name,
                least=least,
                most=most,
            )
        )
    return number


def _conversation(said: Mapping[str, object]) -> int | None:
    return _optional(said, "conversation")


def _place(said: Mapping[str, object]) -> Place:
    place = Place(*(_optional(said, name) for name in Place._fields))
    if sum(pk is not None for pk in place) > 1:
        raise BadRequest(
            Sentence("Only one of %(names)s can be meant.", names=", ".join(Place._fields))
        )
    return place


def _optional(said: Mapping[str, object], name: str) -> int | None:
    number = said.get(name)
    return None if number is None else _number(number)


def _text(said: Mapping[str, object], name: str, longest: int) -> str:
    value = said.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise BadRequest(Sentence("%(name)s must be text.", name=name))
    text = storable(value)
    if (length := len(text.strip())) > longest:
        raise BadRequest(
            Sentence(
                "The %(name)s is too long (%(length)s characters). It may have %(longest)s.",
                name=name,
                length=length,
                longest=longest,
            )
        )
    return text


def storable(text: str) -> str:
    """PostgreSQL keeps no NUL, and nothing keeps half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _list(
    said: Mapping[str, object], name: str, most: int, each: Callable[[object], Item]
) -> list[Item] | None:
    value = said.get(name)
    if value is None:
        return None
    if not isinstance(value, list):
        raise BadRequest(Sentence("%(name)s must be a list.", name=name))
    if len(value) > most:
        raise BadRequest(
            Sentence(
                "%(name)s may hold %(most)s, not %(found)s.",
                name=name,
                most=most,
                found=len(value),
            )
        )
    return [each(one) for one in value]


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 2**63:
        raise BadRequest(Sentence("A conversation, message or document is named by its number."))
    return value


def _turn(value: object) -> TalkTurn:
    turn = value if isinstance(value, dict) else {}
    role, content = turn.get("role"), turn.get("content")
    if role not in ROLES or not isinstance(content, str):
        raise BadRequest(
            Sentence("Each turn of the history needs a role, user or assistant, and a content.")
        )
    return {"role": role, "content": _text(turn, "content", LONGEST_TURN)}


def _ref(value: object) -> UUID | None:
    if value is None or isinstance(value, UUID):
        return value
    try:
        return UUID(str(value))
    except ValueError:
        raise BadRequest(Sentence("ref must be a UUID.")) from None
