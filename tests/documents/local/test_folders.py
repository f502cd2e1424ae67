"""Which files of a folder are meant."""

import os
from collections import Counter

import pytest

from documents.local import folders
from documents.local.folders import NotAFile, Only


@pytest.mark.parametrize(
    ("path", "pattern", "matches"),
    [
        ("a.pdf", "*.pdf", True),
        ("x/y/A.PDF", "*.pdf", True),
        ("a.pdf.txt", "*.pdf", False),
        ("x/y/z.txt", "y", True),
        ("x/y/z.txt", "y/", True),
        ("x/y/z.txt", "y/*.txt", False),
        ("x/y/z.txt", "x/*.txt", False),
        ("x/y/z.txt", "x/**/*.txt", True),
        ("x/z.txt", "x/**/*.txt", True),
        ("x/z.txt", "/x", True),
        ("y/x/z.txt", "/x", False),
        ("y/x/z.txt", "**/x/*.txt", True),
        ("bücher/ä.txt", "BÜCHER/*", True),
    ],
)
def test_patterns_mean_what_the_handbook_says(path, pattern, matches):
    assert Only(include=[pattern]).wants(path.encode()) is matches
    assert Only(exclude=[pattern]).wants(path.encode()) is not matches


@pytest.fixture
def swapped(tmp_path):
    """A folder in which another one has become a link to what lies outside."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text("not mine")
    watched = tmp_path / "watched"
    (watched / "sub" / "deep").mkdir(parents=True)
    (watched / "sub" / "deep" / "a.txt").write_text("mine")
    (watched / "sub" / "link").symlink_to(tmp_path / "outside")
    return os.fsencode(watched)


def test_a_folder_that_has_become_a_link_since_it_was_listed_is_not_walked_into(swapped):
    with pytest.raises(NotAFile):
        folders.opened(swapped, b"sub/link/a.txt")
    with folders.opened(swapped, b"sub/deep/a.txt") as file:
        assert file.read() == b"mine"
    assert folders.is_gone(swapped, b"sub/link/a.txt")
    assert not folders.is_gone(swapped, b"sub/deep/a.txt")


def test_nor_is_it_listed(swapped):
    found = folders.Listing({}, Counter(), {})
    with pytest.raises(NotADirectoryError):
        list(folders._look_into(swapped, b"sub/link", Only(), found))
    assert [entry.path for entry in folders._look_into(swapped, b"sub/deep", Only(), found)] == [
        b"sub/deep/a.txt"
    ]
