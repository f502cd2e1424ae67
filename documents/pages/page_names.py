"""What the pages of a file are called: slides of a presentation, sheets of a workbook."""

from pathlib import PurePosixPath

from django.utils.translation import gettext

_NOUNS = {
    "slide": "pptx ppt pptm pps ppsx ppsm pot potx odp otp fodp",
    "sheet": "xlsx xls xlsm xlsb xlt xltx ods ots fods",
}
_BY_ENDING = {ending: noun for noun, endings in _NOUNS.items() for ending in endings.split()}


def noun(name: str, kind: str = "") -> str:
    """By the file's name, else by its kind."""
    ending = PurePosixPath(name.lower()).suffix.lstrip(".")
    return _BY_ENDING.get(ending) or _BY_ENDING.get(kind, "page")


def in_words(called: str) -> str:
    """In the page's language."""
    return {"slide": gettext("slide"), "sheet": gettext("sheet")}.get(called) or gettext("page")


def local_label(name: str, page: int | None) -> str:
    """In the page's language."""
    if page is None or noun(name) != "page":
        return "" if page is None else f"{in_words(noun(name))} {page}"
    return gettext("p. {page}").format(page=page)


def label(name: str, page: int | None) -> str:
    """`p. 4`, `slide 4`, `sheet 2`; empty where there are no pages."""
    if page is None:
        return ""
    called = noun(name)
    return f"{'p.' if called == 'page' else called} {page}"
