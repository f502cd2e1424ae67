"""How well questions are answered whose right places are known: folders in, figures out."""

import json
import math
import re
import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from django.conf import settings
from django.contrib.auth.models import User

from documents.desk import deleting, sweeping, uploading
from documents.finding.answerability import is_lacking
from documents.finding.search import Found, Passage, search
from documents.ingest import embedding_model
from documents.models import Chunk, Collection, Document, Index
from localchat.lib.errors import BadRequest, EngineError, LocalChatError

DEPTH = 100  # passages asked for; several may lie on one page
CUT = 10
RECALLS = (1, 5, 10)
LOOK_SECONDS = 0.5
GRAM = 5  # letters
FACTS = ("facts.jsonl", "answers.jsonl", "notations.jsonl")  # of which each row names a file
THERE = 0.9  # share of an evidence's text, from which on it is on the page
_PAGED = re.compile(r"#\d+$")

Qrels = dict[str, dict[str, float]]  # query, document, relevance
Run = dict[str, dict[str, float]]  # query, document, score; best first
Progress = Callable[[str, int, int], None]  # stage, done, total


class Query(NamedTuple):
    id: str
    text: str
    file: str  # the document that it is asked of, where that is known


class NotAFolder(BadRequest):
    """The folder has neither a corpus.jsonl nor documents beside its queries, nor facts.jsonl."""


def has_facts(folder: Path) -> bool:
    return (folder / "facts.jsonl").is_file()


def bring(folder: Path, user: User, progress: Progress) -> tuple[Collection, list[str]]:
    """Ingest the folder into a collection of its own and wait until nothing is left to read.

    Returns it with a sentence for each file that was refused. What has not changed since the
    last time is not read again; what the folder no longer has is deleted.
    """
    collection = uploading.collection_of(user, f"{folder.name} (evaluation)")
    kept: set[int] = set()
    refused: list[str] = []
    files = list(_files(folder))
    for done, (name, source) in enumerate(files, start=1):
        try:
            with BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
                accepted = uploading.accept(file, name=name, by=user, collection=collection)
            kept.add(accepted.document.pk)
        except LocalChatError as error:
            refused.append(f"{name}: {error.message}")
        progress("handed in", done, len(files))
    mine = Document.objects.for_user(user).filter(collection=collection)
    for gone in mine.filter(parent=None).exclude(pk__in=kept):
        deleting.delete(gone)
    _wait(collection, progress)
    failed = mine.filter(status=Document.Status.FAILED)
    return collection, refused + [f"{row.name}: {row.problem}" for row in failed]


def _files(folder: Path) -> Iterator[tuple[str, Path | bytes]]:
    if (folder / "corpus.jsonl").is_file():
        for row in lines(folder / "corpus.jsonl"):
            name, data = as_file(row)
            yield name, data
    elif (folder / "documents").is_dir():
        for path in sorted(path for path in (folder / "documents").rglob("*") if path.is_file()):
            yield path.relative_to(folder / "documents").as_posix(), path
    elif has_facts(folder):
        told = (folder / name for name in FACTS if (folder / name).is_file())
        for name in dict.fromkeys(row["file"] for path in told for row in lines(path)):
            yield name, folder / name
    else:
        raise NotAFolder


def as_file(row: Mapping[str, str]) -> tuple[str, bytes]:
    """A corpus's row as a named file: Markdown under its title, else plain text."""
    name = quote(row["id"], safe="")
    if title := " ".join(row.get("title", "").split()):
        return f"{name}.md", f"# {title}\n\n{row['text']}".encode()
    return f"{name}.txt", row["text"].encode()


def naming(folder: Path, qrels: Qrels) -> Callable[[Passage], str]:
    """What the qrels call a passage: a corpus's id, FILE#PAGE or FILE."""
    if (folder / "corpus.jsonl").is_file():
        return lambda passage: unquote(passage.filename.rpartition(".")[0])
    if any(_PAGED.search(document) for judged in qrels.values() for document in judged):
        return lambda passage: f"{passage.filename}#{passage.page}"
    return lambda passage: passage.filename


def _wait(collection: Collection, progress: Progress) -> None:
    total = collection.documents.count()
    documents = collection.documents
    while left := documents.unfinished().count() + documents.packed().count():
        progress("ready", total - left, total)
        time.sleep(LOOK_SECONDS)
        if settings.STANDALONE:  # no server is there to take up again what broke off
            sweeping.sweep()
    progress("ready", total, total)


def queries(folder: Path) -> list[Query]:
    return [
        Query(row["id"], row["text"], row.get("file", ""))
        for row in lines(folder / "queries.jsonl")
    ]


