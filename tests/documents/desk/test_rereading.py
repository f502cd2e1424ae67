"""A page read another way, by the road that every document takes."""

from io import BytesIO

import pytest

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
from tests.factories import make_document

pytestmark = pytest.mark.django_db(transaction=True)

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
    accepted = uploading.accept_named(BytesIO(data), name="two.pdf", owner=alice, collection="")
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
    accepted = uploading.accept_named(BytesIO(data), name="tides.pdf", owner=alice, collection="")
    document = read(accepted.document)
    content = document.current.content
    content.unread_pages, content.pages = 12, 40
    content.save()
    assert search(alice, "tide table").notes == ["tides.pdf: 12 of 40 pages could not be read."]
    other = make_document(alice, "lamps.pdf", ["Lamps and oil."])
    only = search(alice, "lamps", documents=[other.pk])
    assert only.notes == []
