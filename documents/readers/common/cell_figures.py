"""What a cell of a spreadsheet shows: whole numbers and days as such, whatever their format."""

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal

ZEROS = re.compile("0{2,20}")
WRITTEN_OUT = 1e21


def displayed(value: object, formatted: str = "") -> str:
    """`formatted` is the cell's format as the file has it, like `0.0%`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.isoformat(" ").removesuffix(" 00:00:00")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return _number(value, formatted) if isinstance(value, int | float) else str(value)


def _number(value: float, formatted: str) -> str:
    if "%" in formatted:
        return f"{value * 100:.12g} %"
    if ZEROS.fullmatch(formatted) and float(value).is_integer():
        return f"{int(value):0{len(formatted)}}"  # as of postal codes
    text = f"{value:.15g}" if isinstance(value, float) else str(value)
    return f"{Decimal(text):f}" if "e" in text and WRITTEN_OUT > abs(value) > 1 else text
