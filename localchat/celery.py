"""The belt that carries ids of documents and pulls to the workers."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "localchat.settings")
app = Celery("localchat")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
