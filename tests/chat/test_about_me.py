"""What a person wants every answer to know: kept by that person alone, and sent until it is not."""

import asyncio
import json

import pytest
from channels.db import database_sync_to_async

from chat import answering, asking, loading, question_parsing
from chat.manner import LONGEST_NOTE, MOST_NOTES, NOTES_SENT
from chat.models import AboutMe, Conversation, Message
from chat.record import provenance
from models_mgmt.engines import last_read
from tests.factories import make_answer, make_conversation, make_document, make_index

NURSE = "I am a nurse in Trondheim."
SHORT = "Keep answers short."


def posted(client, text=NURSE, **more):
    return client.post("/api/notes", {"text": text, **more}, "application/json")


def test_notes_are_made_changed_switched_off_and_deleted(alice_client):
    note = posted(alice_client, "  I am\na nurse. ").json()
    assert note == {"id": note["id"], "text": "I am a nurse.", "on": True, "sent": True}
    url = f"/api/notes/{note['id']}"
    changed = alice_client.put(url, {"text": NURSE, "on": False}, "application/json").json()
    assert changed == {"id": note["id"], "text": NURSE, "on": False, "sent": False}
    assert alice_client.get("/api/notes").json() == [alice_client.get(url).json()] == [changed]
    assert alice_client.delete(url).json() == {"success": True}
    assert alice_client.get("/api/notes").json() == []


@pytest.mark.parametrize(("text", "status"), [(" \n", 400), ("x" * (LONGEST_NOTE + 1), 400)])
def test_a_note_is_short_and_says_something(alice_client, text, status):
    answer = posted(alice_client, text)
    assert answer.status_code == status
    assert answer.json()["message"].endswith((".", "characters."))


def test_a_note_is_there_once_and_there_are_not_too_many(alice, alice_client):
    posted(alice_client)
    assert posted(alice_client, NURSE.upper()).status_code == 409
    AboutMe.objects.bulk_create(AboutMe(owner=alice, text=f"n{n}") for n in range(MOST_NOTES - 1))
    assert posted(alice_client, "one more").status_code == 409


