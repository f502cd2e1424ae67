"""What the pages of a file are called: slides of a presentation, sheets of a workbook."""

from pathlib import PurePosixPath

_NOUNS = {
    "slide": "pptx ppt pptm pps ppsx ppsm pot potx odp otp fodp",
    "sheet": "xlsx xls xlsm xlsb xlt xltx ods ots fods",
}
_BY_ENDING = {ending: noun for noun, endings in _NOUNS.items() for ending in endings.split()}


def noun(name: str, kind: str = "") -> str:
    """By the file's name, else by its kind."""
    ending = PurePosixPath(name.lower()).suffix.lstrip(".")
    return _BY_ENDING.get(ending) or _BY_ENDING.get(kind, "page")


def label(name: str, page: int | None) -> str:
    """`p. 4`, `slide 4`, `sheet 2`; empty where there are no pages."""
    if page is None:
        return ""
    called = noun(name)
    return f"{'p.' if called == 'page' else called} {page}"
