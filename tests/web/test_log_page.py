"""Logs are read in the admin: of every process, the last of them, by whom they may be read."""

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client

from localchat import log_files
from localchat.accounts.invitations.keepers import make_keeper

pytestmark = pytest.mark.django_db
PAGE, TEXT = "/admin/logs/", "/admin/logs/log.txt"

WEB = """\
2026-11-30 10:00:01,100 INFO localchat.web an early line
2026-11-30 10:00:05,200 ERROR localchat.web it failed
Traceback (most recent call last):
  File "x.py", line 1, in work
builtins.KeyError
"""
JOBS = """\
{"at": "2026-11-30T10:00:03.000+00:00", "level": "WARNING", "logger": "documents", "message": "slow"}
{"at": "2026-11-30T10:00:06.000+00:00", "level": "ERROR", "logger": "documents", "message": "no", "exception": "Traceback"}
{"half an object
"""
POSTGRESQL = """\
2026-11-30 10:00:02.000 UTC [7] LOG:  listening
2026-11-30 10:00:04.000 UTC [8] FATAL:  the database system is starting up
"""
REDIS = "7:M 30 Nov 2026 10:00:00.500 # WARNING Memory\nnobody knows this line\n"


@pytest.fixture
def logs(data_folder, settings):
    folder = data_folder / "logs"
    folder.mkdir()
    for name, text in (
        ("web-1", WEB),
        ("documents", JOBS),
        ("postgresql", POSTGRESQL),
        ("redis", REDIS),
    ):
        (folder / f"{name}.log").write_text(text)
    settings.LOG_FILE = str(folder / "web-1.log")
    return folder


def lines(response):
    assert response.headers["Content-Disposition"].startswith("attachment")
    return response.content.decode().splitlines()


def test_every_log_is_there_in_the_order_of_time_with_its_traces(admin_client, logs):
    assert lines(admin_client.get(TEXT)) == [
        "2026-11-30 10:00:00 redis WARNING WARNING Memory",
        "nobody knows this line",
        "2026-11-30 10:00:01 web-1 INFO localchat.web an early line",
        "2026-11-30 10:00:02 postgresql INFO listening",
        "2026-11-30 10:00:03 documents WARNING documents slow",
        "2026-11-30 10:00:04 postgresql ERROR the database system is starting up",
        "2026-11-30 10:00:05 web-1 ERROR localchat.web it failed",
        "Traceback (most recent call last):",
        '  File "x.py", line 1, in work',
        "builtins.KeyError",
        "2026-11-30 10:00:06 documents ERROR documents no",
        "Traceback",
        '{"half an object',
    ]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("level=WARNING", 5),
        ("level=ERROR&process=web-1", 1),
        ("word=KEYerror", 1),
        ("word=%00&process=../settings", 0),
        ("level=LOUD", 7),
    ],
)
def test_they_are_filtered_by_process_level_and_word(admin_client, logs, query, count):
    page = admin_client.get(f"{PAGE}?{query}").content.decode()
    assert page.count('class="logs__entry ') == count
    assert (
        len([each for each in lines(admin_client.get(f"{TEXT}?{query}")) if each[:4] == "2026"])
        == count
    )


def test_of_a_long_log_only_the_end_is_read(admin_client, logs, monkeypatch):
    monkeypatch.setattr(log_files, "BYTES", 1000)
    many = [f"2026-11-30 11:00:00,{n:03} INFO localchat line {n}\n" for n in range(500)]
    (logs / "web-1.log").write_text("".join(many))
    found = lines(admin_client.get(f"{TEXT}?process=web-1"))
    assert found[-1].endswith("line 499")
    assert 10 < len(found) < 25
    (logs / "web-1.log").write_text(many[-1])
    (logs / "web-1.log.1").write_text("".join(many[:-1]))
    assert lines(admin_client.get(f"{TEXT}?process=web-1")) == found[-len(found) :]


def test_the_page_shows_the_newest_last_and_no_markup_of_a_line(admin_client, logs):
    many = "".join(f"2026-11-30 11:00:00,{n:03} INFO x <b>{n}</b>\n" for n in range(400))
    (logs / "web-1.log").write_text(many)
    page = admin_client.get(PAGE).content.decode()
    assert "&lt;b&gt;399&lt;/b&gt;" in page
    assert "<b>399" not in page
    numbers = [int(each) for each in re.findall(r"&lt;b&gt;(\d+)", page)]
    assert numbers == list(range(100, 400))
    assert "older entries are in the text alone" in page


def test_where_there_is_no_file_it_says_what_to_type(admin_client, logs, settings):
    assert "docker compose logs" not in admin_client.get(PAGE).content.decode()
    settings.LOG_FILE = ""
    assert "docker compose logs" in admin_client.get(PAGE).content.decode()


@pytest.mark.parametrize(
    ("role", "status"), [("member", 404), ("staff", 403), ("keeper", 200), ("less", 403)]
)
def test_who_may_read_them(role, status, logs):
    person = User.objects.create_user("carol", is_staff=role == "staff")
    if role in {"keeper", "less"}:
        make_keeper(person)
    if role == "less":
        person.groups.get().permissions.filter(codename="view_logs").delete()
    client = Client()
    client.force_login(person)
    assert [client.get(road).status_code for road in (PAGE, TEXT)] == [status] * 2
    assert client.post(PAGE).status_code == (404 if role == "member" else 405)
    if status == 200:
        assert PAGE in client.get("/admin/server/").content.decode()
