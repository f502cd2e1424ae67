"""Chapters of a book that are pictures of a page."""

import posixpath
import re
import zipfile
from itertools import islice
from urllib.parse import unquote

from lxml import etree

from documents.readers.office import epub_contents

ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".bmp", ".tif", ".tiff")
SHOWN = re.compile(
    r"""<(?:\w+:)?(?:img|image)\b[^<>]*?\s(?:src|(?:xlink:)?href)\s*=\s*["']([^"'<>]+)""",
    re.IGNORECASE,
)
TOLD = re.compile(r"\[picture: [^\]]*\]")
LITTLE = 20  # letters and figures: less than a page has


def is_one(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def is_drawing(name: str) -> bool:
    return name.lower().endswith(".svg")


def cover(package: etree._Element, folder: str) -> str:
    """The member that is the book's cover, as its list of contents says; else nothing."""
    named = {meta.get("content") for meta in package.iter("{*}meta") if meta.get("name") == "cover"}
    for item in package.iter("{*}item"):
        if "cover-image" in item.get("properties", "").split() or item.get("id") in named:
            return posixpath.normpath(posixpath.join(folder, unquote(item.get("href", ""))))
    return ""


def says_little(text: str, title: str) -> bool:
    """Beside what stands for pictures, and the title that nobody sees."""
    left = TOLD.sub("", text.removeprefix(f"{title}\n"))
    return next(islice(filter(str.isalnum, left), LITTLE - 1, None), None) is None


def of_chapter(book: zipfile.ZipFile, name: str, markup: str) -> str:
    """The largest that it shows; nothing if there is none."""
    folder, names = posixpath.dirname(name), set(book.namelist())
    found = {epub_contents.named(each, folder, names) for each in SHOWN.findall(markup)}
    shown = [each for each in found if each in names and (is_one(each) or is_drawing(each))]
    return max(shown, key=lambda each: book.getinfo(each).file_size, default="")
