"""Which settings can be chosen on the page, in its order, and who may choose them.

Those of a section are tried and kept together. What only the environment says (places on this
machine, addresses to listen at, log-ins) is not here: it is read once, at the start.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from localchat.lib import environment
from localchat.lib.sentences import Sentence

Kind = Literal["number", "flag", "text", "secret", "address", "addresses", "choice"]
PORTS = {"OLLAMA_HOST": 11434}  # where an address names none
ROLES = ("reader", "writer", "keeper")
LONGEST = 2000  # characters of a text
# A key is sent to the first of these addresses that is set. Who changes it gives the key once more.
KEYS = {
    "OPENAI_API_KEY": ("OPENAI_BASE_URL",),
    "RERANK_API_KEY": ("RERANK_BASE_URL", "OPENAI_BASE_URL"),
}


class Kept(NamedTuple):
    name: str  # as the environment has it
    label: Sentence
    kind: Kind = "number"
    hint: str = ""  # a Sentence
    unit: int = 1  # of the number on the page, in those of the setting
    choices: tuple[str, ...] = ()

    def fits(self, value: object) -> bool:
        """Whether it may be such a setting's."""
        if self.kind == "number":
            least, most = environment.BOUNDS[self.name]
            return type(value) is int and least <= value <= most
        if self.kind == "flag":
            return isinstance(value, bool)
        return isinstance(value, str) and (not self.choices or value in self.choices)


class Section(NamedTuple):
    key: str
    title: Sentence
    hint: Sentence
    of_keepers: bool  # else of superusers alone
    settings: tuple[Kept, ...]


SECTIONS = (
    Section(
        "engines",
        Sentence("Model servers"),
        Sentence(
            "Questions and passages are sent to them, and to nobody else. They are tried before"
            " they are kept."
        ),
        False,
        (
            Kept(
                "OLLAMA_HOST",
                Sentence("Ollama"),
                "addresses",
                Sentence("Of several the addresses, with commas between. Empty: none."),
            ),
            Kept(
                "OPENAI_BASE_URL",
                Sentence("Server that speaks OpenAI's /v1"),
                "address",
                Sentence("Such as vLLM, llama.cpp or LM Studio. Empty: none."),
            ),
            Kept("OPENAI_API_KEY", Sentence("Its key"), "secret"),
            Kept(
                "ENGINE_SLOTS",
                Sentence("Calls that each server is given at once"),
                hint=Sentence("Who comes later waits in line. 0: all, and the server queues them."),
            ),
        ),
    ),
    Section(
        "reranking",
        Sentence("Model that puts passages in order"),
        Sentence(
            "It reads the best passages once more together with the question. It is tried before"
            " it is kept."
        ),
        False,
        (
            Kept("RERANK_MODEL", Sentence("Model"), "text", Sentence("Empty: none.")),
            Kept(
                "RERANK_BASE_URL",
                Sentence("Server that has it"),
                "address",
                Sentence("Empty: the one that speaks OpenAI's /v1."),
            ),
            Kept("RERANK_API_KEY", Sentence("Its key"), "secret"),
            Kept("RERANK_MS", Sentence("Milliseconds after which a search goes on without it")),
        ),
    ),
    Section(
        "answers",
        Sentence("Answers"),
        Sentence("From the next question on."),
        True,
        (
            Kept(
                "CHAT_MODEL",
                Sentence("Model of who has chosen none"),
                "text",
                Sentence("Empty: the one that answered before, else the first that chats."),
            ),
            Kept("ANSWER_TOKENS", Sentence("The longest answer, in tokens")),
            Kept(
                "FIRST_WORD_SECONDS",
                Sentence("Seconds within which the first word should come"),
                hint=Sentence("On a slow machine fewer passages are read for it."),
            ),
            Kept("TITLES", Sentence("The model gives conversations their titles"), "flag"),
        ),
    ),
    Section(
        "limits",
        Sentence("Limits of each person"),
        Sentence("0: no limit. They do not hold for who works alone on this machine."),
        True,
        (
            Kept("QUESTIONS_PER_HOUR", Sentence("Questions in an hour")),
            Kept("UPLOADS_PER_HOUR", Sentence("Files uploaded in an hour")),
            Kept("STORAGE_BYTES_PER_USER", Sentence("Megabytes of all files"), unit=10**6),
            Kept("SOCKETS_PER_USER", Sentence("Pages open at once")),
            Kept(
                "MAX_UPLOAD_MB",
                Sentence("Megabytes of the largest upload"),
                hint=Sentence("Of everybody. A proxy has to let as much through."),
            ),
        ),
    ),
    Section(
        "sharing",
        Sentence("Sharing"),
        Sentence("What a collection is shared as, unless who shares it chooses another role."),
        True,
        (Kept("SHARING_ROLE", Sentence("Role"), "choice", choices=ROLES),),
    ),
    Section(
        "retention",
        Sentence("What is kept for how long"),
        Sentence("What is past its time is deleted, and does not come back."),
        False,
        (
            Kept("AUDIT_DAYS", Sentence("Days of the audit log")),
            Kept(
                "BACKUP_HOURS",
                Sentence("Hours from one backup to the next"),
                hint=Sentence("0: none is made by itself."),
            ),
            Kept(
                "BACKUPS_KEPT",
                Sentence("Backups that are kept"),
                hint=Sentence("Of those made by themselves, and of those before an upgrade."),
            ),
        ),
    ),
)
ALL = {each.name: each for section in SECTIONS for each in section.settings}


def from_environment(name: str) -> bool:
    """Whether the environment says what it is: then nobody else does.

    An address is the environment's too where a key is that goes to it, which may go nowhere else.
    """
    return any(environment.text(each) for each in (name, *_keys_for(name)))


def _keys_for(place: str) -> Iterator[str]:
    for key, places in KEYS.items():
        before = places[: places.index(place)] if place in places else ()
        if place in places and not any(environment.text(each) for each in before):
            yield key
