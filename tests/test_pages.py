"""The pages without a script: what stands on them, and what their forms do."""

import re

import pytest
from asgiref.sync import sync_to_async
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from documents.models import Document
from models_mgmt.models import ChatChoice, Pull
from tests.factories import make_answer, make_conversation, make_document, make_pull

pytestmark = pytest.mark.usefixtures("data_folder", "no_engine")
SCRIPT = {"HTTP_X_FRAGMENT": "1"}


def text(response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_first_visit_says_what_to_do(alice_client):
    shown = text(alice_client.get("/"))
    assert "Drop PDF, Word, Markdown or text files anywhere" in shown
    assert "They are read and kept on this machine." in shown


def test_old_addresses_lead_to_the_chat(alice_client):
    for address in ("/chat", "/overview"):
        assert alice_client.get(address).headers["Location"] == "/"


def test_no_page_has_inline_script_or_style(alice, alice_client):
    document = make_document(alice)
    answer = make_answer(alice, document=document)
    make_pull(alice)
    for address in (
        "/",
        reverse("conversation", args=[answer.conversation_id]),
        reverse("source", args=[answer.pk, 1]),
        "/documents/",
        reverse("document", args=[document.pk]),
        "/models/",
        reverse("password"),
    ):
        html = alice_client.get(address).content.decode()
        assert not re.search(r"<script(?![^>]*\ssrc=)", html), address
        assert not re.search(r"<style|\sstyle=|\son\w+=", html), address


def test_an_answer_stands_with_its_sources(alice, alice_client):
    answer = make_answer(alice, document=make_document(alice, "harbour.pdf"))
    page = alice_client.get(reverse("conversation", args=[answer.conversation_id]))
    html = page.content.decode()
    assert f'href="#source-{answer.pk}-1" data-n="1"' in html
    assert f'id="source-{answer.pk}-1"' in html
    assert "harbour.pdf" in text(page)
    assert "p. 1" in text(page)


def test_an_answer_that_is_being_written_names_its_topic(alice, alice_client):
    answer = make_answer(alice, "So far", status="writing")
    html = alice_client.get(reverse("conversation", args=[answer.conversation_id])).content.decode()
    assert f'data-topic="answer:{answer.pk}"' in html
    assert "So far" in html
    assert 'http-equiv="refresh"' in html


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"status": "failed", "problem": "The engine broke.", "error": "x"}, "The engine broke."),
        ({"status": "interrupted"}, "The writing broke off."),
        ({"status": "stopped"}, "You stopped this answer here."),
    ],
)
def test_how_an_answer_ended_stands_where_it_would(alice, alice_client, facts, sentence):
    answer = make_answer(alice, "", **facts)
    shown = text(alice_client.get(reverse("message", args=[answer.pk])))
    assert sentence in shown
    assert "Ask again" in shown


def test_what_a_model_writes_is_no_markup(alice, alice_client):
    answer = make_answer(alice, "<script>alert(1)</script> <img src=x onerror=alert(1)>")
    html = alice_client.get(reverse("message", args=[answer.pk])).content.decode()
    assert "<script>" not in html
    assert "<img" not in html


def test_a_source_shows_its_page_with_the_passage_marked(alice, alice_client):
    answer = make_answer(alice, document=make_document(alice))
    html = alice_client.get(reverse("source", args=[answer.pk, 1]) + "?text").content.decode()
    assert re.search(r"<mark[^>]*>The harbour was dredged in 1987\.</mark>", html)
    assert "#page=1" in html


def test_a_source_says_that_its_document_is_gone(alice, alice_client):
    document = make_document(alice)
    answer = make_answer(alice, document=document)
    alice_client.post(reverse("document_delete", args=[document.pk]))
    shown = text(alice_client.get(reverse("source", args=[answer.pk, 1])))
    assert "This document was deleted after the answer was written" in shown
    assert "dredged" not in shown


@pytest.mark.django_db(transaction=True)
def test_an_empty_question_is_refused_in_its_place(alice_client):
    response = alice_client.post("/", {"question": "  "})
    assert response.status_code == 400
    assert "The question is empty." in text(response)


def test_a_conversation_is_deleted(alice, alice_client):
    conversation = make_conversation(alice)
    alice_client.post(reverse("conversation_delete", args=[conversation.pk]))
    shown = text(alice_client.get("/"))
    assert "“The harbour” is deleted." in shown
    assert "Today" not in shown
    alice_client.post(reverse("conversations_undo"), {"conversations": [conversation.pk]})
    assert "Today The harbour" in text(alice_client.get("/"))


def test_conversations_stand_at_the_side_of_every_page(alice, alice_client):
    make_conversation(alice, title="About the harbour")
    for address in ("/", "/documents/", "/models/"):
        assert "Today About the harbour" in text(alice_client.get(address))


@pytest.mark.django_db(transaction=True)
def test_files_come_in_by_the_form(alice, alice_client):
    files = [SimpleUploadedFile(name, b"The harbour was dredged.") for name in ("a.txt", "b.md")]
    response = alice_client.post("/documents/", {"files": files, "collection": "Ships"})
    assert response.status_code == 302
    names = set(Document.objects.for_user(alice).values_list("name", "collection__name"))
    assert names == {("a.txt", "Ships"), ("b.md", "Ships")}


