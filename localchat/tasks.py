"""The belt of the roof: what is no app's own."""

from celery import shared_task

from localchat.accounts.directory import syncing
from localchat.backups import schedule


@shared_task(ignore_result=True)
def back_up() -> None:
    schedule.back_up()


@shared_task(ignore_result=True)
def back_up_now() -> None:
    schedule.back_up(asked=True)


@shared_task(ignore_result=True)
def sync_directory() -> None:
    syncing.sync()
