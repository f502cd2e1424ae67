"""Reading the database as it is at one moment, while others write."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment(exported: str = "") -> Iterator[None]:
    """Every statement inside sees what the first one sees. Nothing can be written.

    Inside of a transaction it is that one's own way of looking that holds. With the name of an
    exported moment it is that of the other connection, which still has to be in it.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            if exported:
                cursor.execute("SET TRANSACTION SNAPSHOT %s", [exported])
        yield


def exported_moment() -> str:
    """The name by which another connection may look at this transaction's moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        return str(cursor.fetchone()[0])
