"""The seam by which rows become settings, in every process: the values in `django.conf.settings`.

All code reads `settings.NAME` each time that it needs it. The environment goes before rows, and
what has no row is as it was when the process began.
"""

import logging
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock
from typing import Any

import psycopg
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection

from localchat.kept_settings import catalogue, sealing
from localchat.kept_settings.models import Setting

logger = logging.getLogger(__name__)

PURPOSE = "keys of engines"
DELIVERED = {name: getattr(settings, name) for name in catalogue.ALL}
_applied: dict[str, Any] = {}  # the values of rows that are in force here
_lock = Lock()


def load() -> None:
    """Have the rows as they are now in force in this process. Raises DatabaseError."""
    apply(dict(Setting.objects.values_list("name", "value")))


def apply(rows: Mapping[str, Any]) -> None:
    """Put into `settings` what differs from the last time; other values are let alone."""
    wanted = {name: _opened(name, value) for name, value in rows.items() if _holds(name, value)}
    with _lock:
        names = {name for name in {*wanted, *_applied} if _differs(name, wanted)}
        keys = names & catalogue.KEYS.keys()
        for name in keys:  # so that no key is sent to where another was meant to go
            setattr(settings, name, "")
        for name in [*(names - keys), *keys]:
            setattr(settings, name, wanted.get(name, DELIVERED[name]))
        _applied.clear()
        _applied.update(wanted)


def kept_value(name: str, rows: Mapping[str, Any]) -> Any:
    """What is in force by these rows; of a secret what is in the row."""
    is_row = name in rows and not catalogue.from_environment(name)
    return rows[name] if is_row else DELIVERED[name]


def _differs(name: str, wanted: Mapping[str, Any]) -> bool:
    return (name in wanted, wanted.get(name)) != (name in _applied, _applied.get(name))


def _holds(name: str, value: object) -> bool:
    """What the environment says, or a version of other settings has left, does not."""
    found = catalogue.ALL.get(name)
    return found is not None and found.fits(value) and not catalogue.from_environment(name)


def _opened(name: str, value: Any) -> Any:
    is_secret = catalogue.ALL[name].kind == "secret"
    return sealing.opened(value, PURPOSE) if is_secret else value


def load_if_there() -> None:
    """For a command, which may be the one that makes the tables."""
    with suppress(DatabaseError):
        if Setting._meta.db_table in connection.introspection.table_names():
            load()
    connection.close()


def names_at(url: str) -> dict[str, str]:
    """Who changed which setting, in a database that is not this process's own; and load them.

    Raises psycopg.Error.
    """
    with psycopg.connect(url, connect_timeout=3) as own:
        rows = own.execute("SELECT name, value, changed_by FROM kept_settings_setting").fetchall()
    apply({name: value for name, value, _ in rows})
    return {name: by for name, _, by in rows if name in _applied}
