"""The closed grammar: what may be asked of a table. Whatever wrote a plan, it is checked here."""

from collections.abc import Callable
from typing import Any, NamedTuple

OPERATIONS = ("count", "sum", "average", "median", "min", "max", "distinct")
TESTS = ("=", "!=", "contains", ">", ">=", "<", "<=", "between", "empty", "filled")
PARTS = ("", "year", "month")
MOST_CONDITIONS = 10
MOST_VALUES = 50
LONGEST = 200  # characters of a name or value
MOST_GROUPS = 100


class BadPlan(ValueError):
    """This is not in the grammar, or names what the table does not have."""


class Condition(NamedTuple):
    column: str
    test: str
    values: tuple[str, ...] = ()  # of = and !=: any of them

    def __str__(self) -> str:
        return f"{self.column} {self.test} {' or '.join(self.values)}".strip()


class Plan(NamedTuple):
    operation: str
    column: str = ""  # none: of count alone, which then counts rows
    where: tuple[Condition, ...] = ()  # all of them
    group: str = ""  # a column: one result for each of its values
    part: str = ""  # of a date to group by
    least: bool = False  # groups with the least first
    top: int = 0  # groups or values to show; 0: as many as there is room for


SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {
        "operation": {"type": "string", "enum": ["none", *OPERATIONS]},
        "column": {"type": "string"},
        "where": {
            "type": "array",
            "maxItems": MOST_CONDITIONS,
            "items": {
                "type": "object",
                "properties": {
                    "column": {"type": "string"},
                    "test": {"type": "string", "enum": list(TESTS)},
                    "values": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["column", "test", "values"],
                "additionalProperties": False,
            },
        },
        "group": {"type": "string"},
        "part": {"type": "string", "enum": list(PARTS)},
        "least": {"type": "boolean"},
        "top": {"type": "integer"},
    },
    "required": ["operation", "column", "where", "group", "part", "least", "top"],
    "additionalProperties": False,
}


def from_json(told: object) -> Plan:
    """Raises BadPlan, and nothing else, for whatever is not a plan."""
    fields = _object(told, set(Plan._fields))
    return Plan(
        operation=_one_of(fields.get("operation"), OPERATIONS),
        column=_text(fields.get("column", "")),
        where=tuple(_list(fields.get("where", []), MOST_CONDITIONS, _condition)),
        group=_text(fields.get("group", "")),
        part=_one_of(fields.get("part", ""), PARTS),
        least=_flag(fields.get("least", False)),
        top=_number(fields.get("top", 0)),
    )


def _condition(told: object) -> Condition:
    fields = _object(told, set(Condition._fields))
    test = _one_of(fields.get("test"), TESTS)
    found = tuple(_list(fields.get("values", []), MOST_VALUES, _text))
    if test in {"empty", "filled"}:
        return Condition(_text(fields.get("column")), test)
    wanted = 2 if test == "between" else 1
    many = test in {"=", "!="}
    if len(found) < wanted or (len(found) > wanted and not many) or "" in found:
        raise BadPlan(f"{test} takes another number of values.")
    return Condition(_text(fields.get("column")), test, found)


def _object(told: object, known: set[str]) -> dict[str, Any]:
    if not isinstance(told, dict) or not set(told) <= known:
        raise BadPlan("This is no object with the fields of the grammar.")
    return told


def _list(told: object, most: int, each: Callable[[object], Any]) -> list[Any]:
    if not isinstance(told, list) or len(told) > most:
        raise BadPlan(f"This must be a list of at most {most}.")
    return [each(one) for one in told]


def _one_of(told: object, known: tuple[str, ...]) -> str:
    if not isinstance(told, str) or told not in known:
        raise BadPlan(f"This must be one of {', '.join(known)}.")
    return told


def _text(told: object) -> str:
    if not isinstance(told, str) or len(told) > LONGEST:
        raise BadPlan(f"This must be text of at most {LONGEST} characters.")
    return told.strip()


def _flag(told: object) -> bool:
    if not isinstance(told, bool):
        raise BadPlan("This must be true or false.")
    return told


def _number(told: object) -> int:
    if not isinstance(told, int) or isinstance(told, bool) or not 0 <= told <= MOST_GROUPS:
        raise BadPlan(f"This must be a number of at most {MOST_GROUPS}.")
    return told
