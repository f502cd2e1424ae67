"""Looks for patterns of ours that are not linear: `python -m tests.patterns [BEGINNING OF A PATH ...]`.

Every pattern that a module compiles when it is imported, or hands to `re` as it stands, is run in
the ways in which it is used over texts that are long repetitions of what it takes itself. What
takes many times as long for a text of three times the length is written down, one a line.
"""

import ast
import importlib
import os
import pkgutil
import re
import signal
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import django

from tests.repetitions import Text, texts

HOME = Path(__file__).parent.parent
APPS = ("localchat", "chat", "documents", "models_mgmt")
SHORT, LONG = 2_000, 6_000  # characters
EARLY = {64: 0.002, 200: 0.004, 600: 0.012}  # seconds for so many, of what is worse than that
NOISE = 0.0012  # seconds; below it nothing is said of the growth
GROWTH = 5.5  # three times as long: linear is 3, quadratic 9
MOST_SECONDS = 0.25  # of CPU
WAYS: dict[str, Callable[[Any, Any], object]] = {
    "match": lambda pattern, text: pattern.match(text),
    "fullmatch": lambda pattern, text: pattern.fullmatch(text),
    "finditer": lambda pattern, text: sum(1 for _ in pattern.finditer(text)),
}


# What a pattern is given there is cut before, to so many characters.
CUT = {
    ("chat/grounding/check.py", "_CAPITAL_BEFORE"): 100,
    ("chat/question/followup_rules.py", "_OFFER"): 600,
    ("chat/question/standalone.py", "_LABEL"): 600,
    ("documents/tables/table.py", "IDENTIFIES"): 80,
    ("documents/text/about.py", "_COMPANY"): 1_500,
    ("documents/text/addressed.py", "_BEFORE"): 30,
}
# Tables of patterns, which their module tries where a text begins.
MATCHED = {"documents/readers/kinds.py", "chat/question/intents.py"}


class Place(NamedTuple):
    path: str
    line: int


class Slow(Exception):
    pass


def _ring(*_: object) -> None:
    raise Slow


def seconds(pattern: Any, text: object, way: str) -> float:
    """Of CPU; no more than MOST_SECONDS."""
    signal.setitimer(signal.ITIMER_VIRTUAL, MOST_SECONDS)
    began = time.thread_time()
    try:
        WAYS[way](pattern, text)
        return time.thread_time() - began
    except Slow:
        return MOST_SECONDS
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


def is_slow(case: "Case", text: Text) -> bool:
    """What is measured is measured again before it counts: others run on this machine too."""

    def took(size: int, tries: int) -> float:
        return min(
            seconds(case.pattern, text.of(size, case.pattern), case.way) for _ in range(tries)
        )

    for size, most in EARLY.items():
        if size <= case.longest and took(size, 1) > most and took(size, 3) > most:
            return True
    if case.longest < SHORT or took(SHORT, 1) < NOISE:
        return False
    short = took(SHORT, 3)
    return short > MOST_SECONDS / 5 or (short > NOISE and took(LONG, 3) > GROWTH * short)


def found() -> dict[tuple[Any, int], list[Place]]:
    """Patterns and flags, with where they are compiled."""
    places: dict[tuple[Any, int], list[Place]] = defaultdict(list)
    compile_ = re._compile  # type: ignore[attr-defined]

    def noting(pattern: Any, flags: int) -> Any:
        compiled = compile_(pattern, flags)
        frame = sys._getframe(1)
        while frame.f_back and frame.f_code.co_filename == re.__file__:
            frame = frame.f_back
        path = Path(frame.f_code.co_filename)
        if path.is_relative_to(HOME) and path.relative_to(HOME).parts[0] in APPS:
            place = Place(str(path.relative_to(HOME)), frame.f_lineno)
            places[compiled.pattern, compiled.flags].append(place)
        return compiled

    re._compile = noting  # type: ignore[attr-defined]
    try:
        django.setup()
        for name in modules():
            importlib.import_module(name)
    finally:
        re._compile = compile_  # type: ignore[attr-defined]
    return places


