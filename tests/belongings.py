"""What alice owns, and bob who asks for it with her ids."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.test import Client

from chat.manner import ModelSettings
from chat.models import AboutMe, Assistant, Picture, SavedPrompt
from documents.desk import sharing
from localchat.accounts import api_keys
from localchat.accounts.sign_ins.models import SignIn
from tests.factories import (
    make_answer,
    make_conversation,
    make_document,
    make_pull,
    make_reembedding,
)
from tests.roads import ROADS, fill

WORD = "Margarethe7331"  # stands in every text of alice's, nowhere else
PREFIXES = {
    "answer": "writing",
    "document": "reading",
    "pull": "pull",
    "reembedding": "reembedding",
}


class Alice:
    """One of everything. Each attribute is what a parameter may be filled with."""

    def __init__(self, user: User) -> None:
        name = f"{WORD}.pdf"
        document = make_document(user, name, [f"A page about {WORD}."], collection=f"{WORD} files")
        reading = make_document(user, f"two-{name}", [f"{WORD}!"], status="reading", attempt=1)
        conversation = make_conversation(user, title=f"On {WORD}")
        texts = {"question": f"Who is {WORD}?", "conversation": conversation}
        answer = make_answer(user, f"{WORD} is [1].", document=document, **texts)
        writing = make_answer(user, f"{WORD} was", status="writing", attempt=1, **texts)
        pull = make_pull(user, f"{WORD.lower()}:1b", status="pulling", attempt=1)
        self.reembedding = make_reembedding(user, status="embedding", attempt=1).pk
        prompt = SavedPrompt.objects.create(owner=user, name=f"p{WORD}", text=f"On {WORD}")
        assistant = Assistant.objects.create(owner=user, name=WORD, instructions=f"Of {WORD}")
        ModelSettings.objects.create(owner=user, model=WORD, instructions=f"Of {WORD}")
        sized = {"owner": user, "jpeg": WORD.encode(), "width": 1, "height": 1}
        self.picture = Picture.objects.create(**sized, message=answer.previous).pk
        self.unasked_picture = Picture.objects.create(**sized).pk
        self.note = AboutMe.objects.create(owner=user, text=f"I am {WORD}").pk
        self.api_key = api_keys.make(user, f"Of {WORD}", ["read"]).key.pk
        self.sign_in = _signed_in(user).pk
        self.prompt, self.assistant = prompt.pk, assistant.pk
        self.word, self.collection_name = WORD, f"{WORD} files"
        self.document, self.reading, self.pull = document.pk, reading.pk, pull.pk
        self.model = quote(f"+{WORD} files")
        self.file = f"file-{document.pk}"
        self.collection = document.collection_id
        User.objects.create_user("carol")
        self.grant = sharing.share(document.collection, person="carol", role="reader").pk
        self.conversation, self.source, self.page = conversation.pk, 1, 1
        self.asked, self.form = answer.previous_id, "json"
        self.answer, self.writing = answer.pk, writing.pk
        self.topics = [f"{kind}:{getattr(self, name)}" for kind, name in PREFIXES.items()]

    def urls(self, road: str) -> list[str]:
        """The road with her ids; for topics, once for each kind."""
        wanted = ROADS.get(road, {})
        if wanted.get("topic") == "topics":
            return [fill(road, {"topic": topic}) for topic in self.topics]
        return [fill(road, {name: getattr(self, row) for name, row in wanted.items()})]

    def filled(self, value: Any) -> Any:
        """With `{name}` replaced by hers; an id alone becomes a number."""
        if isinstance(value, dict):
            return {key: self.filled(each) for key, each in value.items()}
        if isinstance(value, list):
            return [self.filled(each) for each in value]
        if not isinstance(value, str):
            return value
        whole = re.fullmatch(r"\{(\w+)\}", value)
        return getattr(self, whole[1]) if whole else value.format(**vars(self))


def _signed_in(user: User) -> SignIn:
    """She is logged in somewhere."""
    client = Client()
    client.force_login(user)
    key = str(client.session.session_key)
    return SignIn.objects.create(user=user, session_id=key, browser=WORD)


def rows() -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row of ours, by table and key."""
    ours = [
        m
        for app in (
            "accounts",
            "invitations",
            "sign_ins",
            "identities",
            "chat",
            "documents",
            "models_mgmt",
        )
        for m in apps.get_app_config(app).get_models()
        if m._meta.managed
    ]
    tables = {model: model.objects.order_by("pk").values() for model in [*ours, User]}
    return {
        model.__name__: {row["id"]: {k: str(v) for k, v in row.items()} for row in found}
        for model, found in tables.items()
    }


def changed(before: dict, after: dict) -> list[str]:
    """Rows that are not as they were, or are gone. What is bob's own is new and does not count."""
    return [
        f"{table} {key}"
        for table, found in before.items()
        for key, row in found.items()
        if after[table].get(key) != row
    ]


@pytest.fixture
def hers(alice, no_engine, data_folder) -> Alice:
    return Alice(alice)


@pytest.fixture
def bobs(bob, hers) -> Client:
    client = Client()
    client.force_login(bob)
    User.objects.filter(pk=bob.pk).update(last_login=None)
    return client
