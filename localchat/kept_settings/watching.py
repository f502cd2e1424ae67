"""Each process hears when a setting is changed, and looks now and then in case it did not."""

import logging
import time
from threading import Event, Thread

import psycopg
from django.db import Error as DatabaseError
from django.db import connection

from localchat.kept_settings import applying
from localchat.lib import db_threads

logger = logging.getLogger(__name__)

CHANNEL = "kept_settings"  # of PostgreSQL's NOTIFY, which is told with the commit
LOOK_SECONDS = 10.0
AGAIN_SECONDS = 5.0
FIRST_SECONDS = 3.0  # for which a start waits for its settings


def begin() -> None:
    """Load what is kept, and have it loaded again whenever it changes, in a thread of its own."""
    known = Event()
    Thread(target=_watch_for_ever, args=(known,), name="settings", daemon=True).start()
    known.wait(FIRST_SECONDS)


def _watch_for_ever(known: Event) -> None:
    db_threads.keep_own_connection()
    while True:
        try:
            _watch(known)
        except (DatabaseError, psycopg.Error) as error:
            logger.warning("settings not looked at: %s", type(error).__name__)
        except Exception:
            logger.exception("the watch over settings failed")
        known.set()  # what is known at the start will have to do
        connection.close()
        time.sleep(AGAIN_SECONDS)


def _watch(known: Event) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"LISTEN {CHANNEL}")
    while True:
        applying.load()
        known.set()
        for _ in connection.connection.notifies(timeout=LOOK_SECONDS, stop_after=1):
            pass
