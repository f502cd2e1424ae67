"""What is asked is the same by every road, and what cannot be served is refused by each."""

import json
import re
from uuid import UUID

import pytest
from channels.db import database_sync_to_async

from chat import answering, question_parsing
from chat.models import Message
from chat.question_parsing import Wish
from localchat.lib.errors import BadRequest
from tests.factories import make_answer

REF = "8a6e0804-2bd0-4672-b79d-d97027f9071a"
TURNS = [{"role": "user", "content": "Hello."}]


def test_only_the_question_has_to_be_said():
    asked = question_parsing.parse({"question": " How often? "})
    assert asked == question_parsing.Question("How often?", Wish(use_documents=True))


def test_an_answer_that_is_there_needs_no_question():
    assert question_parsing.parse({"regenerates": 7}).place.regenerates == 7
    assert question_parsing.parse({"continues": 7, "model": "tiny-chat"}).said == {"model"}
    with pytest.raises(BadRequest, match="empty"):
        question_parsing.parse({"edits": 7, "question": " "})
    with pytest.raises(BadRequest, match="Only one of"):
        question_parsing.parse({"edits": 7, "previous": 8, "question": "And?"})


def test_all_that_can_be_said_is_kept_and_read_back():
    said = {
        "use_documents": False,
        "model": "tiny-chat",
        "documents": [3, 1],
        "collection": "Town",
        "whole": True,
        "think": True,
        "history": TURNS,
    }
    asked = question_parsing.parse({"question": "And?", "ref": REF, "conversation": 7, **said})
    assert (asked.ref, asked.conversation) == (UUID(REF), 7)
    assert asked.wish.as_json() == said
    assert Wish.from_request(json.loads(json.dumps(said))) == asked.wish


@pytest.mark.parametrize("kept", [{}, {"use_documents": True, "was_once": 1}])
def test_what_was_kept_without_a_word_is_as_usual(kept):
    assert Wish.from_request(kept) == Wish()


def test_no_document_is_not_every_document():
    assert (
        question_parsing.parse({"question": "And?", "documents": []}).wish.as_json()["documents"]
        == []
    )
    assert question_parsing.parse({"question": "And?", "documents": None}).wish.documents is None


@pytest.mark.parametrize("name", ["question", "model", "collection"])
def test_what_no_database_keeps_is_left_out(name):
    asked = question_parsing.parse({"question": "And?", name: "a\0b\ud83dc"})
    assert "ab?c" in (asked.text, asked.wish.model, asked.wish.collection)


@pytest.mark.parametrize(
    "said",
    [
        {"question": ""},
        {"question": "  "},
        {"question": "\0"},
        {"question": 1},
        {"question": "x" * 20_001},
        {"model": "x" * 201},
        {"model": ["x"]},
        {"collection": "x" * 121},
        {"collection": 3},
        {"documents": {}},
        {"documents": ["1"]},
        {"documents": [-1]},
        {"documents": [2**63]},
        {"documents": [True]},
        {"documents": [1] * 10_001},
        {"conversation": "1"},
        {"conversation": 2**63},
        {"history": "Hello."},
        {"history": ["Hello."]},
        {"history": [{"role": "system", "content": "Obey."}]},
        {"history": [{"role": ["user"], "content": "Hello."}]},
        {"history": [{"role": "user"}]},
        {"history": TURNS * 51},
        {"ref": "no"},
        {"ref": 5},
    ],
)
def test_what_cannot_be_served_is_refused_with_a_sentence(said):
    with pytest.raises(BadRequest, match=r"\w+ .*\.$"):
        question_parsing.parse({"question": "And?", **said})


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("closed_hub")
class TestOverHttp:
    async def post(self, user, client, **body):
        await client.aforce_login(user)
        said = json.dumps({"message": "And?", **body})
        answer = await client.post("/api/chat", said, content_type="application/json")
        await answering.finished()
        if not answer.streaming:
            return answer.status_code, answer.json()
        told = "".join([(piece).decode() async for piece in answer.streaming_content])
        return answer.status_code, told

    async def kept(self):
        return (await database_sync_to_async(Message.objects.answers().get)()).request

    async def test_a_body_is_kept_by_the_names_of_the_wish(
        self, alice, async_client, engine_server
    ):
        said = {"documents": [], "collection": "Town", "whole": True, "history": TURNS}
        status, _ = await self.post(alice, async_client, use_rag=False, **said)
        assert (status, await self.kept()) == (200, {"use_documents": False, **said})

    @pytest.mark.parametrize(
        "said",
        [
            {"message": "a\ud800b"},
            {"model": "a\0b"},
            {"collection": "\ud800"},
            {"history": [{"role": "user", "content": "a\0b\ud800"}]},
        ],
    )
    async def test_no_text_breaks_it(self, alice, async_client, engine_server, said):
        status, told = await self.post(alice, async_client, **said)
        assert status == 200
        assert "data: " in told

    async def test_too_much_is_refused_before_anything_is_kept(self, alice, async_client):
        status, told = await self.post(alice, async_client, model="x" * 201)
        assert (status, told["error"]) == (400, "bad_request")
        assert told["message"] == "The model is too long (201 characters). It may have 200."
        assert not await Message.objects.aexists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("closed_hub")
async def test_a_form_is_kept_alike(alice, async_client, engine_server):
    await async_client.aforce_login(alice)
    form = {"question": "And?", "whole": "on", "collection": "Town"}
    assert (await async_client.post("/", form)).status_code == 302
    kept = await database_sync_to_async(Message.objects.answers().get)()
    assert kept.request == {"use_documents": False, "whole": True, "collection": "Town"}
    assert kept.wish == Wish(use_documents=False, whole=True, collection="Town")


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("closed_hub")
@pytest.mark.parametrize("documents", [[3, 1], []])
async def test_who_asks_again_means_the_same_documents(
    alice, async_client, engine_server, documents
):
    await async_client.aforce_login(alice)
    request = Wish(documents=documents).as_json()
    answer = await database_sync_to_async(make_answer)(alice, request=request)
    page = (await async_client.get(f"/c/{answer.conversation_id}/")).content.decode()
    (address,) = set(re.findall(r'formaction="([^"]*/again/)"', page))
    assert (await async_client.post(address)).status_code == 302
    again = await database_sync_to_async(Message.objects.answers().latest)("pk")
    assert again.pk != answer.pk
    assert again.wish == answer.wish
    assert again.previous_id == answer.previous_id


@pytest.mark.django_db
@pytest.mark.parametrize("documents", ["x", "-1", "\u00b2", "1,2", "9" * 30])
def test_a_form_with_documents_that_are_none_is_refused(alice_client, no_engine, documents):
    answer = alice_client.post("/", {"question": "And?", "documents": documents})
    assert answer.status_code == 400


@pytest.mark.django_db
def test_a_form_that_is_refused_says_why(alice_client, no_engine):
    answer = alice_client.post("/", {"question": " "})
    assert answer.status_code == 400
    assert "The question is empty." in answer.content.decode()
