"""Which files of a folder are meant."""

import pytest

from documents.local.folders import Only


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
