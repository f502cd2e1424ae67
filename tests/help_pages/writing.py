"""The evaluation set: sections, questions, and which sections answer them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.help_pages import sources
from tests.help_pages.sections import documents

QUESTIONS = Path(__file__).parent / "questions.jsonl"


def write(target: Path, distributions: dict[str, Path]) -> None:
    """Into `target`, which exists; a question that names no section raises ValueError."""
    corpus = [
        document
        for product in sources.PAGES
        for document in documents(product, sources.pages(product, distributions[product]))
    ]
    asked = questions()
    judged = [(each["id"], section) for each in asked for section in each["sections"]]
    unknown = {section for _, section in judged} - {each["id"] for each in corpus}
    if unknown:
        raise ValueError(f"No such sections: {sorted(unknown)}")
    _write_lines(target / "corpus.jsonl", corpus)
    _write_lines(target / "queries.jsonl", [{"id": q["id"], "text": q["text"]} for q in asked])
    rows = ["query-id\tdoc-id\trelevance", *(f"{asker}\t{section}\t1" for asker, section in judged)]
    (target / "qrels.tsv").write_text("\n".join(rows) + "\n", encoding="utf-8")


def questions() -> list[dict[str, Any]]:
    """`{"id", "text", "sections": [ids]}`."""
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def _write_lines(path: Path, rows: Iterable[dict[str, str]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")
