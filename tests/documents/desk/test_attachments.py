"""What comes in a message is a document of its own, for as long as the message is there."""

import pytest

from documents.desk import attachments, collections, deleting, renaming, sweeping
from documents.files import originals
from documents.finding import search
from documents.models import Chunk, Content, Document, Version
from tests import files
from tests import files_office as office
from tests.documents.desk.test_uploading import accept, inline, ready  # noqa: F401
from tests.factories import make_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("inline", "data_folder"),
]
OFFER = ("offer.pdf", files.pdf("The crane costs 12,000 crowns."))
LIST = ("list.csv", b"part;price\nhook;70\n")


def mail(*attachments, body="See the offer.\n", subject="Your crane"):
    return office.message(subject, body, *attachments)


def names():
    return sorted(Document.objects.values_list("name", flat=True))


@pytest.fixture
def message(alice):
    return ready(accept(alice, mail(OFFER, LIST), "mail.eml"))


def test_each_attachment_is_found_and_cited_by_itself(message, alice):
    assert names() == ["mail.eml", "mail.eml/list.csv", "mail.eml/offer.pdf"]
    best = search.search(alice, "what does the crane cost in crowns").passages[0]
    assert (best.filename, best.page) == ("mail.eml/offer.pdf", 1)
    assert {child.parent for child in Document.objects.exclude(pk=message.pk)} == {message}


def test_it_is_downloaded_by_itself(message, alice_client):
    offer = Document.objects.get(name="mail.eml/offer.pdf")
    answer = alice_client.get(f"/api/documents/{offer.pk}/original")
    assert answer["Content-Disposition"] == 'attachment; filename="offer.pdf"'
    assert answer["Content-Length"] == str(len(OFFER[1]))
    assert originals.path(offer.current.content.stored).read_bytes() == OFFER[1]
    shown = alice_client.get(f"/api/documents/{offer.pk}").json()
    assert (shown["parent"], shown["kind"]) == (message.pk, "pdf")


def test_it_goes_with_its_message(message):
    receipt = deleting.delete(message)
    assert receipt.documents == 3
    assert not Document.objects.exists()
    assert not Content.objects.exists()


def test_messages_inside_of_messages_are_unpacked_one_after_the_other(alice):
    inner = mail(OFFER, subject="Inner")
    ready(accept(alice, mail(("fwd.eml", inner)), "mail.eml"))
    assert names() == ["mail.eml", "mail.eml/fwd.eml", "mail.eml/fwd.eml/offer.pdf"]
    assert deleting.delete(Document.objects.get(name="mail.eml")).documents == 3


def test_there_is_an_end_to_depth_and_number(alice, monkeypatch):
    monkeypatch.setattr(attachments, "DEEP", 2)
    monkeypatch.setattr(attachments, "MOST", 4)
    deep = mail(OFFER, subject="4")
    for number in "321":
        deep = mail(("fwd.eml", deep), subject=number)
    ready(accept(alice, deep, "deep.eml"))
    assert names() == ["deep.eml", "deep.eml/fwd.eml", "deep.eml/fwd.eml/fwd.eml"]
    many = [(f"{number}.txt", f"Number {number}.".encode()) for number in range(9)]
    ready(accept(alice, mail(*many), "many.eml"))
    assert len([name for name in names() if name.startswith("many.eml/")]) == 3


def test_what_cannot_be_read_says_why_and_is_not_lost(alice, alice_client):
    noise = ("noise.bin", bytes(range(256)) * 40)
    broken = ("broken.pdf", b"%PDF-1.7\nnothing that a reader could use")
    ready(accept(alice, mail(noise, broken), "mail.eml"))
    rows = {row["name"]: row for row in alice_client.get("/api/documents").json()}
    assert rows["mail.eml/noise.bin"]["status"] == "failed"
    assert "cannot be read yet" in rows["mail.eml/noise.bin"]["problem"]
    assert rows["mail.eml/broken.pdf"]["error"] == "damaged"
    assert rows["mail.eml/noise.bin"]["size"] == len(noise[1])


def test_a_new_version_of_the_message_has_its_own_attachments(message, alice):
    offer = Document.objects.get(name="mail.eml/offer.pdf")
    dearer = ("offer.pdf", files.pdf("The crane costs 15,000 crowns."))
    ready(accept(alice, mail(dearer, ("note.txt", b"In May.")), "mail.eml"))
    assert names() == ["mail.eml", "mail.eml/note.txt", "mail.eml/offer.pdf"]
    offer.refresh_from_db()
    assert offer.current.number == 2
    assert "15,000" in Chunk.objects.of_document(offer).get().text


def test_the_same_message_under_another_name_has_them_too(message, alice, engine_server):
    asked = len(engine_server.asked("/api/embed"))
    ready(accept(alice, originals.path(message.current.content.stored).read_bytes(), "copy.eml"))
    assert "copy.eml/offer.pdf" in names()
    assert len(engine_server.asked("/api/embed")) == asked
    assert Content.objects.count() == 3


def test_two_of_one_name_are_two(alice):
    make_document(alice, "mail.eml/offer.pdf", ["Somebody put it there."])
    ready(accept(alice, mail(OFFER, ("offer.pdf", files.pdf("Another."))), "mail.eml"))
    assert names() == [
        "mail.eml",
        "mail.eml/offer (2).pdf",
        "mail.eml/offer (3).pdf",
        "mail.eml/offer.pdf",
    ]


def test_they_follow_where_the_message_goes(message, alice):
    renaming.rename(message, "crane.eml", "Machines")
    assert names() == ["crane.eml", "crane.eml/list.csv", "crane.eml/offer.pdf"]
    home = collections.make(alice, "Home")
    assert collections.move(home, [message.pk], home.owner) == 1
    assert {document.collection for document in Document.objects.all()} == {home}


def test_an_outlook_message_is_unpacked_too(alice):
    ready(accept(alice, office.outlook("Grüße", "Hello.", LIST), "m.msg"))
    assert names() == ["m.msg", "m.msg/list.csv"]


def test_what_broke_off_is_taken_up(message):
    Document.objects.exclude(pk=message.pk).delete()
    Version.objects.update(unpacked=False)
    sweeping.sweep()
    assert len(names()) == 3
    assert not Document.objects.packed().exists()


@pytest.mark.parametrize("name", ["m.doc", "m.xls", "m.ppt"])
def test_a_message_under_the_name_of_an_old_office_file_has_its_attachments(alice, name):
    ready(accept(alice, office.outlook("Grüße", "Hello.", LIST), name))
    assert names() == [name, f"{name}/list.csv"]
