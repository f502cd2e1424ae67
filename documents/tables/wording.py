"""The computation in a sentence, its result, and what was assumed: in English or German."""

import re
from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from documents.tables.execute import DIGITS, Answer, Group, Result
from documents.tables.grammar import Condition, Plan
from documents.tables.sentence import Note
from documents.tables.table import Column, Table

PLACES = Decimal("0.0001")  # of averages
GROUPS_SHOWN = 20
NAMES_SHOWN = 20
CELLS_SHOWN = 8
CELL_CHARACTERS = 80
NAMED = 3

# English, then German.
_SAID: dict[str, tuple[str, str]] = {
    "count": ("Count of rows", "Anzahl der Zeilen"),
    "count of": ("Count of {}", "Anzahl von {}"),
    "sum": ("Sum of {}", "Summe von {}"),
    "average": ("Average of {}", "Durchschnitt von {}"),
    "median": ("Median of {}", "Median von {}"),
    "min": ("Minimum of {}", "Minimum von {}"),
    "max": ("Maximum of {}", "Maximum von {}"),
    "distinct": ("Different values of {}", "Verschiedene Werte von {}"),
    "where": (" where {}", ", wobei {}"),
    "and": (" and ", " und "),
    "or": (" or ", " oder "),
    "contains": ("contains", "enthält"),
    "between": ("{} between {} and {}", "{} zwischen {} und {}"),
    "empty": ("{} is empty", "{} leer ist"),
    "filled": ("{} is not empty", "{} nicht leer ist"),
    "for each": (" for each {}", " je {}"),
    "year": ("year of {}", "Jahr von {}"),
    "month": ("month of {}", "Monat von {}"),
    "rows": ("{} of {} rows", "{} von {} Zeilen"),
    "row": ("Rows", "Zeilen"),
    "nothing": ("no row meets this", "auf keine Zeile trifft das zu"),
    "no value": ("nothing to compute from", "nichts, woraus sich rechnen ließe"),
    "more": ("… and {} more", "… und {} weitere"),
    "like": ("“{}” was taken for the column {}.", "„{}“ wurde als die Spalte {} verstanden."),
    "amount": (
        "No column was named, so {} was taken.",
        "Es war keine Spalte genannt, daher wurde {} genommen.",
    ),
    "value": (
        "“{}” was looked for in {}; it is also in {}.",
        "„{}“ wurde in {} gesucht; es steht auch in {}.",
    ),
    "date": (
        "The date was taken from {}; there is also {}.",
        "Das Datum wurde aus {} genommen; es gibt auch {}.",
    ),
    "today": (
        "“{}” was taken to be {}, as seen from today, {}.",
        "„{}“ wurde als {} verstanden, von heute aus, {}.",
    ),
    "summed": ("{} was summed up for each {}.", "{} wurde je {} zusammengezählt."),
    "units": ("{} was summed up.", "{} wurde zusammengezählt."),
    "different": (
        "Different values of {} were counted, not rows.",
        "Gezählt wurden verschiedene Werte von {}, nicht Zeilen.",
    ),
    "compared": ("“{}” was taken to be about {}.", "„{}“ wurde auf {} bezogen."),
    "gaps": ("{} of these rows have no {}.", "{} dieser Zeilen haben keinen Wert für {}."),
    "unread": (
        "{} cells of {} are not a {} and were left out.",
        "{} Zellen von {} sind kein {} und wurden ausgelassen.",
    ),
    "number": ("number", "Zahl"),
    "date kind": ("date", "Datum"),
    "totals": (
        "Rows that look like totals were counted in: {}.",
        "Zeilen, die wie Summen aussehen, sind mitgezählt: {}.",
    ),
    "left out": (
        "Left out at the end of the table: {}.",
        "Am Ende der Tabelle ausgelassen: {}.",
    ),
    "point": ("“{}” was read with a decimal point.", "„{}“ wurde mit Dezimalpunkt gelesen."),
    "comma": ("“{}” was read with a decimal comma.", "„{}“ wurde mit Dezimalkomma gelesen."),
    "dmy": ("“{}” was read as day, month, year.", "„{}“ wurde als Tag, Monat, Jahr gelesen."),
    "mdy": ("“{}” was read as month, day, year.", "„{}“ wurde als Monat, Tag, Jahr gelesen."),
    "model": (
        "The chat model turned the question into this computation. Is it what you meant?",
        "Das Chatmodell hat die Frage in diese Rechnung übersetzt. War sie so gemeint?",
    ),
    "others": (
        "The question also fits {}. Name the file or sheet to compute there.",
        "Die Frage passt auch auf {}. Nennen Sie Datei oder Blatt, um dort zu rechnen.",
    ),
}
_DAYS = re.compile(r"^(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)$")
_MARKUP = re.compile(r"([\\`*_\[\]<>|~#&]|^[+=-]|(?<=^\d)[.)]|(?<=^\d\d)[.)])")


