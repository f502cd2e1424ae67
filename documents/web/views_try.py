"""Trying a question on one document: what is found of it, and why the rest is not."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from documents.finding import explanation
from documents.web import mine
from localchat.lib.api import person

SHOWN = 12  # passages
LONGEST = 2000  # characters of a question


@require_GET
def try_question(request: HttpRequest, pk: int) -> HttpResponse:
    """The document's passages, those that a search of everything would show first."""
    found = mine.document(request, pk)
    question = request.GET.get("question", "").replace("\0", "").strip()[:LONGEST]
    rows = (
        explanation.explain(person(request), question, explanation.Asked(document=pk))
        if question
        else []
    )
    ranked = sorted(rows, key=lambda why: (why.rank is None, why.rank or -why.passage.score))
    context = {
        "document": found,
        "question": question,
        "tried": ranked[:SHOWN],
        "first": next((why.rank for why in ranked), None),
        "total": len(rows),
    }
    return render(request, "documents/try.html", context)
