"""A deleted document is gone everywhere, and the receipt says what that was."""

import json
import time

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User

from chat.answers import quotes
from chat.models import Message, Provenance, Source
from documents.desk import collections, deleting
from documents.files import originals
from documents.models import Chunk, Collection, Content, Document, Term, Version
from tests import stores
from tests.documents import traces
from tests.factories import make_answer, make_document, make_source
from tests.files import pdf

MARKER = "Zwielichtqualle"
PLAIN = "Nothing of it stands in what the model writes. "


def upload(live, name: str, body: bytes) -> int:
    answer = live.http.post("/api/documents/upload", files={"files": (name, body)})
    frames = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data")]
    result = next(frame["result"] for frame in frames if "result" in frame)
    assert result["success"], result
    return result["document"]


def everywhere(live) -> dict[str, list[str]]:
    kept = [stores.DATA / "originals", stores.DATA / "pictures", stores.DATA / "logs", live.logs]
    return {
        "tables": traces.tables(MARKER),
        "redis": traces.redis_keys(MARKER),
        "files": traces.files(MARKER, *kept, *traces.temporary()),
    }


def test_a_marker_is_found_nowhere_once_its_document_is_deleted(live, engine_server):
    engine_server.script(answer=f"{PLAIN}[1]")
    text = f"{MARKER} swims at dusk.\nThe harbour was dredged in 1987, says {MARKER}."
    body = pdf(text, title=f"On {MARKER}", outline=[(f"{MARKER} at dusk", 1)])
    document = upload(live, f"{MARKER}.pdf", body)
    asked = live.http.post("/api/chat", json={"message": "When was the harbour dredged?"})
    assert MARKER in asked.text
    found = live.http.post("/api/documents/test", json={"query": "harbour"}).json()["results"]
    road = f"/api/documents/{document}/pages/1.webp?chunk={found[0]['chunk']}"
    assert live.http.get(road).status_code == 200
    assert {"chat_source", "documents_chunk", "documents_document"} <= set(traces.tables(MARKER))
    assert any(key.startswith("events:answer:") for key in traces.redis_keys(MARKER))
    content = Content.objects.get()
    pictures = stores.DATA / "pictures" / content.stored.hex[:2] / content.stored.hex
    assert list(pictures.iterdir())

    told = live.http.delete(f"/api/documents/{document}").json()

    assert everywhere(live) == {"tables": [], "redis": [], "files": []}
    assert not pictures.exists()
    assert not originals.path(content.stored).exists()
    assert told["receipt"] == {
        "documents": 1,
        "versions": 1,
        "passages": len(found),
        "vectors": len(found),
        "terms": told["receipt"]["terms"],
        "bytes": len(body),
        "pictures": 1,
        "shared": 0,
        "answers_that_cite": 1,
        "quotes": 1,
    }
    assert told["receipt"]["terms"] > 4
    assert f"{len(body):,} bytes" in told["message"]
    assert "1 answer cited it" in told["message"]
    answer = Message.objects.get(role="assistant")
    assert answer.text.strip() == f"{PLAIN}[1]"
    live.http.delete(f"/api/conversations/{answer.conversation_id}")


def test_an_answer_being_written_does_not_bring_a_deleted_text_back(live, engine_server):
    engine_server.script(answer=PLAIN * 6, rate=25)
    document = upload(live, "dusk.md", f"# Dusk\n\n{MARKER} swims in the harbour.".encode())
    with live.http.stream("POST", "/api/chat", json={"message": "Who is in it?"}) as answer:
        lines = answer.iter_lines()
        next(line for line in lines if "content" in line)
        live.http.delete(f"/api/documents/{document}")
        done = [line for line in lines if '"done"' in line]
    assert done
    assert MARKER not in done[0]
    time.sleep(0.1)  # until the hub has written to the log what it has told
    assert everywhere(live) == {"tables": [], "redis": [], "files": []}


