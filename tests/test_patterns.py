"""Patterns of ours take no more than twice as long for a text that is twice as long."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests import patterns

HOME = Path(__file__).parent.parent


READERS = "documents/readers"
# Of the readers, those that are used outside of the cage, too.
NOT_CAGED = [f"{READERS}/{name}" for name in ("kinds.py", "first_bytes.py", "common/encoding.py")]
FOLDERS = [str(path.relative_to(HOME)) for path in (HOME / "documents").iterdir()]
OUTSIDE = [*patterns.APPS, *FOLDERS, *NOT_CAGED]


@pytest.mark.parametrize(
    ("where", "least"),
    [
        ([each for each in OUTSIDE if each not in {"documents", READERS}], 250),
        # In the cage a file costs its reader alone: these are looked at more rarely.
        pytest.param([READERS], 250, marks=[pytest.mark.fault, pytest.mark.timeout(600)]),
    ],
    ids=["outside of the cage", "in the cage"],
)
def test_every_pattern_is_linear(where, least):
    """In a process of its own, which sees each one when it is compiled."""
    command = [sys.executable, "-m", "tests.patterns", *where]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert int(re.search(r"(\d+) patterns", done.stdout)[1]) > least, "it has lost sight of them"


@pytest.fixture
def bell():
    before = signal.signal(signal.SIGVTALRM, patterns._ring)
    yield
    signal.signal(signal.SIGVTALRM, before)


@pytest.mark.parametrize(
    ("way", "pattern"),
    [
        ("finditer", r"\s+x"),
        ("finditer", r"\([^)]*\)"),
        ("finditer", r"^\s*-"),
        ("finditer", r"“[^”]+”"),
        ("match", r"(?:%.*\s+)*end"),
        ("match", r"(a+)+b"),
        ("fullmatch", r"\d*\d*"),
    ],
)
def test_what_is_not_linear_is_found(bell, way, pattern):
    case = patterns.Case(way, re.compile(pattern, re.MULTILINE), patterns.Place("here", 1))
    assert patterns.slow(case)


@pytest.mark.parametrize(
    ("way", "pattern"),
    [
        ("finditer", r"(?<!\s)\s++x"),
        ("finditer", r"\([^()]*\)"),
        ("match", r"\s+x"),
        ("match", r"(?:%[^\r\n]*+\s++)*+end"),
    ],
)
def test_what_is_linear_is_not(bell, way, pattern):
    case = patterns.Case(way, re.compile(pattern, re.MULTILINE), patterns.Place("here", 1))
    assert patterns.slow(case) is None
