#!/usr/bin/env bash
# pylatexenc turns the headings of a LaTeX text into capitals, and with that a milliwatt into a
# megawatt.
#
# One would expect a heading's words as they are written: capitals are a matter of how a class sets
# it, and none of LaTeX's own classes does.
#
# What happens: `\chapter` and `\section` go through `str.upper()`, `\subsection` and those below it
# do not. Units lose what tells them apart (5 mW and 5 MW are the same), names of genes and variables
# theirs (p and P), and German words turn into others: Maße (dimensions) become MASSE (mass), and
# who searches for "Straße" no longer finds "STRASSE" unless the search folds both.
#
# Version: pylatexenc 2.10. Output seen:
#
#     \section{Between 5 mW and 5 MW}     § BETWEEN 5 MW AND 5 MW
#     \subsection{Between 5 mW and 5 MW}  §.§ Between 5 mW and 5 MW
#     \chapter{Maße}                      CHAPTER: MASSE
#
# What to do: give the text specifications of your own for `chapter` and `section`, or read the
# headings from the nodes; lower case cannot be had back from the text.
set -euo pipefail
room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
python3 -m venv "$room"
"$room/bin/pip" install -q pylatexenc==2.10
"$room/bin/python" - <<'PYTHON'
from pylatexenc.latex2text import LatexNodes2Text

SAID = "Between 5 mW and 5 MW"


def text(latex: str) -> str:
    shown = LatexNodes2Text().latex_to_text(latex).strip()
    print(f"{latex:36}{shown}")
    return shown


section = text(rf"\section{{{SAID}}}")
subsection = text(rf"\subsection{{{SAID}}}")
chapter = text(r"\chapter{Maße}")

assert SAID.upper() in section and "mW" not in section, "sections keep their letters now"
assert SAID in subsection, "subsections no longer keep theirs"
assert chapter.endswith("MASSE"), "chapters keep their letters now"
PYTHON
