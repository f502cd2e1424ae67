"""Settings are chosen in the admin: by whom, what is tried, what is told, and where they hold."""

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings as in_force
from django.contrib.auth.models import User
from django.test import Client

from localchat.accounts.audit.models import Act, Entry
from localchat.accounts.invitations.keepers import make_keeper
from localchat.kept_settings import applying, catalogue, changing, sealing
from localchat.kept_settings.models import Setting
from tests.live import database_url

HOME = Path(__file__).parents[2]
PAGE = "/admin/settings/"
KEY = "sk-Margarethe7331"
LIMITS = {
    "QUESTIONS_PER_HOUR": "7",
    "UPLOADS_PER_HOUR": "",
    "STORAGE_BYTES_PER_USER": "5",
    "SOCKETS_PER_USER": "0",
    "MAX_UPLOAD_MB": "512",
}
NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(autouse=True)
def nothing_chosen(monkeypatch, settings):
    """By the environment neither; what a test has chosen holds no longer than the test."""
    for name in catalogue.ALL:
        monkeypatch.delenv(name, raising=False)
    settings.OLLAMA_HOST = NOWHERE
    applying.apply({})
    yield
    applying.apply({})


@pytest.fixture
def keeper(db):
    found = User.objects.create_user("keeper", password="keeper-has-a-password")
    make_keeper(found)
    return found


