"""A document that is nearly the same as another is noticed, and a person says what it is."""

import random
import re

import pytest
from django.core.management import call_command

from chat.models import Source
from documents.models import Chunk, Content, Document
from documents.models.fingerprints import Sketch
from documents.text import overlap
from tests.documents.desk.test_uploading import accept, inline, ready  # noqa: F401
from tests.factories import make_answer

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("inline", "data_folder"),
]


def words(count: int, seed: int = 1) -> list[str]:
    chance = random.Random(seed)
    return ["".join(chance.choices("aeioubdklmnrst", k=6)) for _ in range(count)]


def text(words: list[str]) -> bytes:
    return ". ".join(" ".join(words[at : at + 12]) for at in range(0, len(words), 12)).encode()


FIRST = words(900)
EDITED = FIRST[:400] + words(30, seed=2) + FIRST[430:]


@pytest.fixture
def two(alice):
    """A document and one that is nearly the same, of which thirty words differ."""
    first = ready(accept(alice, text(FIRST), "lease.txt"))
    return first, ready(accept(alice, text(EDITED), "lease (2).txt", collection="Elsewhere"))


def choose(client, document, choice):
    road = f"/api/documents/{document.pk}/near"
    return client.post(road, {"choice": choice}, "application/json")


def seen(client, document):
    return client.get(f"/api/documents/{document.pk}").json()["near"]


def test_it_says_how_much_is_the_same_and_as_what(two, alice_client):
    first, second = two
    found = seen(alice_client, second)
    assert (found["document"], found["name"]) == (first.pk, "lease.txt")
    assert 94 <= found["share"] <= 98
    assert seen(alice_client, first) is None


def test_as_a_new_version_it_takes_the_others_name(two, alice_client, engine_server):
    first, second = two
    content, asked = second.current.content, len(engine_server.asked("/api/embed"))
    answer = choose(alice_client, second, "version")
    assert answer.json()["document"] == first.pk
    assert answer.json()["message"] == "lease (2).txt is the new version of lease.txt."
    document = Document.objects.get()
    assert (document.name, document.current.number) == ("lease.txt", 2)
    assert document.current.content == content
    assert Content.objects.count() == 1
    assert Chunk.objects.of_document(document).exists()
    # Once, in the background: its passages are told the name that they have now.
    assert len(engine_server.asked("/api/embed")) == asked + 1


def test_an_answer_that_cites_the_former_version_keeps_it(two, alice, alice_client):
    first, second = two
    make_answer(alice, document=first)
    choose(alice_client, second, "version")
    assert list(Document.objects.get().versions.values_list("number", flat=True)) == [2, 1]
    assert Source.objects.get().text


def test_kept_it_says_no_more(two, alice_client):
    assert choose(alice_client, two[1], "keep").status_code == 200
    assert seen(alice_client, two[1]) is None
    assert Document.objects.count() == 2
    assert choose(alice_client, two[1], "skip").status_code == 409
    assert choose(alice_client, two[1], "burn").status_code == 400


def test_skipped_it_is_gone_without_a_trace(two, alice_client):
    assert choose(alice_client, two[1], "skip").json()["document"] == two[0].pk
    assert list(Document.objects.all()) == [two[0]]
    assert Content.objects.count() == Sketch.objects.count() == 1


def test_there_is_nothing_to_choose_once_the_other_is_gone(two, alice_client):
    alice_client.delete(f"/api/documents/{two[0].pk}")
    assert seen(alice_client, two[1]) is None
    assert choose(alice_client, two[1], "version").status_code == 409


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("other.txt", text(words(900, seed=3))),
        ("half.txt", text(FIRST[:450] + words(450, seed=4))),
        ("short.txt", b"The same few words."),
        ("copy.txt", text(FIRST)),
    ],
)
def test_what_is_not_nearly_the_same_or_wholly_is_not_noticed(alice, name, data):
    ready(accept(alice, text(FIRST), "lease.txt"))
    ready(accept(alice, b"The same few words.", "first.txt"))
    assert ready(accept(alice, data, name)).near is None


def test_a_new_version_of_a_document_is_not_compared(alice):
    ready(accept(alice, text(FIRST), "lease.txt"))
    assert ready(accept(alice, text(EDITED), "lease.txt")).near is None


def test_nobody_hears_of_somebody_elses_document(alice, bob):
    ready(accept(alice, text(FIRST), "lease.txt"))
    assert ready(accept(bob, text(EDITED), "mine.txt")).near is None


def test_among_many_with_the_same_letterhead_the_right_one_is_found(alice):
    head = words(60, seed=9)
    for number in range(30):
        ready(accept(alice, text(head + words(200, seed=100 + number)), f"{number}.txt"))
    letter = head + words(200, seed=117)[:195] + words(5, seed=5)
    assert ready(accept(alice, text(letter), "new.txt")).near.name == "17.txt"


def test_the_command_says_it(alice, tmp_path, settings, capsys):
    settings.STANDALONE = True
    for name, data in (("a.txt", FIRST), ("b.txt", EDITED)):
        (tmp_path / name).write_bytes(text(data))
    call_command("ingest", str(tmp_path), "--user", "alice")
    assert re.search(r"b\.txt: 9\d % the same as a\.txt", capsys.readouterr().out)


@pytest.mark.parametrize("kept", [1.0, 0.97, 0.9, 0.8, 0.5, 0.0])
@pytest.mark.parametrize("count", [60, 5000])
def test_the_share_is_that_of_the_runs_of_words(kept, count):
    mine, other = words(count), words(count, seed=6)
    one = mine[: int(kept * count)] + other[int(kept * count) :]
    found = overlap.share(overlap.sketch([" ".join(mine)]), overlap.sketch([" ".join(one)]))
    assert found == pytest.approx(kept, abs=0.06)


def test_pages_and_case_make_no_difference():
    whole = overlap.sketch([" ".join(FIRST)])
    parted = overlap.sketch([" ".join(FIRST[:333]).upper(), " ".join(FIRST[333:])])
    assert whole == parted


def test_signs_without_spaces_are_compared_too():
    one = (
        "東京都の人口は約千四百万人で日本の首都である。" * 1 + "大阪は商業の町として知られている。"
    )
    other = one.replace("商業", "工業")
    assert 0.7 < overlap.share(overlap.sketch([one]), overlap.sketch([other])) < 1