def test_a_file_that_nothing_can_read_is_named(alice_client):
    file = SimpleUploadedFile("photo.bin", bytes(range(256)) * 20)
    response = alice_client.post("/documents/", {"files": [file]})
    assert response.status_code == 400
    assert "photo.bin:" in text(response)


def test_the_table_of_documents(alice, alice_client):
    make_document(alice, "ready.pdf")
    make_document(alice, "bad.pdf", status="failed", problem="It has a password.", pages=["x"])
    make_document(alice, "busy.pdf", status="embedding", done=120, total=412, pages=["y"])
    shown = text(alice_client.get("/documents/"))
    assert "It has a password. Retry" in shown
    assert "Indexing passages 120 of 412" in shown
    assert "ready.pdf" in text(alice_client.get("/documents/?collection=Documents"))
    assert "ready.pdf" not in text(alice_client.get("/documents/?collection=Others"))


def test_only_what_failed_can_be_retried(alice, alice_client):
    document = make_document(alice)
    address = reverse("document_retry", args=[document.pk])
    response = alice_client.post(address, **SCRIPT)
    assert response.status_code == 409
    assert response.json()["message"] == "Only a document that failed can be tried again."
    assert "Only a document that failed" in text(alice_client.post(address))


def test_one_document_opens_at_a_passage(alice, alice_client):
    document = make_document(alice, pages=[f"Passage number {n}." for n in range(1, 151)])
    chunk = document.current.content.chunks.get(position=99)
    address = reverse("document", args=[document.pk])
    page = alice_client.get(f"{address}?passage={chunk.pk}")
    assert "Passages 61 to 120 of 150" in text(page)
    assert "<mark" in page.content.decode()
    assert "Passages 121 to 150" in text(alice_client.get(f"{address}?page=130"))
    assert "Passages 121 to 150" in text(alice_client.get(f"{address}?from=99999999999"))


async def opened(client, document) -> tuple[dict[str, str], bytes]:
    response = await client.get(reverse("document_original", args=[document.pk]))
    return response.headers, b"".join([block async for block in response.streaming_content])


@pytest.mark.django_db(transaction=True)
async def test_a_pdf_opens_in_a_cage_and_nothing_else_opens(alice, alice_async):
    make = sync_to_async(make_document)
    headers, body = await opened(alice_async, await make(alice, "a.pdf", pages=["PDF"]))
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Content-Disposition"] == 'inline; filename="a.pdf"'
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert (body[:5], headers["Content-Length"]) == (b"%PDF-", str(len(body)))
    headers, _ = await opened(alice_async, await make(alice, "a.html", pages=["<script>"]))
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment")


def test_models_page_stands_without_any_engine(alice_client, engine_down):
    assert "Asking the engines what they have." in text(alice_client.get("/models/"))
    shown = text(alice_client.get("/models/list/"))
    assert "http://127.0.0.1:9" in shown
    assert "answers are quotes" in shown
    assert "No chat model" not in shown
    assert "No model answers" in text(alice_client.get("/models/line/"))
    assert "does not answer, since" in text(alice_client.get("/models/line/?note=1"))
    assert "Chosen with the first document" in text(alice_client.get("/documents/index/"))


def test_what_is_installed_and_which_is_used(alice, alice_client, engine_server):
    shown = text(alice_client.get("/models/list/"))
    assert "tiny-chat:latest on this machine chat" in shown
    assert "tiny-embed:latest on this machine finding passages" in shown
    assert alice_client.post("/models/choose/", {"name": "tiny-think"}).status_code == 302
    assert ChatChoice.objects.get(owner=alice).name == "tiny-think:latest"
    assert "tiny-think:latest on this machine" in text(alice_client.get("/models/line/"))


def test_only_staff_may_pull_where_many_work(alice_client, settings):
    settings.OWNER_MODE = False
    response = alice_client.post("/models/", {"name": "llama3.2:1b"}, **SCRIPT)
    assert response.status_code == 403
    assert not Pull.objects.exists()
    assert "Get another" not in text(alice_client.get("/models/"))


def test_pulls_are_taken_up_after_a_reload(alice, alice_client):
    pull = make_pull(alice, status="pulling", stage="pulling abc", completed=10, total=100)
    html = alice_client.get("/models/").content.decode()
    assert f'data-topic="{pull.topic}"' in html
    assert 'value="10" max="100"' in html


@pytest.mark.parametrize(
    "name",
    ["conversation", "message", "document", "document_row", "document_original", "pull"],
)
def test_what_is_somebody_elses_is_not_there(alice, bob_client, name):
    document = make_document(alice)
    answer = make_answer(alice, document=document)
    rows = {
        "conversation": answer.conversation_id,
        "message": answer.pk,
        "pull": make_pull(alice).pk,
    }
    address = reverse(name, args=[rows.get(name, document.pk)])
    assert bob_client.get(address).status_code == 404


def test_a_huge_number_is_not_there(alice_client):
    for address in ("/c/{}/", "/m/{}/", "/m/1/sources/{}/", "/documents/{}/", "/models/pulls/{}/"):
        assert alice_client.get(address.format(10**30)).status_code == 404
