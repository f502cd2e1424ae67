"""What comes from other programs, and what must not come from any."""

import io
import json
import zipfile

import pytest

from chat.exchange.incoming import file as incoming_file
from chat.exchange.incoming import own, values
from chat.html import citations
from chat.models import Conversation, Message
from tests.chat.exchange.foreign import chatgpt, open_webui
from tests.chat.exchange.sending import export_of, import_of
from tests.factories import make_answer

pytestmark = pytest.mark.django_db


def said_in(client, pk) -> list[str]:
    """What the shown branch says."""
    return [each["text"] for each in client.get(f"/api/conversations/{pk}").json()["messages"]]


def packed(**files: bytes) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return whole.getvalue()


def ours(**facts):
    """As it is exported, with one answer and its source."""
    source = {"number": 1, "filename": "a.pdf", "page": 2, "text": "So.", "sent": True}
    answer = {"id": 2, "previous": 1, "role": "assistant", "text": "Yes [1].", "sources": [source]}
    messages = [{"id": 1, "previous": None, "role": "user", "text": "Is it?"}, answer]
    uid = "6f1c1d44-8a3b-4e1e-9f53-0d8a7a1c0001"
    whole = {"uid": uid, "title": "T", "messages": messages, **facts}
    return {"format": "localchat-conversations", "version": 1, "conversations": [whole]}


def test_chatgpts_tree_becomes_questions_with_versions_of_answers(alice, alice_client):
    (pk,) = import_of(alice_client, chatgpt()).json()["conversations"]
    assert said_in(alice_client, pk) == [
        "When was the harbour dredged?",
        "In 1987.\n\nBy the town.",
        "[a picture, which was not imported]\n\nAnd this one?",
        "Never.",
    ]
    talk = Conversation.objects.for_user(alice).get()
    assert (talk.title, talk.titled, talk.archived) == ("Harbour work", "person", True)
    assert talk.touched.timestamp() == 1700000900
    first, second = talk.messages.answers().filter(previous__text__startswith="When")
    assert (first.text, first.model) == ("Long ago.", "gpt-4o")
    assert second.thinking == "Let me see."
    assert "search(" not in str(list(talk.messages.values()))


def test_open_webuis_answers_keep_their_models_thoughts_verdicts_and_sources(alice, alice_client):
    (pk,) = import_of(alice_client, open_webui()).json()["conversations"]
    assert said_in(alice_client, pk) == ["When?", "In 1987 [1], by the town [2]."]
    talk = Conversation.objects.for_user(alice).get()
    assert (talk.title, talk.pinned, talk.tags) == ("Harbour", True, ["Ships"])
    assert talk.created.timestamp() == 1700000000
    other, answer = talk.messages.answers()
    assert (other.text, other.model, answer.model) == ("No idea.", "a:1b", "b:7b")
    assert (answer.thinking, answer.verdict, answer.verdict_words) == (
        "Let me\nsee.",
        "bad",
        "too short",
    )
    first, second = answer.sources.all()
    assert (first.filename, first.page) == ("harbour.pdf", 4)  # there counted from 0
    assert first.text == "The harbour was dredged in 1987.\n\nTwice."
    assert (second.filename, second.page) == ("town.txt", None)
    assert citations.numbers(answer.text) == [1, 2]


def test_of_a_list_of_parts_the_texts_are_kept_and_of_a_failure_that_it_was_one(
    alice, alice_client
):
    (whole,) = open_webui()
    messages = whole["chat"]["history"]["messages"]
    messages["u"]["content"] = [{"type": "text", "text": "When?"}, {"type": "image_url"}]
    messages["x"].update(content="", error={"content": "out of memory"})
    import_of(alice_client, [whole])
    assert Message.objects.for_user(alice).get(role="user").text == "When?"
    assert Message.objects.for_user(alice).get(model="a:1b").status == "failed"


def test_a_branch_that_leaves_an_answer_in_its_middle_has_its_beginning(alice, alice_client):
    (whole,) = chatgpt()
    node = {
        "author": {"role": "assistant"},
        "content": {"content_type": "text", "parts": ["Or not."]},
    }
    whole["mapping"]["a5"] = {"id": "a5", "parent": "a2", "message": node}
    import_of(alice_client, [whole])
    texts = set(Message.objects.for_user(alice).answers().values_list("text", flat=True))
    assert texts == {"Long ago.", "In 1987.\n\nBy the town.", "In 1987.\n\nOr not.", "Never."}


@pytest.mark.parametrize("export", [chatgpt, open_webui])
def test_what_others_exported_twice_comes_once(alice, alice_client, export):
    assert len(import_of(alice_client, export()).json()["conversations"]) == 1
    assert import_of(alice_client, export()).json()["there_already"] == 1


def test_a_zip_has_its_conversations_wherever_they_are_in_it(alice_client):
    body = packed(
        **{
            "conversation_asset_file_names.json": b"{}",
            "export/conversations.json": json.dumps(chatgpt()).encode(),
            "user.json": b"{}",
        }
    )
    assert len(import_of(alice_client, body, "export.zip").json()["conversations"]) == 1


