"""What stands between the cells of a table in text: that which cuts its rows alike, if any does."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from documents.readers.sheets.csv_rows import letters

SEPARATORS = ",;\t|^~¦:"
LOOK_ROWS, LOOK_CHARACTERS = 50, 20_000
MOST_ROWS = 0.6  # of them must be cut alike
DECLARED = re.compile(r'"?sep=(\\t|[^"\s]|\t)"?', re.IGNORECASE)
COMMENT = re.compile(r"\s*#")
# What is no separator but a sign of the language, or of a figure, a time or an address.
PROSE = {",": re.compile(r", "), ";": re.compile(r"; "), ":": re.compile(r": |(?<=\d):(?=\d)|://")}
DECIMAL = re.compile(r"(?<=\d),(?=\d)")
DECIMALS = re.compile(r"(?<![^,])(-?\d+,\d+)(?![^,])")
AMOUNT = re.compile(r'"?[-+]?\s*+(?:[.\' ]*+\d)++,\d\d?\s*+[€$£%]?"?')


def of(rows: Sequence[str]) -> tuple[str, int]:
    """It, and how many cells most rows have; nothing where the table has one column."""
    looked = [row[:LOOK_CHARACTERS] for row in rows[:LOOK_ROWS] if row.strip()]
    told = [row for row in looked if not COMMENT.match(row)] or looked
    found = [(_likeness(told, separator), separator) for separator in SEPARATORS]
    likeness, separator = max(found, key=lambda each: each[0])
    return (separator, width(told, separator)) if likeness else ("", 1)


def width(rows: Sequence[str], separator: str) -> int:
    looked = [row[:LOOK_CHARACTERS] for row in rows[:LOOK_ROWS]]
    widths = Counter(each for each in _widths(looked, separator) if each > 1)
    return widths.most_common(1)[0][0] if widths else 1


def is_comment(row: str, separator: str, width: int) -> bool:
    """Not where it is cut as the rows are: then # begins a name or a number."""
    if not COMMENT.match(row):
        return False
    cells = letters(row, separator) if separator else []
    return len(cells) != width or (row.startswith("# ") and ", " in row)


def decimal_commas(rows: Sequence[str], separator: str, width: int) -> int:
    """How many names there are, where commas in the figures cut the rows into more cells."""
    told = [row[:LOOK_CHARACTERS] for row in rows[:LOOK_ROWS] if row.strip()]
    if separator != "," or len(told) < 2:
        return 0
    names, told = len(letters(told[0], ",")), told[1:]
    joined = {len(letters(DECIMALS.sub(r'"\1"', row), ",")) for row in told}
    return names if 1 < names < width and joined == {names} else 0


def _widths(rows: Sequence[str], separator: str) -> list[int]:
    """Of each line by itself, and of each record: a cell may go over several lines."""
    told = [len(letters(row, separator)) for row in rows]
    if any('"' in row for row in rows):
        told += [len(cells) for cells in csv.reader(_lines(rows), delimiter=separator)]
    return told


def _lines(rows: Sequence[str]) -> Iterator[str]:
    return (f"{row}\n" for row in rows)


def _likeness(rows: Sequence[str], separator: str) -> float:
    """How many rows it cuts alike; none where it is no separator."""
    cut = [letters(row, separator) for row in rows]
    usual = width(rows, separator)
    if usual == 1:
        return 0
    alike = [row for row, cells in zip(rows, cut, strict=True) if len(cells) == usual]
    begun = next((place for place, cells in enumerate(cut) if len(cells) > 1), 0)
    cuts_all = all(len(cells) > 1 for cells in cut[begun:])
    enough = cuts_all or len(alike) >= MOST_ROWS * (len(rows) - begun)
    if not enough and _quoted_alike(rows, separator, usual) < MOST_ROWS * len(rows):
        return 0
    if separator in PROSE and not _separates(rows, alike, separator):
        return 0
    return max(len(alike), _quoted_alike(rows, separator, usual)) + usual / 1_000


def _quoted_alike(rows: Sequence[str], separator: str, usual: int) -> int:
    """How many lines are in records that are cut alike, where those of several lines are read."""
    if not any('"' in row for row in rows):
        return 0
    found = [len(cells) for cells in csv.reader(_lines(rows), delimiter=separator)]
    return len(rows) * found.count(usual) // len(found)


def _separates(rows: Sequence[str], alike: Sequence[str], separator: str) -> bool:
    """Not one of sentences or figures: `Nothing to add, really` under `Comment`, `1,50`."""
    bare = [PROSE[separator].sub("", row) for row in alike]
    bare = [DECIMAL.sub("", row) if separator == "," else row for row in bare]
    if sum(separator in row for row in bare) * 2 >= len(alike):
        return True
    prose = [bool(PROSE[separator].search(row)) for row in alike]
    return len(alike) == len(rows) and (
        all(prose) or not (any(prose) or all(map(AMOUNT.fullmatch, alike)))
    )
