"""Connections to the database: few, and none that is dead."""

import asyncio
import threading
import time

import pytest
from django.db import connection, connections

from documents.finding import vector_search
from localchat.lib import db_threads

SESSIONS = "SELECT sessions FROM pg_stat_database WHERE datname = current_database()"


def sessions():
    """How many there ever were, as far as those that have ended have told."""
    with connection.cursor() as cursor:
        cursor.execute(SESSIONS)
        return cursor.fetchone()[0]


def test_requests_one_after_the_other_share_their_connections(live):
    live.http.get("/api/documents").raise_for_status()
    time.sleep(1)
    before = sessions()
    for _ in range(10):
        live.http.get("/api/documents").raise_for_status()
    time.sleep(1)
    assert sessions() - before < 5


@pytest.mark.django_db(transaction=True)
def test_a_thread_whose_connection_was_cut_goes_on_with_another():
    """In a thread, since a test's own connection has to stay."""
    seen = []

    def work():
        connection.ensure_connection()
        cut = connection.connection.info.backend_pid
        seen.append(cut)
        cut_off.set()
        gone.wait(10)
        db_threads.refresh()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            seen.append(cursor.fetchone()[0])
        connections.close_all()

    cut_off, gone = threading.Event(), threading.Event()
    thread = threading.Thread(target=work)
    thread.start()
    cut_off.wait(10)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [seen[0]])
    gone.set()
    thread.join()
    assert len(set(seen)) == 2


@pytest.mark.django_db(transaction=True)
def test_threads_that_requests_wait_for_need_none_of_the_pools_connections():
    """Requests hold theirs while they wait: with as many as the pool has all would stand still."""
    assert connection.pool is not None

    def pool():
        return connection.pool

    assert vector_search._looking.submit(pool).result() is None
    assert asyncio.run(db_threads.threaded(pool)()) is None
