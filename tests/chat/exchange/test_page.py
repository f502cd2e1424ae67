"""An answer with its pages as one file."""

import re

import pytest

from chat import pictures
from chat.exchange import pictured
from chat.pictures import Picture
from tests.chat.test_pictures import drawn
from tests.factories import make_answer, make_document, make_source

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_cited_pages_are_in_it_and_it_asks_nothing_of_anybody(alice, alice_client, data_folder):
    answer = make_answer(alice, "In 1987 [1][2].", document=make_document(alice, "harbour.pdf"))
    make_source(answer, make_document(alice, "log.txt", ["The keeper's *log*."]), 2)
    make_source(answer, make_document(alice, "other.pdf", ["Not cited."]), 3)
    sent = alice_client.get(f"/m/{answer.pk}/export/html/")
    assert sent["Content-Disposition"] == 'attachment; filename="When was the harbour dredged.html"'
    html = sent.content.decode()
    assert (
        len(re.findall(r'<img class="paper" src="data:image/webp;base64,[\w+/=]{500,}"', html)) == 1
    )
    assert '<section class="cited" id="source-1">' in html
    assert 'href="#source-1"' in html
    assert "The keeper&#x27;s *log*." in html
    assert "Not cited." not in html
    assert "<script" not in html
    assert set(re.findall(r'(?:src|href)="(data:|#|[^"]*)', html)) == {"data:", "#"}


def test_the_pictures_of_the_question_are_in_it(alice, alice_client):
    answer = make_answer(alice)
    small = pictures.smaller(drawn((40, 20)))
    picture = Picture.objects.create(owner=alice, message=answer.question, **small._asdict())
    html = alice_client.get(f"/m/{answer.pk}/export/html/").content.decode()
    assert f'<img src="{pictured.embedded(picture).data}" width="40" height="20"' in html


def test_of_what_was_deleted_nothing_is_in_it(alice, alice_client, data_folder):
    document = make_document(alice, "harbour.pdf")
    answer = make_answer(alice, document=document)
    document.delete()
    html = alice_client.get(f"/m/{answer.pk}/export/html/").content.decode()
    assert "a deleted document" in html
    assert "harbour.pdf" not in html
