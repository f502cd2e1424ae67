"""What was read and worked out, as a line for the model and for whoever looks at the answer."""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import NamedTuple

from chat.cells import computing, formulas, standard_terms
from chat.cells.asked_figures import Wanted
from chat.cells.columns import Period
from chat.cells.computing import Computation, Unread, Value
from chat.cells.formulas import Part
from chat.cells.named_rows import BRACKETS, NamedRow
from chat.cells.page_tables import Cell, Row
from chat.cells.statements import Place, Read, Statements, Store, by_document
from chat.grounding import tables
from documents.finding.search import Passage

MOST_DOCUMENTS = 3
MOST_PERIODS = 4
CLEARLY = 0.6  # of the scores of what was found
TITLE_PAGES = 2
LONGEST_DATE = 24  # characters
WORDS = {1e3: "thousand", 1e6: "million", 1e9: "billion"}


class Found(NamedTuple):
    """Lines in which `{n}` stands for the number of the n-th place's passage."""

    text: str
    places: list[Place]


class _Told(NamedTuple):
    text: str
    number: Decimal  # rounded as it is told; of money with its scale
    value: Value


def found(wanted: Wanted, passages: Sequence[Passage], store: Store) -> Found | None:
    """From the document that the question is about; None where anything is in doubt."""
    documents = list(by_document(passages).values())[:MOST_DOCUMENTS]
    for mine in documents if wanted.rest else _clearly_first(documents):
        statements = Statements(store, mine)
        if not _is_meant(wanted, mine, statements):
            continue
        try:
            return _from(wanted, statements)
        except Unread:
            continue
    return None


def of_row(named: NamedRow) -> Found:
    """What a row of any table says."""
    row = named.row
    cells = [f"{_column(cell)}: {_cell(row, cell)}" for cell in named.cells]
    said = f"{row.label.strip(' :')}, {'; '.join(cells)}"
    if len(cells) == 2 and all(cell.period.year for cell in named.cells):
        said += f"; {_apart(row, *named.cells)}"
    return Found(said, [named.place])


def _column(cell: Cell) -> str:
    head = cell.head
    return (BRACKETS.sub(" ", head) if tables.scales_stated(head) else head).strip(" :,")


def _cell(row: Row, cell: Cell) -> str:
    if row.scale == 1 or cell.unit:
        return cell.raw if cell.unit in {"", "%"} else f"{cell.raw} {cell.unit}"
    return f"{cell.raw} {WORDS.get(row.scale, '')}".strip()


def _apart(row: Row, one: Cell, other: Cell) -> str:
    first, last = sorted((one, other), key=lambda cell: cell.period)
    apart = last.value - first.value
    between = f"from {_column(first)} to {_column(last)}"
    if not apart:
        return f"unchanged {between}"
    verb = "increased" if apart > 0 else "decreased"
    if one.unit == "%":
        return f"{verb} by {abs(apart)} percentage points {between}"
    share = f" ({abs(apart) / first.value * 100:.1f}%)" if first.value > 0 else ""
    return f"{verb} by {_difference(row, abs(apart))}{share} {between}"


def _difference(row: Row, apart: Decimal) -> str:
    unit = next((cell.unit for cell in row.cells), "")
    return f"{_amount(row.currency, apart, WORDS.get(row.scale, ''))} {unit}".strip()


def _clearly_first(documents: Sequence[Sequence[Passage]]) -> Sequence[Sequence[Passage]]:
    """The one that most of what was found is of, where the question names none."""
    scores = [sum(passage.score for passage in mine) for mine in documents]
    return documents[:1] if scores and scores[0] >= CLEARLY * sum(scores) else []


def _is_meant(wanted: Wanted, mine: Sequence[Passage], statements: Statements) -> bool:
    """Whether the document has the question's words that are no figure in its name or title."""
    name = standard_terms.plain(mine[0].filename)
    squeezed, initials = name.replace(" ", ""), "".join(word[0] for word in name.split())
    lacking = [
        word
        for word in wanted.rest
        if word not in squeezed and (len(word) < 2 or word.replace("n", "") not in initials)
    ]
    if not lacking:
        return True
    title = " ".join(text for _, text in statements.beginnings[:TITLE_PAGES])
    named = {standard_terms.plain(word) for word in re.findall(r"\b[A-Z]\S*", title)}
    return set(lacking) <= named - standard_terms.narrower_words()


def _from(wanted: Wanted, statements: Statements) -> Found:
    periods = list(wanted.periods) or _every(wanted, statements)
    computation = Computation(statements, wanted.definitions, periods)
    told = [_told(wanted, computation.value(wanted.formula, each)) for each in periods]
    lines = [_line(wanted, periods, told)]
    if wanted.also:
        other = wanted._replace(formula=wanted.also, name=f"or {wanted.name}", percent=False)
        values = [_told(other, computation.value(wanted.also, each)) for each in periods]
        lines.append(_line(other, periods, values))
        told += values
    reads = [read for each in told for read in each.value.reads]
    places = {(each.place.passage.chunk, each.place.start): each.place for each in reads}
    return Found("; ".join(lines), list(places.values()))


def _every(wanted: Wanted, statements: Statements) -> list[Period]:
    part = formulas.parts(wanted.formula)[0]
    figure = standard_terms.figure(part.phrase)
    found = statements.periods(figure) if figure else []
    if not found:
        raise Unread
    return found[:MOST_PERIODS]