def test_what_has_no_room_is_told_and_not_cut(alice, alice_client):
    texts = [f"{n}{'x' * (LONGEST_NOTE - 1)}" for n in range(NOTES_SENT // LONGEST_NOTE)]
    for text in [*texts, "The last."]:
        posted(alice_client, text)
    sent = [each["sent"] for each in alice_client.get("/api/notes").json()]
    assert sent == [True] * len(texts) + [False]
    assert "not sent: no room" in alice_client.get("/about-me/").content.decode()
    assert [note.text for note in AboutMe.objects.for_user(alice).sent()] == texts


def test_the_page_does_the_same_without_a_script(alice, alice_client):
    alice_client.post("/about-me/", {"text": NURSE})
    note = AboutMe.objects.get()
    assert NURSE in alice_client.get("/about-me/").content.decode()
    alice_client.post(f"/about-me/{note.pk}/", {"text": SHORT})
    note.refresh_from_db()
    assert (note.text, note.on, note.owner) == (SHORT, False, alice)
    alice_client.post(f"/about-me/{note.pk}/delete/")
    assert not AboutMe.objects.exists()


def test_notes_go_with_the_account_and_are_in_no_export(alice, alice_client):
    posted(alice_client)
    talk = make_conversation(alice)
    make_answer(alice, conversation=talk)
    exported = alice_client.get(f"/c/{talk.pk}/export/json/").content.decode()
    assert "In 1987" in exported
    assert NURSE not in exported
    alice.delete()
    assert not AboutMe.objects.exists()


class TestSent:
    pytestmark = [
        pytest.mark.django_db(transaction=True),
        pytest.mark.usefixtures("data_folder", "closed_hub", "fresh_choice"),
    ]

    async def test_every_answer_knows_them_and_the_talk_goes_on_from_there(
        self, alice, engine_server
    ):
        await keep(alice, NURSE)
        await keep(alice, "I like tea.", on=False)
        first = await ask(alice, instructions=SHORT)
        before = sent(engine_server)
        system = before[0]["content"]
        assert system.startswith("You are a helpful assistant")
        assert f"\n- {NURSE}\n" in system
        assert system.endswith(SHORT)
        assert "tea" not in system
        await ask(alice, question="And?", conversation=first.conversation_id)
        assert sent(engine_server)[: len(before)] == before

    async def test_a_changed_note_counts_from_the_next_question_on(self, alice, engine_server):
        note = await keep(alice, NURSE)
        first = await ask(alice)
        await database_sync_to_async(AboutMe.objects.filter(pk=note.pk).update)(text="I sail.")
        await ask(alice, question="And?", conversation=first.conversation_id)
        system, *talk = sent(engine_server)
        assert "I sail." in system["content"]
        assert NURSE not in json.dumps(sent(engine_server))
        assert [turn["content"] for turn in talk] == ["Well?", first.text, "And?"]

    async def test_a_conversation_can_do_without(self, alice, engine_server):
        await keep(alice, NURSE)
        first = await ask(alice, without_notes=True)
        await ask(alice, question="And?", conversation=first.conversation_id)
        assert NURSE not in json.dumps(engine_server.asked("/api/chat"))
        assert (await talks()).without_notes
        await ask(alice, question="Now?", conversation=first.conversation_id, without_notes=False)
        assert NURSE in sent(engine_server)[0]["content"]
        await ask(alice, question="", regenerates=first.pk)
        assert NURSE in sent(engine_server)[0]["content"]

    async def test_a_temporary_chat_knows_none(self, alice, engine_server):
        await keep(alice, NURSE)
        first = await ask(alice, temporary=True)
        await ask(alice, question="And?", conversation=first.conversation_id)
        said = {"temporary": True, "use_documents": False, "model": "tiny-chat"}
        wish = question_parsing.parse_wish(said)
        last_read.forget()
        await loading.begin(alice, wish, None)
        await loading.finished()
        assert len(engine_server.asked("/api/chat")) == 3
        assert NURSE not in json.dumps(engine_server.asked("/api/chat"))

    async def test_who_begins_to_type_has_the_same_beginning_read(self, alice, engine_server):
        await keep(alice, NURSE)
        wish = question_parsing.parse_wish({"use_documents": False})
        await loading.begin(alice, wish, None)
        await loading.finished()
        begun = sent(engine_server)
        await ask(alice)
        assert sent(engine_server)[: len(begun)] == begun
        assert NURSE in begun[0]["content"]

    @pytest.mark.parametrize("question", ["When does the ferry run?", "Summarise lamps.pdf"])
    async def test_answers_from_documents_know_them_too(self, alice, engine_server, question):
        engine_server.script(answer="At nine [1].")
        await keep(alice, NURSE)
        await database_sync_to_async(make_index)(engine="ollama", name="tiny-embed:latest")
        await database_sync_to_async(make_document)(alice, "ferry.pdf", ["The ferry runs at nine."])
        pages = [f"Lamp {n} is oiled. " + "The lamp burns. " * 300 for n in range(8)]
        await database_sync_to_async(make_document)(alice, "lamps.pdf", pages)
        await ask(alice, question=question, use_documents=True, window=2048)
        assert NURSE in sent(engine_server)[0]["content"]

    async def test_what_was_sent_shows_a_note_only_as_long_as_it_is_kept(
        self, alice, engine_server
    ):
        note = await keep(alice, NURSE)
        answer = await ask(alice)
        made = await database_sync_to_async(provenance.as_json)(answer)
        assert NURSE in made["call"]["turns"][0]["text"]
        assert made["call"]["exact"]
        row = await database_sync_to_async(lambda: answer.provenance.turns)()
        assert NURSE not in json.dumps(row)
        await database_sync_to_async(note.delete)()
        made = await database_sync_to_async(provenance.as_json)(answer)
        assert "\n- [deleted]" in made["call"]["turns"][0]["text"]
        assert not made["call"]["exact"]

    async def test_nobody_is_answered_by_anothers_notes(self, alice, bob, engine_server):
        await keep(bob, NURSE)
        await ask(alice)
        assert NURSE not in json.dumps(engine_server.asked("/api/chat"))


async def keep(user, text, **facts) -> AboutMe:
    return await AboutMe.objects.acreate(owner=user, text=text, **facts)


async def ask(user, **said) -> Message:
    """The answer's row, once it is written."""
    said = {"question": "Well?", "use_documents": False, "model": "tiny-chat", **said}
    await asking.ask(user, *question_parsing.parse(said))
    await asyncio.wait_for(answering.finished(), 20)
    return await Message.objects.answers().select_related("owner", "conversation").alatest("pk")


async def talks() -> Conversation:
    return await Conversation.objects.alatest("pk")


def sent(engine_server) -> list[dict]:
    return engine_server.asked("/api/chat")[-1]["messages"]
