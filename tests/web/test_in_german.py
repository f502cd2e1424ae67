"""Whoever reads German is told in German what went wrong, wherever that was noticed."""

import json
import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chat.models import Message
from documents.models import Document
from documents.pages import flags
from localchat.lib import events
from localchat.lib.errors import EngineUnreachable
from localchat.lib.language import of_scope
from localchat.lib.sentences import Sentence
from models_mgmt.engines import wire
from models_mgmt.models import Pull
from tests.factories import make_answer, make_document, make_pull

pytestmark = pytest.mark.usefixtures("data_folder", "no_engine")
AWAY = wire.unreachable("http://127.0.0.1:11434").message
IN_GERMAN = "Die Engine unter http://127.0.0.1:11434 antwortet nicht. Läuft sie?"
SCRIPT = {"HTTP_X_FRAGMENT": "1"}


@pytest.fixture
def reader(alice):
    client = Client(HTTP_ACCEPT_LANGUAGE="de-DE,de;q=0.9")
    client.force_login(alice)
    return client


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def failed(document, problem, **facts):
    wanted = {"status": Document.Status.FAILED, "problem": problem, **facts}
    Document.objects.filter(pk=document.pk).update(**wanted)


def test_why_a_document_failed(alice, reader):
    document = make_document(alice)
    failed(document, Sentence("This file is empty."))
    assert "Diese Datei ist leer." in text(reader.get("/documents/"))
    row = reader.get(f"/api/documents/{document.pk}").json()
    assert row["problem"] == "Diese Datei ist leer."


def test_what_a_document_waits_for(alice, reader):
    document = make_document(alice)
    waiting = Sentence("Waiting for the engine. %(why)s", why=AWAY)
    Document.objects.filter(pk=document.pk).update(status=Document.Status.QUEUED, waiting=waiting)
    assert f"Wartet auf die Engine. {IN_GERMAN}" in text(reader.get("/documents/"))


def test_why_an_answer_failed_and_what_is_noted_below_another(alice, reader):
    answer = make_answer(alice, document=make_document(alice))
    notes = [Sentence("None of your passages mentions %(words)s.", words="“barge”"), "As it was."]
    Message.objects.filter(pk=answer.pk).update(notes=notes)
    address = reverse("conversation", args=[answer.conversation_id])
    shown = text(reader.get(address))
    assert "In keiner deiner Textstellen steht “barge”. " in shown
    assert "As it was." in shown
    failure = {"status": Message.Status.FAILED, "error": "engine_unreachable", "problem": AWAY}
    Message.objects.filter(pk=answer.pk).update(**failure)
    assert IN_GERMAN in text(reader.get(address))
    told = reader.get(f"/api/messages/{answer.pk}").json()
    assert told["problem"] == IN_GERMAN
    assert told["notes"] == ["In keiner deiner Textstellen steht “barge”.", "As it was."]


def test_why_a_pull_failed(alice, reader):
    pull = make_pull(alice)
    problem = Sentence("The disk of the engine is full.")
    Pull.objects.filter(pk=pull.pk).update(status=Pull.Status.FAILED, problem=problem)
    assert "Die Platte der Engine ist voll." in text(reader.get(reverse("pull", args=[pull.pk])))


def test_what_a_form_refuses(alice, reader):
    refused = reader.post(reverse("documents_several"), {"act": "delete"}, **SCRIPT)
    assert refused.json() == {"error": "bad_request", "message": "Wähle zuerst Dokumente aus."}


def test_what_the_api_refuses_has_a_code_and_the_readers_words(reader):
    told = reader.post("/api/chat", {"message": " "}, content_type="application/json").json()
    assert told == {"error": "bad_request", "message": "Die Frage ist leer."}
    assert reader.get("/api/documents/99").json() == {
        "error": "not_found",
        "message": "Unter diesem Namen oder dieser Nummer ist hier nichts.",
    }


def test_scripts_without_a_language_are_answered_in_english(alice_client):
    told = alice_client.post("/api/chat", {"message": " "}, content_type="application/json").json()
    assert told["message"] == "The question is empty."


def test_what_was_deleted(alice, reader):
    document = make_document(alice, "harbour.pdf")
    told = reader.delete(f"/api/documents/{document.pk}").json()["message"]
    assert told.startswith("harbour.pdf wurde gelöscht: 1 Fassung, ")


def test_how_the_pages_of_a_document_were_read(alice, reader):
    document = make_document(alice)
    content = document.current.content
    content.states, content.pages = "tu", 2
    content.unread = {"chart": 2, "audio file": 1, "box": 3}
    content.flags = [flag(2, True), flag(1, False), flag(2, False)]
    content.save()
    page = text(reader.get(f"/documents/{document.pk}/"))
    assert "Seite 1: als Text gelesen" in page
    assert "1 nicht lesbar" in page
    assert "Nicht gelesen: 3 boxes, 2 Diagramme, 1 Tondatei." in page
    assert "Seite 2 hat versteckten Text, der zu einem Sprachmodell spricht" in page
    assert ", und Seiten 1 und 2 haben solchen Text offen." in page
    row = reader.get(f"/api/documents/{document.pk}").json()
    assert row["not_read"] == "Nicht gelesen: 3 boxes, 2 Diagramme, 1 Tondatei."


def flag(page, is_hidden):
    return {"page": page, "passage": 0, "kind": flags.KIND, "hidden": is_hidden}


def test_why_a_passage_is_found_and_another_is_not(alice, reader):
    document = make_document(alice)
    tried = text(reader.get(f"/documents/{document.pk}/try/?question=harbour"))
    assert "Unter allen deinen Dokumenten kommt seine beste Textstelle zuerst." in tried
    assert "Nicht aufgestellt: nach Wörtern 0.000, " in tried
    body = {"query": "harbour", "why": {"document": document.pk}}
    found = reader.post("/api/documents/test", body, content_type="application/json").json()
    assert found["why"][0]["reason"] == "Rang 1 von 1."


def test_an_import_that_is_refused_leaves_its_reader_on_the_page(reader):
    refused = reader.post(reverse("transfer"), {"file": SimpleUploadedFile("a.json", b"{")})
    assert refused.status_code == 400
    assert "Diese Datei ist kein JSON, oder sie ist beschädigt." in text(refused)
    assert 'type="file"' in refused.content.decode()


def test_the_language_of_a_socket_is_the_pages():
    german, english = b"de,en;q=0.5", b"en-GB"
    chosen = f"{settings.LANGUAGE_COOKIE_NAME}=de".encode()
    assert of_scope({"headers": [(b"accept-language", german)]}) == "de"
    assert of_scope({"headers": [(b"accept-language", english), (b"cookie", chosen)]}) == "de"
    assert of_scope({"headers": [(b"accept-language", b"*"), (b"cookie", b"a=;=b;x")]}) == "en"


def test_events_of_the_log_keep_their_messages():
    event = {"type": "failed", "message": EngineUnreachable().message}
    kept = json.loads(events.entry(event)["event"])
    assert kept["message"]["sentence"] == "The model engine does not answer. Is Ollama running?"
