"""The same words through two producers: read back, each is there once, in its order."""

import html
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import NamedTuple

import openpyxl
import pptx
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as some
from lxml import etree
from lxml.builder import ElementMaker
from markdown_it import MarkdownIt
from pptx.util import Inches

from documents.readers.common.source import Reader
from documents.readers.mail import eml
from documents.readers.office import epub, odf
from documents.readers.sheets import xlsx
from documents.readers.slides import pptx as slides
from documents.readers.web_page import html as web_page
from tests import files_office as office
from tests.documents.readers.mail.made import by_hand, by_library

LETTERS = "abcdefghijklmnopqrstuvwxyzäöüßéñçø"
WORDS = some.text(LETTERS, min_size=2, max_size=8)
NUMBERS = some.one_of(
    some.integers(0, 10**9).map(lambda number: f"{number:,}"),
    some.integers(-(10**6), 10**6).map(lambda number: f"{number / 100:.2f}"),
    some.integers(0, 10**7).map(lambda number: f"{number:,}".replace(",", ".") + ",50"),
    some.dates().map(str),
)
PARTS = some.one_of(WORDS, WORDS, NUMBERS)
FEW = settings(max_examples=20, deadline=None)


class Chapter(NamedTuple):
    title: str
    paragraphs: Sequence[str]
    items: Sequence[str]
    rows: Sequence[Sequence[str]]

    @property
    def words(self) -> list[str]:
        cells = [cell for row in self.rows for cell in row]
        return " ".join([self.title, *self.paragraphs, *self.items, *cells]).split()


def sentences(most: int) -> some.SearchStrategy[str]:
    return some.lists(PARTS, min_size=1, max_size=most).map(" ".join)


def tables(width: int) -> some.SearchStrategy[list[list[str]]]:
    names = some.lists(WORDS, min_size=width, max_size=width)
    rows = some.lists(some.lists(PARTS, min_size=width, max_size=width), min_size=1, max_size=3)
    return some.tuples(names, rows).map(lambda made: [made[0], *made[1]])


CHAPTERS = some.builds(
    Chapter,
    title=some.lists(WORDS, min_size=1, max_size=4).map(" ".join),
    paragraphs=some.lists(sentences(12), min_size=1, max_size=3),
    items=some.lists(sentences(5), max_size=3),
    rows=some.integers(2, 3).flatmap(tables),
)


def words_in(reader: Reader, data: bytes) -> list[list[str]]:
    """Of each page; the strokes between cells are none."""
    pages = reader.parse(io.BytesIO(data)).pages
    return [page.text.replace(" | ", " ").split() for page in pages]


def written(chapter: Chapter) -> str:
    """HTML as a person writes it: few tags are closed, and what is in one has classes."""
    items = "".join(f"<li class=item><span>{html.escape(item)}</span>" for item in chapter.items)
    rows = "".join(
        "<tr>" + "".join(f"<td class='c'>{html.escape(cell)}" for cell in row)
        for row in chapter.rows
    )
    paragraphs = "".join(f"\n <p class='body text'>{text}" for text in chapter.paragraphs)
    return (
        "<!doctype html><style>.text > b {color: #333} p.body {margin: 0} li .x {display: none}"
        f"</style><h1>{chapter.title}</h1>{paragraphs}<ul>{items}</ul><table>{rows}</table>"
    )


def by_markdown(chapter: Chapter) -> str:
    names, *rows = (f"| {' | '.join(row)} |" for row in chapter.rows)
    rule = "|---" * len(chapter.rows[0]) + "|"
    items = "\n".join(f"* {item}" for item in chapter.items)
    parts = [f"# {chapter.title}", *chapter.paragraphs, items, "\n".join([names, rule, *rows])]
    return MarkdownIt("commonmark").enable("table").render("\n\n".join(parts))


def by_builder(chapter: Chapter) -> str:
    make = ElementMaker(namespace="http://www.w3.org/1999/xhtml")
    body = make.body(
        make.h1(chapter.title),
        make.div(*(make.p(*_alternating(make, text)) for text in chapter.paragraphs)),
        make.ul(*(make.li(make.p(item)) for item in chapter.items)),
        make.table(make.tbody(*(make.tr(*map(make.td, row)) for row in chapter.rows))),
    )
    page = make.html(make.head(), body)
    return etree.tostring(page, encoding="unicode", pretty_print=True)


def _alternating(make: ElementMaker, text: str) -> list[object]:
    """Every other word is emphasised."""
    words = text.split()
    return [make.em(f"{word} ") if n % 2 else f"{word} " for n, word in enumerate(words)]


@FEW
@given(CHAPTERS)
@pytest.mark.parametrize("produced", [written, by_markdown, by_builder])
def test_a_page_of_the_web_says_each_word_once(produced: Callable[[Chapter], str], chapter):
    assert words_in(web_page, produced(chapter).encode()) == [chapter.words]


def newer_book(chapters: Sequence[str]) -> bytes:
    return office.epub(*chapters)


