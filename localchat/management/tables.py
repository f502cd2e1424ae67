"""Whether the tables that are there are those that the models know.

Tables of a version that was never released may differ although no migration is missing.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from django.apps import apps
from django.db import connection, models
from django.db.models import NOT_PROVIDED

APPS = {
    "accounts",
    "invitations",
    "sign_ins",
    "audit",
    "identities",
    "kept_settings",
    "chat",
    "documents",
    "models_mgmt",
}


class Column(NamedTuple):
    kind: str  # its type's name, as PostgreSQL has it
    length: int | None  # characters
    required: bool
    filled: bool  # by the database, where nobody gives a value


_COLUMNS = """
    SELECT c.relname, a.attname, a.atttypid::regtype::text,
           CASE WHEN a.atttypid = 'varchar'::regtype AND a.atttypmod > 4 THEN a.atttypmod - 4 END,
           a.attnotnull, a.atthasdef OR a.attidentity <> ''
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
    WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'v')
      AND a.attnum > 0 AND NOT a.attisdropped"""
_NAMES = """
    SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace
    UNION SELECT relname FROM pg_class
    WHERE relkind = 'i' AND relnamespace = current_schema()::regnamespace"""


def differences() -> Iterator[str]:
    """What of the database does not fit the models, as `table.column` or the name of a rule."""
    found, names = _found()
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in APPS or model._meta.proxy:
            continue
        table = model._meta.db_table
        columns = found.get(table)
        if columns is None:
            yield table
            continue
        yield from (f"{table}.{name}" for name in _unlike(model, columns))
        rules = [*model._meta.constraints, *model._meta.indexes]
        yield from (str(rule.name) for rule in rules if rule.name not in names)


def _found() -> tuple[dict[str, dict[str, Column]], set[str]]:
    tables: dict[str, dict[str, Column]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COLUMNS)
        for table, name, *facts in cursor.fetchall():
            tables.setdefault(table, {})[name] = Column(*facts)
        cursor.execute(_NAMES)
        return tables, {name for (name,) in cursor.fetchall()}


def _unlike(model: type[models.Model], columns: dict[str, Column]) -> Iterator[str]:
    fields = {str(field.column): field for field in model._meta.local_concrete_fields}
    for name, field in fields.items():
        if name not in columns or not _fits(field, columns[name]):
            yield name
    for name, column in columns.items():
        if name not in fields and column.required and not column.filled:
            yield name


def _fits(field: "models.Field[object, object]", column: Column) -> bool:
    if column.required and field.null:
        return False
    if field.db_default is not NOT_PROVIDED and not column.filled:
        return False
    if column.length is not None and (field.max_length or column.length) > column.length:
        return False
    return column.kind == _kind(field)


def _kind(field: "models.Field[object, object]") -> str:
    said = re.sub(r"\(\d+(?:,\d+)?\)", "", field.db_type(connection) or "")
    return said.replace("varchar", "character varying")
