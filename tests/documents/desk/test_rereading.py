"""A page read another way, by the road that every document takes."""

from io import BytesIO

import pytest
from django.core.management import call_command

from documents.desk import deleting, rereading, uploading
from documents.finding.search import search
from documents.ingest import ingesting
from documents.models import Chunk, Document
from documents.pages import page_states
from documents.pages.recognised import Recognised
from documents.readers.common.quality import State
from documents.readers.page import Page
from localchat.lib.errors import BadRequest, Conflict, NotFound
from tests import files, pictures
from tests.documents.desk.test_uploading import inline  # noqa: F401
from tests.factories import make_document

pytestmark = pytest.mark.django_db(transaction=True)

ICE = b"""BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Ice on the quay\r\n
DTSTART:20260305T091500\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"""
SEEN = "The lighthouse keeper\nwas called Margarethe."
SAID = (
    "Nothing of what the picture shows, said at a length that no page number and no stamp ever has."
)


@pytest.fixture
def two_pages(alice, engine_server, data_folder):
    """A page of text, and a picture over a text that is another."""
    data = files.joined(
        files.pdf("The first page, in letters."), pictures.with_layer(pictures.sheet(SEEN), SAID)
    )
    accepted = uploading.accept_named(BytesIO(data), name="two.pdf", by=alice, collection="")
    return read(accepted.document)


def read(document: Document) -> Document:
    claimed = Document.objects.claim(document.pk)
    assert claimed is not None
    ingesting.ingest(claimed)
    return Document.objects.get(pk=document.pk)


def texts(document: Document) -> list[tuple[int, str]]:
    found = Chunk.objects.of_document(document).values_list("page", "text")
    return [(page, " ".join(text.split())) for page, text in found]


def states(document: Document) -> list[tuple[State, str]]:
    return [(page.state, page.wish) for page in page_states.states(document.current.content)]


def test_a_page_is_read_from_its_picture_and_back(two_pages, alice_client, engine_server):
    before = dict(Chunk.objects.values_list("page", "text_hash"))
    asked = f"/api/documents/{two_pages.pk}/pages/2/read"
    answer = alice_client.post(asked, {"how": "ocr"}, content_type="application/json")
    assert answer.json()["status"] == "queued"
    assert texts(two_pages) == [(1, "The first page, in letters."), (2, SAID)]  # until it is done
    document = read(two_pages)
    assert texts(document) == [(1, "The first page, in letters."), (2, " ".join(SEEN.split()))]
    assert states(document) == [(State.TEXT, ""), (State.OCR, "ocr")]
    assert Chunk.objects.get(page=1).text_hash == before[1]
    rereading.read_again(document, 2, "text")
    document = read(document)
    assert texts(document)[1] == (2, SAID)
    assert states(document) == [(State.TEXT, ""), (State.TEXT, "text")]


def test_what_was_recognised_is_kept_for_the_next_reading_and_goes_with_the_file(two_pages):
    rereading.read_again(two_pages, 2, "ocr")
    document = read(two_pages)
    kept = Recognised(document.current.content.stored)
    kept.put(Page(2, "as kept before", [], State.OCR, 60))
    rereading.read_again(document, 1, "text")
    document = read(document)
    assert texts(document)[1] == (2, "as kept before")
    assert page_states.states(document.current.content)[1].confidence == 60
    deleting.delete(document)
    assert not kept.folder.exists()


@pytest.mark.parametrize(
    ("page", "how", "error"),
    [(3, "ocr", NotFound), (0, "text", NotFound), (1, "by heart", BadRequest)],
)
def test_what_makes_no_sense_is_refused(two_pages, page, how, error):
    with pytest.raises(error):
        rereading.read_again(two_pages, page, how)


def test_a_document_that_is_being_read_has_to_be_waited_for(alice, data_folder):
    document = make_document(alice, status="reading", attempt=1)
    with pytest.raises(Conflict):
        rereading.read_again(document, 1, "text")


def test_only_pages_that_can_be_drawn_are_read_another_way(alice, data_folder):
    document = make_document(alice, "notes.txt")
    with pytest.raises(BadRequest):
        rereading.read_again(document, 1, "ocr")