class Wording:
    def __init__(self, language: str) -> None:
        self.german = language == "german"

    def say(self, key: str, *facts: str) -> str:
        return _SAID[key][self.german].format(*facts)

    def whole(self, plan: Plan, table: Table, result: Result, notes: Sequence[Note]) -> str:
        """Markdown: the result, the computation with `[1]` for the table, and what was assumed."""
        column = table.column(plan.column) if plan.column else None
        unit = column.form.unit if column and plan.operation != "count" else ""
        unit = "" if plan.operation == "distinct" else unit
        parts = [
            *self._result(plan, result, unit),
            f"{self.computation(plan, table, result, unit)} [1]",
            *self._rows(table, result),
        ]
        told = [*map(self._note, notes), *self._gaps(plan, column, result)]
        told += self._readings(plan, table)
        if told:
            parts.append("\n".join(f"- {each}" for each in dict.fromkeys(told)))
        return "\n\n".join(parts)

    def computation(self, plan: Plan, table: Table, result: Result, unit: str = "") -> str:
        """`Sum of Amount where Country = France: 4,711 of 5,000 rows, = 1,234.50`."""
        rows = self.say("rows", self.number(result.matched), self.number(result.total))
        text = f"{self._what(plan, table)}: {rows}"
        if plan.group:
            return f"{text}."
        return f"{text}, = {self.shown(result.value, unit)}"

    def _what(self, plan: Plan, table: Table) -> str:
        key = "count of" if plan.operation == "count" and plan.column else plan.operation
        text = self.say(key, escaped(_name(table, plan.column)))
        if plan.where:
            told = [self._condition(each, _name(table, each.column)) for each in plan.where]
            text += self.say("where", self.say("and").join(told))
        if plan.group:
            name = escaped(_name(table, plan.group))
            text += self.say("for each", self.say(plan.part, name) if plan.part else name)
        return text

    def _condition(self, condition: Condition, name: str) -> str:
        name, told = escaped(name), [escaped(_spaced(each)) for each in condition.values]
        if condition.test in {"empty", "filled"}:
            return self.say(condition.test, name)
        if condition.test == "between":
            return self.say("between", name, *told)
        test = self.say("contains") if condition.test == "contains" else condition.test
        test = test.replace("<", "\\<").replace(">", "\\>")
        return f"{name} {test} {self.say('or').join(told)}"

    def _result(self, plan: Plan, result: Result, unit: str) -> list[str]:
        if plan.group:
            return self._groups(plan, result.groups, unit)
        if not result.matched:
            return [f"**{self.shown(result.value, unit)}**: {self.say('nothing')}."]
        parts = [f"**{self.shown(result.value, unit)}**"]
        if result.names:
            shown = [_cell(name) for name in result.names[:NAMES_SHOWN]]
            if more := len(result.names) - len(shown):
                shown.append(self.say("more", self.number(more)))
            parts.append(", ".join(shown))
        return parts

    def _groups(self, plan: Plan, groups: Sequence[Group], unit: str) -> list[str]:
        if not groups:
            return [f"**0**: {self.say('nothing')}."]
        most = plan.top or GROUPS_SHOWN
        shown = groups[:most]
        if plan.top and len(groups) > most:  # those that are even with the last belong there too
            shown = [*shown, *(g for g in groups[most:GROUPS_SHOWN] if g.value == shown[-1].value)]
        first = [f"**{_cell(shown[0].name)}**: {self.shown(shown[0].value, unit)}"]
        key = "count of" if plan.operation == "count" and plan.column else plan.operation
        what = self.say(key, _cell(plan.column))
        if first and plan.top == len(shown) == 1:
            return first
        head = [_cell(plan.group), what] + ([] if what == self.say("count") else [self.say("row")])
        lines = [head, ["---"] * len(head)]
        for group in shown:
            cells = [_cell(group.name), self.shown(group.value, unit), self.number(group.rows)]
            lines.append(cells[: len(head)])
        table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        hidden = len(groups) - len(shown)
        rest = [self.say("more", self.number(hidden))] if hidden and not plan.top else []
        return [*(first if plan.top == 1 else []), table, *rest]

    def _rows(self, table: Table, result: Result) -> list[str]:
        """The rows that have the smallest or the largest value."""
        if not result.rows:
            return []
        names = [_cell(column.name) for column in table.columns[:CELLS_SHOWN]]
        lines = [names, ["---"] * len(names)]
        lines += [[_cell(cell) for cell in table.row(place)[:CELLS_SHOWN]] for place in result.rows]
        return ["\n".join(f"| {' | '.join(line)} |" for line in lines)]

    def _note(self, note: Note) -> str:
        return self.say(note.what, *(escaped(_spaced(fact)) for fact in note.facts))

    def _gaps(self, plan: Plan, column: Column | None, result: Result) -> list[str]:
        if column is None:
            return []
        told, name = [], escaped(column.name)
        if result.empty:
            told.append(self.say("gaps", self.number(result.empty), name))
        if result.unread:
            kind = self.say("number" if column.form.kind == "number" else "date kind")
            told.append(self.say("unread", self.number(result.unread), name, kind))
        return told

    def _readings(self, plan: Plan, table: Table) -> list[str]:
        """What may have been read wrongly in the columns that were used."""
        told = []
        for name in dict.fromkeys([plan.column, plan.group, *(each.column for each in plan.where)]):
            column = table.column(name) if name else None
            if column and column.form.guessed:
                mark = {".": "point", ",": "comma"}.get(column.form.mark, column.form.mark)
                told.append(self.say(mark, escaped(column.form.guessed)))
        if table.totals and plan.operation in {"sum", "average", "median", "count"}:
            told.append(self.say("totals", ", ".join(map(escaped, table.totals[:NAMED]))))
        if table.left_out:
            told.append(self.say("left out", ", ".join(map(escaped, table.left_out))))
        return told

    def shown(self, value: Answer, unit: str = "") -> str:
        if value is None:
            return self.say("no value")
        if isinstance(value, datetime):
            return self._moment(value)
        text = self.number(value)
        return f"{text} {unit}" if unit else text

    def _moment(self, value: datetime) -> str:
        day = f"{value:%d.%m.%Y}" if self.german else f"{value:%Y-%m-%d}"
        return day if (value.hour, value.minute) == (0, 0) else f"{day} {value:%H:%M}"

    def number(self, value: Decimal | int) -> str:
        """With marks between thousands; averages to four places."""
        if isinstance(value, Decimal):
            with localcontext() as context:
                context.prec = DIGITS * 2 + 1_000  # what `1e999` takes, written out
                value = _rounded(value)
            text = f"{value:,f}"
        else:
            text = f"{value:,}"
        return text.translate(str.maketrans(",.", ".,")) if self.german else text


def _rounded(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -4:
        value = value.quantize(PLACES, ROUND_HALF_EVEN).normalize()
        return value.quantize(Decimal(1)) if value == value.to_integral_value() else value
    return value


def _spaced(text: str) -> str:
    """Two days as from the one to the other."""
    return _DAYS.sub("\\1 \u2013 \\2", text)


def _name(table: Table, name: str) -> str:
    column = table.column(name) if name else None
    return column.name if column else name


def plain(markdown: str) -> str:
    """What was escaped, as it was."""
    return re.sub(r"\\(.)", r"\1", markdown)


def escaped(text: str) -> str:
    """So that it is shown letter for letter, and nothing in it looks like a citation."""
    return _MARKUP.sub(r"\\\1", text)


def _cell(text: str) -> str:
    cut = text if len(text) <= CELL_CHARACTERS else f"{text[: CELL_CHARACTERS - 1]}…"
    return escaped(" ".join(cut.split()))
