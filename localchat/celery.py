"""The belt that carries ids of documents and pulls to the workers."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_prerun, worker_init, worker_ready

from localchat import log_lines
from localchat.lib import garbage

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localchat.settings")
app = Celery("localchat")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Celery closes a worker's connection to the database before and after each task, and each time
# the pool would look whether it is still good.
app.conf.CELERY_DB_REUSE_MAX = 10_000


def refresh_connection(task: Any, **_: object) -> None:
    from localchat.lib import db_threads

    if not task.request.is_eager:
        db_threads.refresh()


def spare_the_collector(**_: object) -> None:
    garbage.spare()
    log_lines.guard_threads()


def watch_settings(**_: object) -> None:
    from localchat.kept_settings import watching

    watching.begin()


task_prerun.connect(refresh_connection)
worker_init.connect(watch_settings)
worker_ready.connect(spare_the_collector)