def _line(wanted: Wanted, periods: Sequence[Period], told: Sequence[_Told]) -> str:
    if wanted.manner == "average":
        return _average(wanted, periods, told)
    said = [_said(wanted, period, each) for period, each in zip(periods, told, strict=True)]
    if wanted.manner == "value" or len(told) < 2:
        return "; ".join(said)
    return f"{'; '.join(said)}; {_change(wanted, periods, told)}"


def _said(wanted: Wanted, period: Period, told: _Told) -> str:
    value = told.value
    if len(value.reads) == 1 and value.rank == 3:
        read = value.reads[0]
        return f"{_label(read)}, {_of(period, told)}: {told.text}"
    steps = "".join(f"{step}; " for step in value.steps)
    words = _words(wanted.formula)
    named = f" = {words}" if words != wanted.name else ""
    shown = computing.bare(value.shown)
    return f"{steps}{wanted.name} {_of(period, told)}{named} = {shown} = {told.text}"


def _average(wanted: Wanted, periods: Sequence[Period], told: Sequence[_Told]) -> str:
    parts = "; ".join(
        f"{_of(period, each)}: {_worked_out(each)}"
        for period, each in zip(periods, told, strict=True)
    )
    mean = sum((each.value.number for each in told), Decimal()) / len(told)
    words, average = _words(wanted.formula), _told(wanted, told[0].value._replace(number=mean))
    named = f" = {words}" if words != wanted.name else ""
    return f"{wanted.name}{named}; {parts}; average = {average.text}"


def _worked_out(told: _Told) -> str:
    shown = computing.bare(told.value.shown)
    return told.text if told.value.rank == 3 else f"{shown} = {told.text}"


def _change(wanted: Wanted, periods: Sequence[Period], told: Sequence[_Told]) -> str:
    """From each period to the next one."""
    order = sorted(zip(periods, told, strict=True), key=lambda each: _end(each[1], each[0]))
    return "; ".join(_step(wanted, one, other) for one, other in pairwise(order))


def _end(told: _Told, asked: Period) -> tuple[int, int]:
    of = told.value.reads[0].cell.period
    return (of.year, of.month) if of.month else (asked.year, 3 * asked.quarter)


def _step(wanted: Wanted, one: tuple[Period, _Told], other: tuple[Period, _Told]) -> str:
    before, after = one[1].value.number, other[1].value.number
    between = f"from {_of(*one)} to {_of(*other)}"
    apart = after - before
    if not apart:
        return f"unchanged {between}"
    verb = "increased" if apart > 0 else "decreased"
    if wanted.percent:
        return f"{verb} by {abs(apart) * 100:.1f} percentage points {between}"
    by = _told(wanted, other[1].value._replace(number=abs(apart))).text
    share = f" ({abs(apart) / before * 100:.1f}%)" if before > 0 else ""
    return f"{verb} by {by}{share} {between}"


def _told(wanted: Wanted, value: Value) -> _Told:
    if value.is_money:
        return _money(wanted, value)
    if wanted.percent:
        number = _rounded(value.number * 100, 1 if wanted.decimals is None else wanted.decimals)
        return _Told(f"{number}%", number, value)
    number = _rounded(value.number, 2 if wanted.decimals is None else wanted.decimals)
    return _Told(f"{number:,f}", number, value)


def _money(wanted: Wanted, value: Value) -> _Told:
    row = value.reads[0].row
    number = value.number / int(row.scale)
    text = _amount(row.currency, number, WORDS.get(row.scale, ""))
    if wanted.scale and wanted.scale != row.scale and row.scale > 1:
        other = value.number / int(wanted.scale)
        text += f" (= {_amount(row.currency, _rounded(other, 3), WORDS[wanted.scale])})"
    return _Told(text, number, value)


def _amount(currency: str, number: Decimal, scale: str) -> str:
    sign = "-" if number < 0 else ""
    figure = f"{abs(number):,f}" if number == round(number, 3) else f"{abs(number):,.2f}"
    money = f"{currency}{figure}" if currency in {"$", "€", "£", "¥"} else f"{figure} {currency}"
    return f"{sign}{money.strip()} {scale}".strip()


def _rounded(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _label(read: Read) -> str:
    return read.row.label.strip(" :")


def _of(period: Period, told: _Told) -> str:
    """The period as the column says it, where that is a date and nothing else."""
    cell = told.value.reads[0].cell
    if len({each.cell.head for each in told.value.reads}) > 1:
        return _when(period)
    has_date = cell.period.day and len(cell.head) <= LONGEST_DATE
    return cell.head if has_date and not period.quarter else _when(period)


def _when(period: Period) -> str:
    if period.quarter:
        return f"Q{period.quarter} {period.year}"
    if period.month:
        return f"{period.year}-{period.month:02}" + (f"-{period.day:02}" if period.day else "")
    return str(period.year)


def _words(formula: formulas.Formula) -> str:
    """The formula as it is said."""
    if isinstance(formula, formulas.Number):
        return f"{formula.value:f}"
    if isinstance(formula, Part):
        return f"{formula.how} {formula.phrase}".strip()
    left, right = _words(formula.left), _words(formula.right)
    if formula.sign in "*/":
        left = (
            f"({left})"
            if isinstance(formula.left, formulas.Sum) and formula.left.sign in "+-"
            else left
        )
        right = f"({right})" if isinstance(formula.right, formulas.Sum) else right
    return f"{left} {formula.sign} {right}"
