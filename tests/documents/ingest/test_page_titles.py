"""Pages without headings of their own get the title that stands at their top."""

from documents.ingest.page_titles import with_titles
from documents.readers.page import Heading, Page

BODY = "the company paid dividends, and it bought back shares in the year.\nMore of the same."


def page(number, *lines):
    return Page(number, "\n".join([*lines, BODY]), [])


def titles(*pages):
    return [[heading.text for heading in found.headings] for found in with_titles(pages)]


def test_the_title_lines_at_the_top_are_the_heading():
    found = titles(page(1, "Acme Corporation and Subsidiaries", "Consolidated Balance Sheet"))
    assert found == [["Acme Corporation and Subsidiaries · Consolidated Balance Sheet"]]


def test_what_stands_on_every_page_is_no_title():
    pages = [
        page(n, "Annual Report 2018", f"Chapter About Part {chr(64 + n)}") for n in range(1, 9)
    ]
    assert titles(*pages) == [[f"Chapter About Part {chr(64 + n)}"] for n in range(1, 9)]


def test_a_page_that_begins_in_the_middle_of_a_sentence_has_none():
    assert titles(page(1)) == [[]]


def test_a_row_of_numbers_is_no_title():
    assert titles(page(1, "Total Assets 1,234 5,678 9,012")) == [[]]


def test_a_heading_holds_from_the_top_of_its_page():
    furniture = [page(n, "Table of Contents") for n in range(1, 9)]
    (*_, last) = with_titles([*furniture, page(9, "Table of Contents", "Cash Flow Statement")])
    assert last.headings == [Heading(0, 1, "Cash Flow Statement")]


def test_headings_of_the_files_own_are_kept():
    own = Page(1, "Some Title\n" + BODY, [Heading(3, 2, "From the outline")])
    assert with_titles([own]) == [own]
