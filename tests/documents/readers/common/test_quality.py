import pytest

from documents.readers.common.quality import State, is_garbage
from documents.readers.process import client
from tests import files, files_pdf
from tests.documents.readers.reading import read_bytes

ENGLISH = "The harbour master keeps a list of every vessel that enters or leaves.\n" * 4


def shifted(text: str) -> str:
    """As a font without a table of its letters gives it: each stands 29 places lower."""
    return "".join(chr(ord(letter) - 29) if letter.isalpha() else letter for letter in text)


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH,
        "Der Schiffsführer trägt jedes Fahrzeug in das Verzeichnis ein und prüft es. " * 4,
        "Strč prst skrz krk, zmrzl vlk. Příliš žluťoučký kůň úpěl ďábelské ódy. " * 4,
        "Капитан порта ведёт список всех судов, которые входят и выходят. " * 4,
        "港の責任者は、出入りするすべての船の一覧を保管しています。" * 8,
        "32,765 31,657 (16,682) (16,055) 0.952 12 % " * 20,
        "ABX-7731-KLM 00-14-22-01-F2 9Q8W7 " * 20,
        "\uf0b7 one point of a list that has ten of them\n" * 20,
        "short",
        "",
    ],
)
def test_what_a_person_can_read_is_no_garbage(text):
    assert not is_garbage(text)


@pytest.mark.parametrize(
    "text",
    [
        shifted(ENGLISH),
        "\ufffd\ufffd\ufffd \ufffd\ufffd " * 40,
        "\ue012\ue033\ue040 \ue021 " * 40,
        "\x01\x04\x05\x06 \x07\x08 " * 40,
    ],
)
def test_letters_that_make_no_words_are_garbage(text):
    assert is_garbage(text)


def test_each_page_of_a_pdf_tells_what_is_on_it(tmp_path):
    """As its reader sees it, before anything is recognised."""
    path = tmp_path / "file"
    path.write_bytes(
        files.joined(
            files.pdf("some words"), files.scan(), files.pdf(""), files.pdf(shifted(ENGLISH))
        )
    )
    quiet = {"progress": lambda *_: None, "cancelled": lambda: False}
    assert [page.state for page in client.for_files().read(path, "pdf", **quiet).pages] == [
        State.TEXT,
        State.UNREADABLE,
        State.EMPTY,
        State.GARBAGE,
    ]


@pytest.mark.parametrize(("upright", "state"), [(False, State.TEXT), (True, State.UNREADABLE)])
def test_writing_that_cannot_be_read_is_not_taken_for_an_empty_page(tmp_path, upright, state):
    written = files_pdf.chinese("中文资料的内容", upright=upright)
    path = tmp_path / "file"
    path.write_bytes(written)
    quiet = {"progress": lambda *_: None, "cancelled": lambda: False}
    [page] = client.for_files().read(path, "pdf", **quiet).pages
    assert page.state is state


def test_pages_of_other_formats_are_text_or_empty(tmp_path):
    reading = read_bytes(tmp_path, b"words", "a.txt")
    assert [page.state for page in reading.pages] == [State.TEXT]
