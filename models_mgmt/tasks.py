"""The belt: an id in, nothing out, safe to run twice."""

from celery import shared_task

from models_mgmt import pulling
from models_mgmt.models import Pull


@shared_task(ignore_result=True, acks_late=True)  # type: ignore[untyped-decorator]
def pull(pull_id: int) -> None:
    if job := Pull.objects.claim(pull_id):
        pulling.pull(job)
