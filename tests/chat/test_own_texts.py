"""Saved prompts, assistants and the settings of conversations over HTTP."""

import pytest
from django.urls import reverse

from chat.models import Assistant, SavedPrompt
from documents.models import Collection
from tests.factories import make_conversation


def send(client, method, url, body):
    return client.generic(method, url, body, content_type="application/json")


def told(answer):
    return answer.status_code, answer.json()


def test_prompts_are_made_changed_and_deleted(alice_client):
    made = alice_client.post(
        "/api/prompts", {"name": "/risks", "text": "List."}, "application/json"
    )
    pk = made.json()["id"]
    assert told(made) == (200, {"id": pk, "name": "risks", "text": "List."})
    url = f"/api/prompts/{pk}"
    changed = alice_client.put(url, {"name": "risks", "text": "List all."}, "application/json")
    assert changed.json()["text"] == "List all."
    assert alice_client.get("/api/prompts").json() == [changed.json()]
    assert alice_client.delete(url).json() == {"success": True}
    assert alice_client.get(url).status_code == 404


@pytest.mark.parametrize("name", ["", "two words", "a/b", "@a", "x" * 41])
def test_a_prompt_is_called_by_one_word(alice_client, name):
    answer = alice_client.post("/api/prompts", {"name": name, "text": "x"}, "application/json")
    assert answer.status_code == 400
    assert "one word" in answer.json()["message"]


def test_a_name_is_there_once(alice_client):
    for status in (200, 409):
        for road in ("prompts", "assistants"):
            body = {"name": "Guide", "text": "x"}
            answer = alice_client.post(f"/api/{road}", body, "application/json")
            assert answer.status_code == status


def test_an_assistant_has_all_that_a_conversation_keeps(alice_client):
    body = {"name": "Guide", "instructions": "Be short.", "temperature": 0.5, "window": 4096}
    made = alice_client.post("/api/assistants", body, "application/json").json()
    assert made == {
        **body,
        "id": made["id"],
        "length": None,
        "without_notes": False,
        "model": "",
        "collections": [],
        "documents": [],
    }
    url = f"/api/assistants/{made['id']}"
    changed = alice_client.put(url, {"name": "Guide", "model": "m:1b"}, "application/json").json()
    assert (changed["instructions"], changed["temperature"]) == ("", None)
    assert changed["model"] == "m:1b"
    refused = alice_client.put(url, {"name": "Guide", "temperature": 9}, "application/json")
    assert refused.status_code == 400
    assert Assistant.objects.get().model == "m:1b"


def test_only_the_assistant_that_is_changed_has_its_form(alice, alice_client):
    for n in range(9):
        Collection.objects.create(owner=alice, name=f"Shelf {n}")
        Assistant.objects.create(owner=alice, name=f"Guide {n}", instructions=f"Be {n}.")
    one = Assistant.objects.get(name="Guide 4")
    page = alice_client.get("/prompts/").content.decode()
    assert page.count('name="collections" value="') == 1 + 9
    assert f'href="/prompts/?assistant={one.pk}#assistant"' in page
    page = alice_client.get(f"/prompts/?assistant={one.pk}").content.decode()
    assert page.count('name="collections" value="') == 2 * (1 + 9)
    assert f'action="{reverse("assistant", args=[one.pk])}"' in page
    assert alice_client.get("/prompts/?assistant=x").status_code == 200


def test_settings_are_put_all_at_once_and_the_model_stays(alice_client, alice):
    talk = make_conversation(alice, model="m:1b", temperature=0.3)
    url = f"/api/conversations/{talk.pk}/settings"
    changed = alice_client.put(url, {"instructions": "Be short."}, "application/json").json()
    assert changed == alice_client.get(url).json()
    assert (changed["instructions"], changed["temperature"]) == ("Be short.", None)
    assert changed["model"] == "m:1b"


def test_completion_offers_what_is_ones_own(alice_client, alice, bob):
    SavedPrompt.objects.create(owner=alice, name="risks", text="List the risks.")
    SavedPrompt.objects.create(owner=bob, name="risk-of-bobs", text="His.")
    found = alice_client.get("/box/complete/?sign=/&q=RI").json()["found"]
    assert found == [{"kind": "prompt", "name": "risks", "text": "List the risks."}]
    assert alice_client.get("/box/complete/?sign=x&q=ri").json() == {"found": []}
