"""CPU seconds for a hundred pages of PDF, beside pypdf and pdfplumber in the same run.

`BENCH_PDFS=FOLDER` reads the PDFs of a folder too.
"""

import gc
import os
import time
from pathlib import Path

import pdfplumber
import pypdf
import pypdfium2 as pdfium
import pytest

from documents.readers.common.tidy import printed
from documents.readers.page import Page
from documents.readers.printed import layout, pdf
from documents.readers.printed.boxes import boxes_of
from documents.readers.printed.running_titles import without
from tests.files_pdf import Sheet, Text, across, book, paragraph

pytestmark = [pytest.mark.benchmark, pytest.mark.timeout(3600)]
PAGES = 100
ROUNDS = 3  # of ours; the others take long enough for one
SAMPLE = 20  # pages of a file, evenly, that the others read
SENTENCES = (
    "The harbour was dredged, and since then ships of twelve metres draught call here. " * 36
)


def prose(number: int) -> Sheet:
    return Sheet([*paragraph(50, 60, SENTENCES, 95), Text(290, 810, str(number))])


def columns(number: int) -> Sheet:
    left, right = (paragraph(x, 60, SENTENCES[: len(SENTENCES) // 2], 48) for x in (50, 310))
    return Sheet([*across(left, right), Text(290, 810, str(number))])


def table(number: int) -> Sheet:
    texts = [Text(50, 60, "(Millions)"), Text(300, 60, "2018"), Text(400, 60, "2017")]
    for row in range(50):
        y = 74 + 14 * row
        texts += [Text(50, y, f"Expenses of the kind that has number {row}, without taxes")]
        texts += [Text(300, y, f"{1000 + row:,}"), Text(400, y, f"({2000 + row:,})")]
    return Sheet([*texts, Text(290, 810, str(number))])


def made(folder: Path) -> list[Path]:
    paths = []
    for kind in (prose, columns, table):
        path = folder / f"{kind.__name__}, {PAGES} pages"
        path.write_bytes(book(*(kind(number) for number in range(1, PAGES + 1))))
        paths.append(path)
    given = os.environ.get("BENCH_PDFS")
    return paths + (sorted(Path(given).glob("*.pdf")) if given else [])


def seconds(call) -> float:
    """On the processor, for a hundred pages; `call` returns how many it read."""
    gc.collect()  # what others left behind is not to be counted
    began = time.process_time()
    pages = call()
    return 100 * (time.process_time() - began) / pages


def ours(path: Path):
    def read() -> int:
        with path.open("rb") as file:
            return len(list(pdf.parse(file).pages))

    return sorted(seconds(read) for _ in range(ROUNDS))[ROUNDS // 2]


def text_alone(path: Path):
    """Without a look at columns, tables and headings."""

    def read() -> int:
        compounds: set[str] = set()
        drawn = pdfium.PdfDocument(path)
        texts = (printed(layout.drawn(page, page.get_textpage()), compounds) for page in drawn)
        return len(list(without(Page(n, text, []) for n, text in enumerate(texts, start=1))))

    return sorted(seconds(read) for _ in range(ROUNDS))[ROUNDS // 2]


def with_boxes(path: Path):
    """And the boxes of a passage on every page."""

    def read() -> int:
        with path.open("rb") as file:
            pages = list(pdf.parse(file).pages)
        drawn = pdfium.PdfDocument(path)
        for page in pages:
            lines = page.text.split("\n")
            passage = "\n".join(lines[len(lines) // 3 : 2 * len(lines) // 3])
            boxes_of(drawn[page.number - 1], passage, 0.33)
        return len(pages)

    return seconds(read)


def by_pdfium(path: Path):
    """The text as pdfium gives it, without another look."""

    def read() -> int:
        drawn = pdfium.PdfDocument(path)
        for page in drawn:
            page.get_textpage().get_text_bounded()
        return len(drawn)

    return seconds(read)


def by_pypdf(path: Path):
    pages = pypdf.PdfReader(path).pages
    sample = range(0, len(pages), max(len(pages) // SAMPLE, 1))
    return seconds(lambda: len([pages[number].extract_text() for number in sample]))


def by_pdfplumber(path: Path):
    with pdfplumber.open(path) as drawn:
        sample = drawn.pages[:: max(len(drawn.pages) // SAMPLE, 1)]
        return seconds(lambda: len([page.extract_text() for page in sample]))


def by_pdfplumber_with_tables(path: Path):
    with pdfplumber.open(path) as drawn:
        sample = drawn.pages[:: max(len(drawn.pages) // SAMPLE, 1)]
        return seconds(lambda: len([(p.extract_text(), p.extract_tables()) for p in sample]))


@pytest.mark.filterwarnings("ignore")  # of the others
def test_reading_beside_others(tmp_path):
    readers = (
        text_alone,
        ours,
        with_boxes,
        by_pdfium,
        by_pypdf,
        by_pdfplumber,
        by_pdfplumber_with_tables,
    )
    heads = ("text alone", "ours", "+ boxes", "pdfium", "pypdf", "pdfplumber", "+ tables")
    print("\nCPU seconds for 100 pages")
    print(f"{'':<36}" + "".join(f"{head:>12}" for head in heads))
    rows = []
    for path in made(tmp_path):
        rows.append([reader(path) for reader in readers])
        print(f"{path.name[:35]:<36}" + "".join(f"{value:>12.2f}" for value in rows[-1]))
    middle = [sorted(values)[len(values) // 2] for values in zip(*rows, strict=True)]
    print(f"{'median':<36}" + "".join(f"{value:>12.2f}" for value in middle))
    print(f"{'ratio to ours':<36}" + "".join(f"{value / middle[1]:>12.1f}" for value in middle))
