"""Notebooks: the cells in order, code in fences, what they printed after them."""

import json
from collections.abc import Iterator
from typing import Any, BinaryIO

from documents.readers.common.blocks import first_title
from documents.readers.common.refusal import Damaged, Empty
from documents.readers.common.source import Source
from documents.readers.common.tidy import clean
from documents.readers.page import Page
from documents.readers.text.markdown import headings_of, without_unseen
from documents.readers.text.plain import text_of
from documents.readers.web_page import html

OUTPUT_CHARACTERS = 20_000  # of one cell; logs can be endless


def parse(file: BinaryIO) -> Source:
    text = text_of(file.read())
    try:
        book = json.loads(text)
        text = clean("\n".join(_parts(book)))
        unread = ("picture",) * _pictures(book)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Damaged from error
    if not text.strip():
        raise Empty
    headings = list(headings_of(text))
    return Source(first_title(headings), 1, [Page(None, text, headings, unread=unread)])


def _parts(book: dict[str, Any]) -> Iterator[str]:
    language = _text(book.get("metadata", {}).get("language_info", {}).get("name", ""))
    for cell in _cells(book):
        source = _text(cell.get("source", cell.get("input", ""))).rstrip("\n")
        if cell["cell_type"] != "code":
            yield f"{without_unseen(source)}\n"
            continue
        if source:
            yield f"{_fenced(source, language)}\n"
        yield from (f"{_fenced(output)}\n" for output in _outputs(cell))


def _pictures(book: dict[str, Any]) -> int:
    """Charts that the code drew, of which no text is kept."""
    outputs = [output for cell in _cells(book) for output in cell.get("outputs", [])]
    return sum(
        any(str(kind).startswith("image/") for kind in output.get("data", ())) for output in outputs
    )


def _cells(book: dict[str, Any]) -> list[dict[str, Any]]:
    """Up to version 3 the cells stood in worksheets."""
    sheets = [book] if "cells" in book else book["worksheets"]
    return [cell for sheet in sheets for cell in sheet["cells"]]


def _outputs(cell: dict[str, Any]) -> Iterator[str]:
    for output in cell.get("outputs", []):
        data = output.get("data", output)
        text = _text(data.get("text/plain", data.get("text", data.get("text/markdown", ""))))
        if not text and (markup := _text(data.get("text/html", ""))):
            text = html.page_of(markup)[1].text
        if output.get("output_type") == "error":
            text = f"{output.get('ename', '')}: {output.get('evalue', '')}"
        if text.strip("\n"):
            yield text.strip("\n")[:OUTPUT_CHARACTERS]


def _fenced(text: str, language: str = "") -> str:
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{language}\n{text}\n{fence}"


def _text(value: object) -> str:
    return "".join(map(str, value)) if isinstance(value, list) else str(value or "")
