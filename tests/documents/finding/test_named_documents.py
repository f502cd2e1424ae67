"""Of many alike documents those are read that are meant: by name, kind and date together."""

from pathlib import Path

import pytest

from documents.finding.named_documents import narrowed
from documents.models import Content, Document, Version

HERE = Path(__file__).parent
ROWS = [
    line.split(" | ")
    for line in (HERE / "named_documents.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
]
NAMES = [row[0] for row in ROWS if len(row) == 1]
REQUESTS = [row for row in ROWS if len(row) == 2]


def library(*names, titles=()):
    titles = dict(titles)
    return [
        Document(
            pk=pk,
            name=name,
            current=Version(content=Content(pk=pk, title=titles.get(name, ""))),
        )
        for pk, name in enumerate(sorted(names), start=1)
    ]


def choose(question, documents, pages=()):
    pages = dict(pages)
    return narrowed(
        question, documents, lambda some: {each.pk: pages.get(each.name, "") for each in some}
    )


@pytest.mark.parametrize(("question", "meant"), REQUESTS)
def test_a_request_means_these_documents_and_no_others(question, meant):
    found = choose(question, library(*NAMES))
    names = sorted(each.name.removesuffix(".pdf") for each in found.documents)
    assert names == sorted(meant.lstrip("? ").split(", "))
    assert found.tied == meant.startswith("?")


def test_the_first_page_tells_what_the_name_does_not():
    documents = library("scan-1.pdf", "scan-2.pdf", "scan-3.pdf")
    pages = {
        "scan-1.pdf": "Foot Locker, Inc.\nFORM 8-K\nDate of report: May 20, 2022",
        "scan-2.pdf": "Foot Locker, Inc.\nFORM 8-K\nDate of report: August 19, 2022",
        "scan-3.pdf": "Amcor plc\nFORM 8-K\nDate of report: May 20, 2022",
    }
    found = choose("Summarise the Foot Locker 8-K of May 2022", documents, pages.items())
    assert [each.name for each in found.documents] == ["scan-1.pdf"]


def test_a_name_beats_what_a_first_page_happens_to_say():
    documents = library("acme_2021_10K.pdf", "acme_2022_10K.pdf")
    pages = {"acme_2021_10K.pdf": "Acme 10-K. As of May 2022 we had ten plants."}
    found = choose("Summarise Acme's 10-K of 2022", documents, pages.items())
    assert [each.name for each in found.documents] == ["acme_2022_10K.pdf"]