def older_book(chapters: Sequence[str]) -> bytes:
    """With a table of contents of the older kind, in folders with blanks in their names."""
    names = [f"part {number}.html" for number in range(len(chapters))]
    items = "".join(
        f'<item id="i{n}" href="text/{name.replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="i{n}"/>' for n in range(len(names)))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="a b.opf"/></rootfiles></container>',
        )
        package = f"<manifest>{items}</manifest><spine>{spine}</spine>"
        book.writestr(
            "a b.opf", f'<package xmlns="http://www.idpf.org/2007/opf">{package}</package>'
        )
        for name, chapter in zip(names, chapters, strict=True):
            book.writestr(f"text/{name}", chapter)
    return out.getvalue()


@FEW
@given(some.lists(CHAPTERS, min_size=1, max_size=3))
@pytest.mark.parametrize(
    ("bound", "produced"),
    [(newer_book, by_builder), (newer_book, by_markdown), (older_book, by_builder)],
)
def test_a_book_says_each_word_once_in_its_chapter(bound, produced, chapters):
    data = bound([produced(chapter) for chapter in chapters])
    assert words_in(epub, data) == [chapter.words for chapter in chapters]


def by_powerpoint(chapters: Sequence[Chapter]) -> bytes:
    show = pptx.Presentation()
    for chapter in chapters:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = chapter.title
        slide.placeholders[1].text_frame.text = "\n".join([*chapter.paragraphs, *chapter.items])
        size = len(chapter.rows), len(chapter.rows[0])
        place = Inches(1), Inches(7), Inches(5), Inches(1)
        table = slide.shapes.add_table(*size, *place).table
        for row, texts in enumerate(chapter.rows):
            for column, text in enumerate(texts):
                table.cell(row, column).text = text
    out = io.BytesIO()
    show.save(out)
    return out.getvalue()


def by_impress(chapters: Sequence[Chapter]) -> bytes:
    def frame(y: int, inner: str) -> str:
        return f'<draw:frame svg:x="1cm" svg:y="{y}cm" svg:width="9cm" svg:height="2cm">{inner}</draw:frame>'

    def box(texts: Sequence[str]) -> str:
        paragraphs = "".join(f"<text:p>{text}</text:p>" for text in texts)
        return f"<draw:text-box>{paragraphs}</draw:text-box>"

    pages = ""
    for chapter in chapters:
        rows = "".join(
            "<table:table-row>"
            + "".join(
                f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in row
            )
            + "</table:table-row>"
            for row in chapter.rows
        )
        table = frame(15, f"<table:table>{rows}</table:table>")
        lists = frame(5, box([*chapter.paragraphs, *chapter.items]))
        # What stands below was drawn first.
        pages += f"<draw:page>{table}{lists}{frame(1, box([chapter.title]))}</draw:page>"
    return office.odf("presentation", pages)


@settings(FEW, max_examples=8)
@given(some.lists(CHAPTERS, min_size=1, max_size=2))
@pytest.mark.parametrize(("reader", "produced"), [(slides, by_powerpoint), (odf, by_impress)])
def test_slides_say_each_word_once_from_the_top(reader, produced, chapters):
    assert words_in(reader, produced(chapters)) == [chapter.words for chapter in chapters]


CELLS = some.one_of(
    WORDS, some.integers(-(10**9), 10**9), some.integers(1, 10**7).map(lambda n: n / 100)
)
ROWS = some.lists(some.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=6)


def by_openpyxl(rows: Sequence[Sequence[str | float]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def by_xlsxwriter(rows: Sequence[Sequence[str | float]]) -> bytes:
    """Its words are in the cells, not in a table of their own."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return out.getvalue()


@FEW
@given(some.lists(WORDS, min_size=3, max_size=3), ROWS)
@pytest.mark.parametrize("produced", [by_openpyxl, by_xlsxwriter])
def test_a_sheet_keeps_each_cell_in_its_place(produced, names, rows):
    data = produced([names, *rows])
    told = [[cell if isinstance(cell, str) else f"{cell:.15g}" for cell in row] for row in rows]
    (page,) = xlsx.parse(io.BytesIO(data)).pages
    assert [line.split(" | ") for line in page.text.split("\n")[2:] if line] == [names, *told]
    (sheet,) = xlsx.sheets(io.BytesIO(data))
    assert [list(row) for row in sheet.rows] == [names, *told]


@FEW
@given(CHAPTERS, some.sampled_from(["plain", "rich", "both"]))
@pytest.mark.parametrize("produced", [by_library, by_hand])
def test_a_mail_says_each_word_once_whether_plain_or_formatted(produced, chapter, ways):
    rows = (" ".join(row) for row in chapter.rows)
    plain = "\n\n".join([chapter.title, *chapter.paragraphs, *chapter.items, *rows]) + "\n"
    rich = by_builder(chapter)
    data = produced(plain if ways != "rich" else None, rich if ways != "plain" else None)
    (page,) = eml.parse(io.BytesIO(data)).pages
    body = page.text.partition("\n\n")[2]
    assert body.replace(" | ", " ").split() == chapter.words
