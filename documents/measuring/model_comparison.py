"""What another embedding model finds beside the one in use, before it takes its place."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from celery import shared_task
from django.contrib.auth.models import User

from documents.finding.search import search
from documents.measuring import asked_lately, evaluation
from documents.models import Collection, Index, Reembedding
from documents.tasks import COMPARE

QUESTIONS = 50  # lately asked
FIRST = 8  # passages, as many as an answer gets


@shared_task(name=COMPARE, ignore_result=True)  # type: ignore[untyped-decorator]
def compare(reembedding_id: int) -> None:
    """What becomes of the questions lately asked, kept with the job; no text of any."""
    ready = Reembedding.objects.filter(pk=reembedding_id, status=Reembedding.Status.READY)
    if job := ready.select_related("owner", "index").first():
        asked = asked_lately.questions(job.owner, QUESTIONS)
        ready.update(comparison=of_questions(job.owner, job.index, asked))


def of_questions(user: User, index: Index, questions: Sequence[str]) -> dict[str, Any]:
    """How many there were, how many keep their first passage, and the mean share of the first
    eight that both find, 0 to 1.
    """
    both = [(_found(user, each, None), _found(user, each, index)) for each in questions]
    both = [(now, then) for now, then in both if now]
    shares = [len({*now} & {*then}) / len(now) for now, then in both]
    return {
        "questions": len(both),
        "same_first": sum(now[:1] == then[:1] for now, then in both),
        "shared": round(sum(shares) / len(shares), 3) if shares else 0.0,
    }


def _found(user: User, question: str, index: Index | None) -> list[int]:
    return [each.chunk for each in search(user, question, limit=FIRST, of=index).passages]


def of_folder(
    user: User, folder: Path, collection: Collection, index: Index
) -> Iterator[dict[str, float]]:
    """The figures of an evaluation folder by the index in use, then by the other one."""
    qrels = evaluation.read_qrels(folder / "qrels.tsv")
    asked, name = evaluation.queries(folder), evaluation.naming(folder, qrels)
    for each in (None, index):
        answers = evaluation.ask(user, collection, asked, name, in_document=False, of=each)
        yield evaluation.measure(qrels, {query.id: places for query, places, _ in answers})