def test_the_page_of_a_document_shows_the_strip_and_takes_the_form(two_pages, alice_client):
    page = alice_client.get(f"/documents/{two_pages.pk}/").content.decode()
    assert page.count("pages__tick--text") == 3  # two pages, and the legend
    assert "Page 2: read as text" in page
    form = {"page": "2", "how": "ocr"}
    assert alice_client.post(f"/documents/{two_pages.pk}/read-again/", form).status_code == 302
    two_pages.refresh_from_db()
    assert two_pages.status == "queued"
    again = alice_client.post(f"/documents/{two_pages.pk}/read-again/", form)
    assert "is being read at the moment" in again.content.decode()


def test_a_search_says_which_documents_it_used_were_not_read_whole(
    alice, engine_server, data_folder
):
    data = files.joined(
        files.pdf("The tide table of the harbour."), files.broken_page_pdf("x", broken=1)
    )
    accepted = uploading.accept_named(BytesIO(data), name="tides.pdf", by=alice, collection="")
    document = read(accepted.document)
    content = document.current.content
    content.unread_pages, content.pages = 12, 40
    content.save()
    assert search(alice, "tide table").notes == ["tides.pdf: 12 of 40 pages could not be read."]
    other = make_document(alice, "lamps.pdf", ["Lamps and oil."])
    only = search(alice, "lamps", documents=[other.pk])
    assert only.notes == []


@pytest.fixture
def older(alice, engine_server, data_folder):
    """An event, as a reader told it that took it for a text."""
    accepted = uploading.accept_named(BytesIO(ICE), name="ice.ics", by=alice, collection="")
    return aged(read(accepted.document))


def aged(document: Document) -> Document:
    content = document.current.content
    content.kind, content.reader = "text", 1
    content.save()
    Chunk.objects.of_document(document).update(text="BEGIN:VCALENDAR SUMMARY:Ice on the quay")
    return document


def test_what_an_older_reader_has_read_is_read_again_and_found_until_then(older, alice):
    newer = read(
        uploading.accept_named(BytesIO(b"Nets."), name="nets.txt", by=alice, collection="").document
    )
    assert rereading.read_older(Document.objects.for_user(alice)) == [older.pk]
    older.refresh_from_db()
    assert (older.status, newer.status) == ("queued", "ready")
    assert texts(older) == [(None, "BEGIN:VCALENDAR SUMMARY:Ice on the quay")]
    assert search(alice, "ice quay").passages[0].text.startswith("BEGIN")
    document = read(older)
    assert document.current.content.kind == "calendar"
    assert document.current == older.current
    assert "BEGIN" not in texts(document)[0][1]
    assert rereading.read_older(Document.objects.for_user(alice)) == []


def test_one_that_has_the_same_bytes_is_not_read_twice(older, alice):
    twin = uploading.accept_named(BytesIO(ICE), name="frost.ics", by=alice, collection="").document
    twin = aged(read(twin))
    ids = rereading.read_older(Document.objects.for_user(alice))
    assert ids == [older.pk, twin.pk]
    told = texts(read(older))
    made = Chunk.objects.of_document(older).get().pk
    assert texts(read(twin)) == told
    assert Chunk.objects.of_document(twin).get().pk == made


def test_what_is_being_read_and_what_failed_is_left_alone(older, alice):
    for status in ("reading", "failed"):
        Document.objects.filter(pk=older.pk).update(status=status)
        assert rereading.read_older(Document.objects.for_user(alice)) == []


def test_the_admin_reads_again_what_an_older_reader_has_read(older, admin_client):
    chosen = {"action": "read_older_selected", "_selected_action": [older.pk]}
    answer = admin_client.post("/admin/documents/document/", chosen, follow=True)
    assert "1 documents are read again." in answer.content.decode()
    older.refresh_from_db()
    assert older.status == "queued"


def test_the_command_waits_until_all_is_read(older, inline, capsys):  # noqa: F811
    call_command("reread", "--user", "alice")
    assert capsys.readouterr().out == "1 read again, 0 failed.\n"
    assert "BEGIN" not in texts(older)[0][1]
    call_command("reread", "--user", "alice", "--collection", "elsewhere")
    assert capsys.readouterr().out == "0 read again, 0 failed.\n"
