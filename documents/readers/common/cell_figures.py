"""What a cell of a spreadsheet shows, and what is kept in it: days as such, whatever their format."""

from datetime import date, datetime, time, timedelta
from functools import lru_cache

from documents.readers.common.hidden import hidden
from documents.readers.sheets import currencies, number_formats


def displayed(value: object, formatted: str = "") -> str:
    """What a person sees. `formatted` is the cell's format as the file has it, like `0.0%`."""
    kind = type(value)
    if kind is float or kind is int:
        told = number_formats.figure_text(value, formatted)  # type: ignore[arg-type]
        return told or ("" if value == 0 else _hidden(value))
    if isinstance(value, str):
        if formatted in number_formats.USUAL:
            return value
        return number_formats.text_shown(value, formatted) or (_hidden(value) if value else "")
    return _value_text(value)


def kept(value: object, formatted: str = "") -> str:
    """What is computed with: every digit, with its unit; what something is called by as shown."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return _value_text(value)
    if formatted in number_formats.USUAL:
        return number_formats.plain(value)
    section = number_formats.section_of(value, formatted)
    if section.percents:
        return f"{value * 100:.12g} %"
    if section.is_label:
        return number_formats.figure_text(value, formatted)
    unit = _unit(section.words)
    return f"{number_formats.plain(value)} {unit}" if unit else number_formats.plain(value)


def _hidden(value: object) -> str:
    """By a format like `;;;`."""
    return hidden(_value_text(value))


@lru_cache(maxsize=500)
def _unit(words: str) -> str:
    return "%" if "%" in words else currencies.found(words)


def _value_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    return _elapsed(value) if isinstance(value, timedelta) else str(value)


def _elapsed(span: timedelta) -> str:
    """Hours beyond a day, and before the beginning."""
    minutes, seconds = divmod(abs(round(span.total_seconds())), 60)
    sign = "-" if span < timedelta(0) and (minutes or seconds) else ""
    return f"{sign}{minutes // 60}:{minutes % 60:02}:{seconds:02}"
