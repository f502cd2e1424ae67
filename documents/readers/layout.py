"""The text of a PDF's page as one reads it."""

import pypdfium2 as pdfium


def text_of(page: pdfium.PdfPage) -> str:
    text_page = page.get_textpage()
    try:
        # Bounded: keeps raised characters on their line, and leaves out what is off the page.
        text: str = text_page.get_text_bounded() or text_page.get_text_range()
    finally:
        text_page.close()
    return text
