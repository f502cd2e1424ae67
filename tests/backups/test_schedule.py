"""Backups that are made by themselves."""

import threading
import time

import pytest

from localchat.backups import schedule, taking
from localchat.backups.taking import BackupRuns
from localchat.lib.advisory_lock import alone
from tests.live import database_url

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _daily(data_folder, settings):
    settings.BACKUP_FOLDER = data_folder / "backups"
    settings.BACKUP_HOURS, settings.BACKUPS_KEPT = 24, 2
    settings.DATABASE_URL = database_url()


def at(hours_ago, problem=""):
    schedule._note(problem)
    state = schedule._state()
    last = schedule.last()
    body = state.read_text().replace(str(last.at), str(time.time() - hours_ago * 3600))
    state.write_text(body)


def test_one_is_due_at_first_and_a_day_after_the_last():
    assert schedule.due()
    at(hours_ago=23)
    assert not schedule.due()
    at(hours_ago=25)
    assert schedule.due()


def test_one_that_failed_is_tried_again_after_an_hour():
    at(hours_ago=0.5, problem="The disk is full.")
    assert not schedule.due()
    at(hours_ago=1.5, problem="The disk is full.")
    assert schedule.due()


def test_none_is_due_where_nobody_wants_any(settings):
    settings.BACKUP_HOURS = 0
    assert not schedule.due()


def test_what_goes_wrong_is_kept_for_doctor(settings, tmp_path, caplog):
    (tmp_path / "file").write_text("")
    settings.BACKUP_FOLDER = tmp_path / "file" / "below"
    schedule.back_up()
    assert schedule.last().problem
    assert "the backup failed" in caplog.text


def test_the_oldest_of_a_kind_go(settings, data_folder):
    folder = settings.BACKUP_FOLDER
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"localchat-2026-01-0{day}T000000Z.backup").touch()
    (folder / "before-upgrade-2025-01-01T000000Z.backup").touch()
    schedule.keep(schedule.REGULAR)
    names = sorted(path.name for path in folder.iterdir())
    assert names[0] == "before-upgrade-2025-01-01T000000Z.backup"
    assert names[1] == "localchat-2026-01-03T000000Z.backup"
    assert len(names) == 3


@pytest.mark.django_db(transaction=True)
def test_two_are_not_made_at_once(data_folder):
    refused = []

    def other():
        try:
            taking.back_up(data_folder / "second")
        except BackupRuns:
            refused.append(True)

    with alone(taking.LOCK):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert refused
