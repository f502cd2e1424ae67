"""PDFs with a password: asked for, tried, kept encrypted, and gone with the document."""

import io

import pytest
from PIL import Image

from documents.desk import deleting
from documents.files import kept_passwords
from documents.models import Chunk, Content, Document
from documents.pages import pictures
from documents.readers.process.errors import Unreadable
from tests import files
from tests.documents import traces
from tests.documents.desk.test_uploading import accept, inline, ready  # noqa: F401
from tests.factories import make_document

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("inline"),
]
SECRET = "Zwielichtqualle"
LOCKED = files.pdf("The harbour was dredged in 1987.", password=SECRET)


@pytest.fixture
def locked(alice, data_folder):
    document = accept(alice, LOCKED, "locked.pdf").document
    document.refresh_from_db()
    return document


def enter(client, document, password):
    road = f"/api/documents/{document.pk}/password"
    return client.post(road, {"password": password}, "application/json")


def test_it_fails_by_asking_for_the_password(locked):
    assert (locked.status, locked.error) == ("failed", "password_required")
    assert locked.problem.endswith("Enter the password to have it read.")


def test_the_right_password_has_it_read(locked, alice_client):
    answer = enter(alice_client, locked, SECRET).json()
    assert (answer["status"], answer["error"], answer["pages"]) == ("ready", "", 1)
    assert Chunk.objects.get().text.strip() == "The harbour was dredged in 1987."


def test_its_pages_can_be_seen_then(locked, alice_client):
    enter(alice_client, locked, SECRET)
    chunk = Chunk.objects.get().pk
    answer = alice_client.get(f"/api/documents/{locked.pk}/pages/1.webp?chunk={chunk}")
    assert Image.open(io.BytesIO(answer.content)).width > 1000


def test_a_wrong_password_is_said_and_not_kept(locked, alice_client):
    answer = enter(alice_client, locked, "Morgenqualle").json()
    assert (answer["status"], answer["error"]) == ("failed", "password_required")
    assert answer["problem"].startswith("That password does not open this file.")
    assert Content.objects.get().secret == ""
    assert enter(alice_client, locked, SECRET).json()["status"] == "ready"


def test_the_page_asks_for_it_and_takes_it(locked, alice_client):
    row = alice_client.get(f"/documents/{locked.pk}/row").content.decode()
    assert f'action="/documents/{locked.pk}/password/"' in row
    assert 'type="password"' in row
    assert alice_client.post(f"/documents/{locked.pk}/password/", {"password": SECRET}).status_code
    locked.refresh_from_db()
    assert locked.status == "ready"
    assert (
        "type=" + '"password"'
        not in alice_client.get(f"/documents/{locked.pk}/row").content.decode()
    )


def test_it_is_kept_encrypted_and_goes_with_the_document(
    locked, alice_client, data_folder, caplog, capfd
):
    enter(alice_client, locked, SECRET)
    assert kept_passwords.opened(Content.objects.get().secret) == SECRET
    assert traces.tables(SECRET) == traces.redis_keys(SECRET) == []
    assert traces.files(SECRET, data_folder) == []
    assert SECRET not in caplog.text + "".join(capfd.readouterr())
    deleting.delete(Document.objects.get())
    assert not Content.objects.exists()


def test_with_another_key_of_the_server_it_is_asked_for_again(locked, alice_client, settings):
    enter(alice_client, locked, SECRET)
    settings.SECRET_KEY = "another-one-" + "0" * 40
    assert kept_passwords.opened(Content.objects.get().secret) == ""
    with pytest.raises(Unreadable, match="Enter the password"):
        pictures.show(Content.objects.get(), 1)


@pytest.mark.parametrize("password", ["", "x" * 501])
def test_what_can_be_no_password_is_refused(locked, alice_client, password):
    assert enter(alice_client, locked, password).status_code == 400


def test_who_is_not_asked_need_not_answer(alice, alice_client, data_folder):
    assert enter(alice_client, make_document(alice), SECRET).status_code == 409
    facts = {"status": "failed", "error": "password_required", "problem": "It is locked."}
    word = make_document(alice, "locked.docx", ["Office files cannot be opened yet."], **facts)
    assert enter(alice_client, word, SECRET).status_code == 409