@pytest.mark.django_db(transaction=True)
class TestInTheDatabase:
    @pytest.fixture(autouse=True)
    def _folder(self, data_folder):
        """Each with files of its own."""

    def test_quotes_of_an_answer_without_a_model_go_too(self, alice):
        first = make_document(alice)
        other = make_document(alice, "other.pdf", ["The pier is short."])
        lines = [quotes.BEGINNING, "> The harbour was dredged. [1]", "> The pier is short. [2]"]
        answer = make_answer(alice, "\n\n".join(lines), document=first)
        make_source(answer, other, number=2)
        receipt = deleting.delete(first)
        assert (receipt.answers_that_cite, receipt.quotes) == (1, 1)
        answer.refresh_from_db()
        assert answer.text == f"{quotes.BEGINNING}\n\n> The pier is short. [2]"
        assert [(each.number, each.text) for each in answer.sources.all()] == [
            (1, ""),
            (2, "The pier is short."),
        ]
        deleting.delete(other)
        answer.refresh_from_db()
        assert answer.text == quotes.GONE

    def test_notes_below_answers_name_it_no_more(self, alice):
        document = make_document(alice, "Miller (final).pdf")
        said = "Miller (final).pdf: 2 of 9 pages could not be read. See miller.txt."
        answer = make_answer(alice, notes=[said], computed=said)
        row = Provenance.objects.create(message=answer, search={"query": "When?", "notes": [said]})
        deleting.delete(document)
        without = said.replace(document.name, "a deleted document")
        answer.refresh_from_db()
        row.refresh_from_db()
        assert (answer.notes, answer.computed) == ([without], without)
        assert row.search == {"query": "When?", "notes": [without]}

    def test_what_another_document_needs_is_told_and_stays(self, alice):
        first, second = make_document(alice), make_document(alice, "copy.pdf")
        receipt = deleting.delete(first)
        assert (receipt.passages, receipt.bytes, receipt.shared) == (0, 0, 1)
        assert "1 file stayed for another name of the same." in receipt.sentence("harbour.pdf")
        assert Chunk.objects.of_document(second).count() == 2

    def test_many_are_deleted_with_one_receipt(self, alice, bob):
        for number in range(5):
            make_document(alice, f"{number}.pdf", [f"Number {number}.", "And more."])
        kept = make_document(bob)
        receipt = deleting.clear(alice)
        assert (receipt.documents, receipt.versions, receipt.passages) == (5, 5, 10)
        assert list(Document.objects.all()) == [kept]
        assert not Term.objects.filter(owner=alice).exclude(term__startswith="#").exists()
        assert receipt.sentence().startswith("5 documents were deleted: 5 versions, 10 passages,")

    def test_a_collection_goes_with_all_its_versions_and_files(self, alice, data_folder):
        document = make_document(alice, collection="Law")
        make_answer(alice, document=document)
        receipt = collections.delete(Collection.objects.get(name="Law"))
        assert receipt.documents == 1
        assert not Version.objects.exists()
        assert not Content.objects.exists()
        assert [path for path in data_folder.rglob("*") if path.is_file()] == []
        assert Source.objects.get().filename == ""

    def test_the_admin_forgets_names_and_leaves_no_file(self, client, data_folder, no_engine):
        root = User.objects.create_superuser("root", password="a-long-password-of-root")
        client.force_login(root)
        document = make_document(root, f"{MARKER}.pdf", collection=MARKER)
        urls = [f"/admin/documents/document/{document.pk}/delete/"]
        urls += [f"/admin/documents/collection/{document.collection_id}/delete/"]
        for url in urls:
            assert client.post(url, {"post": "yes"}).status_code == 302
        assert LogEntry.objects.count() == 2
        assert set(traces.tables(MARKER)) <= {"django_session"}
        assert traces.files(MARKER, data_folder) == []
        assert [path for path in data_folder.rglob("*") if path.is_file()] == []

    def test_the_files_of_a_person_go_with_the_person(self, alice, admin_client, data_folder):
        document = make_document(alice)
        make_answer(alice, document=document)
        url = f"/admin/auth/user/{alice.pk}/delete/"
        assert admin_client.post(url, {"post": "yes"}).status_code == 302
        assert not User.objects.filter(pk=alice.pk).exists()
        assert not Content.objects.exists()
        assert [path for path in data_folder.rglob("*") if path.is_file()] == []


def test_the_search_for_traces_finds_what_is_there(alice, tmp_path):
    make_document(alice, f"{MARKER}.pdf", ["Text."])
    (tmp_path / "a").write_bytes(MARKER.encode("utf-16-le"))
    assert traces.tables(MARKER.upper()) == ["documents_document"]
    assert len(traces.files(MARKER, tmp_path)) == 1
