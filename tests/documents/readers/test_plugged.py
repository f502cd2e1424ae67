"""A package that somebody installed beside LocalChat brings a format of its own."""

import importlib
from textwrap import dedent

import pytest

from documents import readers
from documents.readers import plugged
from documents.readers.process import client
from documents.readers.process.errors import ReaderFailed, Unreadable, Unsupported
from localchat.management.commands.doctor import formats_of_others

READER = """
    import sys

    warm = []

    def warm_up():
        warm.append("warm")

    def read(file):
        data = file.read()
        if data == b"damaged":
            raise ValueError(data)
        if data == b"broken":
            raise KeyError(data)
        if data == b"curious":
            data = open("/etc/hostname", "rb").read()
        for page in data.decode().split("--"):
            yield f"{page} {warm[0]}" if page.strip() else ""
"""


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """What makes a package of one module, as an installer would leave it."""

    def install(module: str, ending: str = ".flip") -> None:
        about = tmp_path / "flips-1.0.dist-info"
        about.mkdir()
        (about / "METADATA").write_text("Metadata-Version: 2.1\nName: flips\nVersion: 1.0\n")
        (about / "entry_points.txt").write_text(f"[localchat.readers]\n{ending} = flips_reader\n")
        (tmp_path / "flips_reader.py").write_text(dedent(module))
        monkeypatch.syspath_prepend(tmp_path)
        importlib.invalidate_caches()
        forget()

    forget()
    yield install
    monkeypatch.undo()
    forget()


def forget():
    plugged.modules.cache_clear()
    client.for_plugged().close()
    client.for_plugged.cache_clear()


def read(tmp_path, data: bytes, name: str = "chart.flip"):
    path = tmp_path / name
    path.write_bytes(data)
    kind = readers.kind_of(data, name)
    return readers.read_file(path, kind, progress=lambda *_: None, cancelled=lambda: False)


def test_its_pages_are_read(installed, tmp_path):
    installed(READER)
    pages = read(tmp_path, b"One--Two").pages
    assert [(page.number, page.text) for page in pages] == [(1, "One warm"), (2, "Two warm")]


def test_one_text_has_no_page_numbers(installed, tmp_path):
    installed(READER)
    assert [page.number for page in read(tmp_path, b"One").pages] == [None]


def test_its_ending_goes_before_what_the_first_bytes_say(installed, tmp_path):
    installed(READER, ".PDF")
    assert read(tmp_path, b"%PDF-1.7 no", "a.pdf").pages[0].text == "%PDF-1.7 no warm"


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"damaged", "This file is damaged, or it is not what its name says."),
        (b"--", "There is no text in this file."),
    ],
)
def test_what_it_cannot_read_is_said(installed, tmp_path, data, told):
    installed(READER)
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, data)
    assert str(refused.value.message) == told


@pytest.mark.parametrize("data", [b"broken", b"curious"], ids=["an error", "a file of the system"])
def test_it_runs_in_the_cage(installed, tmp_path, data):
    installed(READER)
    with pytest.raises(ReaderFailed):
        read(tmp_path, data)


def test_one_that_cannot_be_imported_is_said_at_its_files(installed, tmp_path):
    installed("import no_such_module")
    with pytest.raises(Unreadable) as refused:
        read(tmp_path, b"One")
    assert "does not work here" in refused.value.message


def test_one_that_was_removed_is_said_at_its_files(installed, tmp_path):
    (tmp_path / "chart.flip").write_bytes(b"One")
    with pytest.raises(Unsupported) as refused:
        readers.read_file(
            tmp_path / "chart.flip",
            "plugged.flip",
            progress=lambda *_: None,
            cancelled=lambda: False,
        )
    assert "not installed any more" in refused.value.message


def test_doctor_names_it(installed):
    installed(READER)
    assert [each.what for each in formats_of_others()] == [
        "Files called *.flip are read by flips_reader."
    ]