@pytest.fixture
def choose(admin_client, django_capture_on_commit_callbacks):
    """Send a section's form as the superuser; what it holds from then on holds here."""

    def send(section, client=admin_client, **values):
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(PAGE, {"section": section, **values})

    return send


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def text(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def rows():
    return dict(Setting.objects.values_list("name", "value"))


def test_a_limit_that_is_chosen_holds_and_what_is_as_delivered_has_no_row(choose, admin_client):
    assert choose("limits", **LIMITS).status_code == 302
    assert rows() == {"QUESTIONS_PER_HOUR": 7, "STORAGE_BYTES_PER_USER": 5_000_000}
    assert (in_force.QUESTIONS_PER_HOUR, in_force.STORAGE_BYTES_PER_USER) == (7, 5_000_000)
    said = text(admin_client.get(PAGE))
    assert "It is kept, and holds everywhere within a few seconds." in said
    assert "Chosen by admin" in said
    choose("limits", **LIMITS | {"QUESTIONS_PER_HOUR": ""})
    assert rows() == {"STORAGE_BYTES_PER_USER": 5_000_000}
    assert in_force.QUESTIONS_PER_HOUR == 0


@pytest.mark.parametrize(
    ("section", "wrong"),
    [
        ("limits", LIMITS | {"QUESTIONS_PER_HOUR": "-1"}),
        ("limits", LIMITS | {"MAX_UPLOAD_MB": "0"}),
        ("retention", {"AUDIT_DAYS": "0", "BACKUP_HOURS": "0", "BACKUPS_KEPT": "7"}),
        ("sharing", {"SHARING_ROLE": "owner"}),
        ("engines", {"OLLAMA_HOST": "ftp://127.0.0.1"}),
        ("engines", {"OLLAMA_HOST": NOWHERE, "OPENAI_BASE_URL": "file:///etc"}),
        ("engines", {"OLLAMA_HOST": NOWHERE, "OPENAI_API_KEY": KEY}),
        ("engines", {"OLLAMA_HOST": NOWHERE, "OPENAI_API_KEY": "two words"}),
        ("reranking", {"RERANK_MODEL": "http://127.0.0.1/x", "RERANK_MS": "1000"}),
        ("reranking", {"RERANK_MODEL": "tiny-rerank", "RERANK_MS": "1000"}),
        ("answers", {"CHAT_MODEL": "http://127.0.0.1/x", "ANSWER_TOKENS": "4096"}),
        ("answers", {"CHAT_MODEL": "nobody-has-it", "ANSWER_TOKENS": "4096"}),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(choose, section, wrong, no_engine):
    answer = choose(section, **wrong)
    assert answer.status_code == 400
    assert 'class="choosing__error"' in answer.content.decode()
    assert rows() == {}


def test_engines_are_tried_before_they_are_kept(choose, admin_client, engine_server, settings):
    settings.OLLAMA_HOST = ""
    place = engine_server.url.removeprefix("http://")
    two = choose("engines", OLLAMA_HOST=f"{place}, {NOWHERE}")
    assert two.status_code == 400
    assert f"Nothing was kept. The model engine at {NOWHERE} does not answer." in text(two)
    assert rows() == {}
    one = {"OLLAMA_HOST": place, "OPENAI_BASE_URL": f"{place}/v1", "OPENAI_API_KEY": KEY}
    assert choose("engines", **one).status_code == 302
    assert rows()["OLLAMA_HOST"] == in_force.OLLAMA_HOST == engine_server.url
    assert (f"{engine_server.url}/v1", KEY) == (in_force.OPENAI_BASE_URL, in_force.OPENAI_API_KEY)
    assert re.search(
        rf"at {engine_server.url} answers, with \d+ models", text(admin_client.get(PAGE))
    )


def test_a_key_is_kept_sealed_and_shown_to_nobody(choose, admin_client, engine_server, settings):
    settings.OLLAMA_HOST, base = "", f"{engine_server.url}/v1"
    choose("engines", OLLAMA_HOST="", OPENAI_BASE_URL=base, OPENAI_API_KEY=KEY)
    told = [str(rows()), admin_client.get(PAGE).content.decode(), str(list(Entry.objects.values()))]
    told.append(admin_client.get("/admin/server/").content.decode())
    told.append(admin_client.get("/audit/").content.decode())
    assert [KEY in each for each in told] == [False] * 5
    assert "One is kept, which is not shown." in told[1]
    choose("engines", OLLAMA_HOST="", OPENAI_BASE_URL=base, ENGINE_SLOTS="2")
    assert (in_force.OPENAI_API_KEY, in_force.ENGINE_SLOTS) == (KEY, 2)
    forget = {"OPENAI_API_KEY-forget": "on"}
    choose("engines", OLLAMA_HOST="", OPENAI_BASE_URL=base, ENGINE_SLOTS="2", **forget)
    assert in_force.OPENAI_API_KEY == ""
    assert "OPENAI_API_KEY" not in rows()


def test_a_key_that_cannot_be_opened_any_more_is_said_to_be_lost(admin_client):
    Setting.objects.create(name="OPENAI_API_KEY", value=sealing.sealed(KEY, "another purpose"))
    applying.load()
    assert in_force.OPENAI_API_KEY == ""
    assert "cannot be read: give it once more" in text(admin_client.get(PAGE))


def test_a_kept_key_goes_to_no_other_server(choose, engine_server, settings):
    settings.OLLAMA_HOST, base = "", f"{engine_server.url}/v1"
    choose("engines", OLLAMA_HOST="", OPENAI_BASE_URL=base, OPENAI_API_KEY=KEY)
    sent = len(engine_server.requests)
    assert choose("engines", OLLAMA_HOST="", OPENAI_BASE_URL=engine_server.url).status_code == 302
    assert len(engine_server.requests) > sent
    assert (engine_server.url, "") == (in_force.OPENAI_BASE_URL, in_force.OPENAI_API_KEY)
    assert "OPENAI_API_KEY" not in rows()


def test_the_model_of_who_has_chosen_none_has_to_be_there(choose, alice, engine_server):
    from models_mgmt import choosing

    answers = {"ANSWER_TOKENS": "4096", "FIRST_WORD_SECONDS": "20", "TITLES": "on"}
    assert choose("answers", CHAT_MODEL="tiny-embed", **answers).status_code == 400
    assert choose("answers", CHAT_MODEL="tiny-think", **answers).status_code == 302
    assert choosing.answering(alice).model.name == "tiny-think:latest"


def test_a_reranking_model_is_tried_before_it_is_kept(choose, engine_server, no_engine):
    one, away = (
        {"RERANK_BASE_URL": url, "RERANK_MS": "900"} for url in (engine_server.url, NOWHERE)
    )
    assert choose("reranking", RERANK_MODEL="tiny-rerank", **away).status_code == 400
    assert choose("reranking", RERANK_MODEL="tiny-rerank", **one).status_code == 302
    assert (in_force.RERANK_MODEL, in_force.RERANK_MS) == ("tiny-rerank", 900)


def test_the_environment_goes_before_and_says_so(choose, admin_client, monkeypatch):
    choose("limits", **LIMITS)
    monkeypatch.setenv("QUESTIONS_PER_HOUR", "3")
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    page = admin_client.get(PAGE)
    assert "Set by the environment, as QUESTIONS_PER_HOUR." in text(page)
    assert 'name="QUESTIONS_PER_HOUR"' not in page.content.decode()
    assert 'name="OPENAI_BASE_URL"' not in page.content.decode(), "its key would go elsewhere"
    assert KEY not in page.content.decode()
    choose("limits", **LIMITS | {"QUESTIONS_PER_HOUR": "99"})
    assert rows()["QUESTIONS_PER_HOUR"] == 7
    applying.load()
    assert in_force.QUESTIONS_PER_HOUR == 0, "as this process found it at its start"


def test_a_change_is_in_the_audit_log_without_its_value(choose, settings, admin_client):
    settings.OWNER_MODE = False
    Entry.objects.all().delete()
    choose("limits", **LIMITS)
    found = Entry.objects.filter(act=Act.SETTING_CHANGED).values_list("user_name", "kind", "number")
    assert set(found) == {
        ("admin", "QUESTIONS_PER_HOUR", None),
        ("admin", "STORAGE_BYTES_PER_USER", None),
    }
    assert "changed a setting (QUESTIONS_PER_HOUR)" in text(admin_client.get("/audit/"))


OF_KEEPERS = {"answers", "limits", "sharing"}
MAY = {
    "member": (404, set()),
    "staff": (403, set()),
    "keeper": (200, OF_KEEPERS),
    "superuser": (200, {each.key for each in catalogue.SECTIONS}),
}


@pytest.mark.parametrize("role", MAY)
def test_each_role_sees_and_changes_what_is_theirs(role, choose, alice, bob, keeper, admin_user):
    bob.is_staff = True
    bob.save()
    person = {"member": alice, "staff": bob, "keeper": keeper, "superuser": admin_user}[role]
    client, (status, theirs) = client_of(person), MAY[role]
    page = client.get(PAGE)
    assert page.status_code == status
    assert set(re.findall(r'name="section" value="(\w+)"', page.content.decode())) == theirs
    for section in catalogue.SECTIONS:
        answer = choose(section.key, client)
        may = section.key in theirs
        assert (answer.status_code in {302, 400}) == may, section.key
        assert may or answer.status_code == max(status, 403)
    assert choose("nothing", client).status_code == (404 if theirs else max(status, 403))


def test_a_keeper_whose_right_is_taken_changes_nothing(choose, keeper):
    keeper.groups.get().permissions.filter(codename="change_setting").delete()
    assert choose("limits", client_of(User.objects.get(pk=keeper.pk)), **LIMITS).status_code == 403


def test_the_page_of_the_server_tells_what_is_set_where(choose, admin_client, monkeypatch):
    choose("limits", **LIMITS)
    monkeypatch.setenv("AUDIT_DAYS", "30")
    said = text(admin_client.get("/admin/server/"))
    assert "QUESTIONS_PER_HOUR chosen by admin" in said
    assert "AUDIT_DAYS set by the environment" in said
    assert "TITLES" not in said


def test_a_row_of_another_version_is_let_alone():
    before = in_force.ANSWER_TOKENS
    applying.apply({"GONE": 1, "ANSWER_TOKENS": "many", "TITLES": 3, "SHARING_ROLE": "owner"})
    assert (
        before,
        applying.DELIVERED["TITLES"],
        "reader",
    ) == (in_force.ANSWER_TOKENS, in_force.TITLES, in_force.SHARING_ROLE)


WORKER = """
import sys, time, django
django.setup()
from celery.signals import worker_init
from django.conf import settings
from localchat import celery
worker_init.send(sender=None)
print(settings.QUESTIONS_PER_HOUR, flush=True)
while settings.QUESTIONS_PER_HOUR != 5:
    time.sleep(0.02)
"""


@pytest.mark.django_db(transaction=True)
def test_what_is_chosen_holds_in_workers_and_web_processes_at_once(live, owner, monkeypatch):
    changing.change(owner, {"QUESTIONS_PER_HOUR": 4})
    monkeypatch.setenv("DATABASE_URL", database_url())
    worker = subprocess.Popen([sys.executable, "-c", WORKER], cwd=HOME, stdout=subprocess.PIPE)
    assert worker.stdout.readline() == b"4\n"
    changing.change(owner, {"QUESTIONS_PER_HOUR": 5, "MAX_UPLOAD_MB": 1})
    assert worker.wait(5) == 0
    worker.stdout.close()
    large, deadline = {"files": ("a.txt", b"x" * 3_000_000)}, time.monotonic() + 5
    while (status := live.http.post("/api/documents/upload", files=large).status_code) != 413:
        assert time.monotonic() < deadline, status
    changing.change(owner, {"MAX_UPLOAD_MB": 512})