def ask(
    user: User,
    collection: Collection,
    asked: Sequence[Query],
    name: Callable[[Passage], str],
    *,
    in_document: bool,
    of: Index | None = None,
) -> Iterator[tuple[Query, dict[str, float], Found]]:
    """Each query with the places that it found, best first.

    A place that several passages name counts once, where it is best.
    """
    if index := of or Index.objects.current():
        with suppress(EngineError):  # what it has to say stands in the notes
            embedding_model.can_embed(index)  # or the first questions would wait for its start
    files = dict(collection.documents.values_list("name", "pk"))
    for query in asked:
        only = [files.get(query.file, 0)] if in_document else None
        found = search(
            user, query.text, limit=DEPTH, collection=collection.name, documents=only, of=of
        )
        places: dict[str, float] = {}
        for passage in found.passages:
            places.setdefault(name(passage), passage.score)
        yield query, places, found


def declined(user: User, collection: Collection, asked: Sequence[Query]) -> Iterator[bool]:
    """Of each query, whether nothing in the collection answers it, as the search has it."""
    for query in asked:
        found = search(user, query.text, collection=collection.name)
        yield is_lacking(query.text, found.answerability)


def read_qrels(path: Path) -> Qrels:
    """Lines of query, document and relevance; four columns are TREC's. A header is left out."""
    qrels: Qrels = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        fields = line.split("\t") if "\t" in line else line.split()
        if len(fields) < 3 or not _is_number(fields[-1]):
            continue
        judged = qrels.setdefault(fields[0].strip(), {})
        document, relevance = fields[-2].strip(), float(fields[-1])
        judged[document] = max(relevance, judged.get(document, relevance))
    return qrels


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def measure(qrels: Qrels, run: Run) -> dict[str, float]:
    """Means over the queries that have a relevant document; what was not asked counts 0."""
    judged = {query: rels for query, rels in qrels.items() if any(r > 0 for r in rels.values())}
    each = [_measured(list(run.get(query, {})), rels) for query, rels in judged.items()]
    names = ("nDCG@10", *(f"Recall@{depth}" for depth in RECALLS), "MRR@10")
    return {name: sum(row[name] for row in each) / max(len(each), 1) for name in names}


def _measured(order: Sequence[str], relevance: Mapping[str, float]) -> dict[str, float]:
    """One query's. Linear gain, as trec_eval and BEIR have it."""
    gains = [max(relevance.get(document, 0.0), 0.0) for document in order]
    ideal = sorted((gain for gain in relevance.values() if gain > 0), reverse=True)
    ranks = [rank for rank, gain in enumerate(gains[:CUT], start=1) if gain > 0]
    return {
        "nDCG@10": _discounted(gains) / _discounted(ideal),
        "MRR@10": 1 / ranks[0] if ranks else 0.0,
        **{
            f"Recall@{depth}": sum(gain > 0 for gain in gains[:depth]) / len(ideal)
            for depth in RECALLS
        },
    }


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains[:CUT], start=1))


def trec(run: Run) -> Iterator[str]:
    """The run as lines of query, Q0, document, rank, score and tag."""
    for query, places in run.items():
        for rank, (document, score) in enumerate(places.items(), start=1):
            yield f"{query}\tQ0\t{document}\t{rank}\t{score:.6f}\tlocalchat"


class GoldPassage(NamedTuple):
    file: str
    page: int
    share: float  # of the text's runs of five letters that are on that page


def gold_passages(folder: Path, collection: Collection) -> Iterator[GoldPassage]:
    """Texts whose pages are known, and how much of each is on that page of our chunks."""
    if not (folder / "evidence.jsonl").is_file():
        return
    pages: dict[str, dict[int | None, str]] = {}
    for row in lines(folder / "evidence.jsonl"):
        file, page = row["file"], int(row["page"])
        if file not in pages:
            pages[file] = _texts(collection.documents.filter(name=file).first())
        wanted, there = _grams(row["text"]), _grams(pages[file].get(page, ""))
        yield GoldPassage(file, page, len(wanted & there) / max(len(wanted), 1))


def _grams(text: str) -> set[str]:
    plain = unicodedata.normalize("NFKC", text).casefold()
    letters = "".join(letter for letter in plain if letter.isalnum())
    return {letters[start : start + GRAM] for start in range(len(letters) - GRAM + 1)}


def _texts(document: Document | None) -> dict[int | None, str]:
    """The document's text by page."""
    pages: dict[int | None, str] = {}
    if document:
        for page, text in Chunk.objects.of_document(document).values_list("page", "text"):
            pages[page] = f"{pages.get(page, '')} {text}"
    return pages


def lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)
