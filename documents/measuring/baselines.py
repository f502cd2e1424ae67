"""What others reach on the same questions, to stand beside what was measured."""

import json
from pathlib import Path
from typing import Any

KNOWN = Path(__file__).with_name("baselines.json")

Rows = dict[str, dict[str, float]]  # by the name of the run, its measures


def beside(folder: Path, queries: int, *, in_document: bool) -> Rows:
    """Those that the folder brings, else those known for its name; none for other questions."""
    own = folder / "baselines.json"
    if own.is_file():
        return _rows(_load(own), queries, in_document)
    return _rows(_load(KNOWN).get(folder.name, {}), queries, in_document)


def _load(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else {}


def _rows(found: dict[str, Any], queries: int, in_document: bool) -> Rows:
    if found.get("queries", queries) != queries:
        return {}
    rows: Rows = found.get("in_document" if in_document else "rows", {})
    return rows
