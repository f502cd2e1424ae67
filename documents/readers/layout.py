"""The text of a PDF's page as one reads it."""

import pypdfium2 as pdfium

from documents.readers import columns
from documents.readers.spots import runs_of, spots_of

MOST = 50_000  # characters of a page that is looked at more closely


def text_of(page: pdfium.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        if text_page.count_chars() <= MOST:
            blocks = columns.blocks_of(runs_of(spots_of(page, text_page)))
            if columns.are_mixed(blocks):
                return columns.text_of(blocks)
        # Bounded: keeps raised characters on their line, and leaves out what is off the page.
        text: str = text_page.get_text_bounded() or text_page.get_text_range()
    finally:
        text_page.close()
    return text