def modules() -> list[str]:
    names = []
    for app in APPS:
        package = importlib.import_module(app)
        for each in pkgutil.walk_packages(package.__path__, f"{app}."):
            if ".migrations" not in each.name and not each.name.endswith("__main__"):
                names.append(each.name)
    return names


class Uses(NamedTuple):
    """How patterns are used: by the line that compiles one, or with the pattern itself."""

    ways: dict[Place, set[str]]
    names: dict[Place, str]
    inline: list[tuple[str, Any, Place]]  # way, pattern


def uses() -> Uses:
    trees = {
        str(path.relative_to(HOME)): ast.parse(path.read_text())
        for app in APPS
        for path in (HOME / app).rglob("*.py")
        if "migrations" not in path.parts
    }
    seen: dict[tuple[str, str], set[str]] = defaultdict(set)  # by the module's stem and the name
    for path, tree in trees.items():
        stems = {
            alias.asname or alias.name: (node.module or "").rpartition(".")[2]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }
        for owner, name, way in _uses(tree):
            seen[owner or stems.get(name, Path(path).stem), name].add(way)
    found = Uses({}, {}, [])
    for path, tree in trees.items():
        for line, name in _names(tree):
            found.names[Place(path, line)] = name
            found.ways[Place(path, line)] = seen[Path(path).stem, name] or {"finditer"}
        found.inline.extend(_inline(path, tree))
    return found


def _way(method: str) -> str:
    return method if method in {"match", "fullmatch"} else "finditer"


def _uses(tree: ast.AST) -> Iterator[tuple[str, str, str]]:
    """Module, if it is named, name, and how it is used; where that is not seen, the dearest way."""
    called = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            called.add(id(node.value))
            if node.attr not in {"pattern", "flags"}:
                yield *_named(node.value), _way(node.attr)
    for node in ast.walk(tree):
        is_read = isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load)
        if is_read and id(node) not in called:
            yield *_named(node), "finditer"


def _named(node: ast.Name | ast.Attribute) -> tuple[str, str]:
    if isinstance(node, ast.Name):
        return "", node.id
    return (node.value.id if isinstance(node.value, ast.Name) else "?"), node.attr


def _names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The lines of each `NAME = re.compile(…)`, and its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name) and ast.unparse(node.value.func) == "re.compile":
                for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    yield line, target.id


def _inline(path: str, tree: ast.AST) -> Iterator[tuple[str, Any, Place]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            owner, first = node.func.value, node.args[0]
            is_re = isinstance(owner, ast.Name) and owner.id == "re"
            is_used = is_re and node.func.attr not in {"compile", "escape"}
            if is_used and isinstance(first, ast.Constant):
                flags = re.IGNORECASE if "IGNORECASE" in ast.unparse(node) else re.NOFLAG
                pattern = re.compile(first.value, flags)
                yield _way(node.func.attr), pattern, Place(path, node.lineno)


class Case(NamedTuple):
    way: str
    pattern: Any
    place: Place
    longest: int = LONG  # characters that it is given


def every() -> Iterator[Case]:
    compiled, used = found(), uses()
    for (pattern, flags), places in compiled.items():
        for way in set().union(*(used.ways.get(place, _unseen(place)) for place in places)):
            longest = min(CUT.get((each.path, used.names.get(each, "")), LONG) for each in places)
            yield Case(way, re.compile(pattern, flags), places[0], longest)
    yield from (Case(*each) for each in used.inline)


def _unseen(place: Place) -> set[str]:
    return {"match" if place.path in MATCHED else "finditer"}


def slow(case: Case) -> Text | None:
    """The first text that shows it."""
    return next((text for text in texts(case.pattern) if is_slow(case, text)), None)


def main(only: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localchat.settings")
    signal.signal(signal.SIGVTALRM, _ring)
    count = bad = 0
    for case in every():
        path, line = case.place
        if only and not path.startswith(tuple(only)):
            continue
        count += 1
        if text := slow(case):
            bad += 1
            print(f"{path}:{line} {case.way} {text}\n    {case.pattern.pattern!r}", flush=True)  # noqa: T201
    print(f"{count} patterns, {bad} of them not linear")  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