def test_what_has_no_message_is_counted_and_left_out(alice_client):
    said = import_of(alice_client, [*chatgpt(mapping={}), *open_webui()]).json()
    assert (len(said["conversations"]), said["empty"]) == (1, 1)


def round_and_round():
    mapping = {key: {"parent": other, "message": None} for key, other in ("ab", "bc", "ca")}
    return chatgpt(mapping=mapping)


def with_message(**facts):
    whole = ours()
    whole["conversations"][0]["messages"][1].update(facts)
    return whole


def with_source(**facts):
    whole = ours()
    whole["conversations"][0]["messages"][1]["sources"][0].update(facts)
    return whole


def with_pictures(*data):
    whole = ours()
    whole["conversations"][0]["messages"][0]["pictures"] = [{"data": each} for each in data]
    return whole


HOSTILE = {
    "no JSON": b"\x89PNG",
    "empty": b"",
    "deep": b"[" * 200_000,
    "no number": b'[{"mapping": {}, "create_time": NaN}]',
    "a number without end": b"[" + b"9" * 10_000 + b"]",
    "another list": [1, 2, 3],
    "another object": {"conversations": []},
    "another version": {"format": "localchat-conversations", "version": 99},
    "a circle": round_and_round(),
    "itself": chatgpt(mapping={"a": {"parent": "a", "message": None}}),
    "a list for a map": chatgpt(mapping=[]),
    "a list for a title": chatgpt(title=["x"]),
    "no uid": ours(uid="x"),
    "a text for messages": ours(messages="x"),
    "follows what is not there": with_message(previous=7),
    "follows itself": with_message(previous=2),
    "an answer to nothing": with_message(previous=None),
    "another role": with_message(role="system"),
    "a number for a text": with_message(text=5),
    "too long": with_message(text="x" * (values.LONGEST_TEXT + 1)),
    "a list for sentences": with_message(sentences=[]),
    "doubts beyond the text": with_message(doubts=[{"start": 3, "end": 99, "reason": ""}]),
    "a picture elsewhere": with_pictures("http://example.org/a.jpg"),
    "a picture that is none": with_pictures("data:image/jpeg;base64,eA=="),
    "a huge page": with_source(page=2**40),
    "a negative page": with_source(page=-1),
    "no number of a source": with_source(number=0),
    "a broken archive": b"PK\x03\x04 and nothing",
    "an archive of something else": packed(notes=b"x"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_not_as_it_should_be_is_refused_whole_in_a_sentence(alice, alice_client, name):
    answer = import_of(alice_client, HOSTILE[name])
    assert answer.status_code == 400, answer.content
    assert answer.json()["message"].endswith(".")
    assert answer.json()["error"] == "not_importable"
    assert Conversation.objects.count() == Message.objects.count() == 0


def test_one_bad_conversation_takes_the_good_ones_of_its_file_along(alice, alice_client):
    both = ours()
    both["conversations"].append({"uid": "x"})
    assert import_of(alice_client, both).status_code == 400
    assert Conversation.objects.count() == 0


def test_half_a_pair_and_a_nul_are_stored_as_something_else(alice, alice_client):
    raw = json.dumps(with_message(text="a\0b \ud800 c \U0001f600")).encode()
    assert import_of(alice_client, raw).status_code == 200
    assert Message.objects.answers().get().text == "ab ? c \U0001f600"


def test_a_script_in_it_is_text(alice, alice_client):
    bad = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    whole = with_source(filename=bad, text=bad, heading=bad)
    whole["conversations"][0].update(title=bad, folder=bad, tags=[bad])
    whole["conversations"][0]["messages"][1]["text"] = f"{bad} [1]"
    (pk,) = import_of(alice_client, whole).json()["conversations"]
    answer = Message.objects.answers().get()
    roads = [
        f"c/{pk}/",
        "conversations/",
        f"m/{answer.pk}/sources/1/",
        f"m/{answer.pk}/export/html/",
    ]
    for road in roads:
        shown = export_of(alice_client, f"/{road}").decode()
        assert "<script>alert" not in shown, road
        assert "<img src=x" not in shown, road
    html = alice_client.get(f"/m/{answer.pk}/copy/").json()["html"]
    assert "<script" not in html
    assert "<img" not in html


def test_an_archive_that_unpacks_to_too_much_is_refused(alice_client, monkeypatch):
    monkeypatch.setattr(incoming_file, "MOST_BYTES", 1_000)
    body = packed(**{"conversations.json": b"[" + b" " * 100_000 + b"]"})
    answer = import_of(alice_client, body)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")


def test_more_than_a_conversation_may_have_is_refused(alice_client, monkeypatch):
    monkeypatch.setattr(own, "MOST_MESSAGES", 1)
    assert "more than 1" in import_of(alice_client, ours()).json()["message"]


def test_bobs_import_of_alices_export_changes_nothing_of_hers(alice, alice_client, bob, bob_client):
    answer = make_answer(alice, "Hers.")
    exported = export_of(alice_client, f"/c/{answer.conversation_id}/export/json/")
    before = list(Message.objects.filter(owner=alice).values())
    assert len(import_of(bob_client, exported).json()["conversations"]) == 1
    assert list(Message.objects.filter(owner=alice).values()) == before
    assert Message.objects.for_user(bob).answers().get().text == "Hers."
