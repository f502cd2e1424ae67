"""manage.py pull and manage.py models, and the pulls in the admin."""

import signal
import time
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from localchat.celery import app
from models_mgmt import choosing
from models_mgmt.management.commands.pull import Bar
from models_mgmt.models import Pull
from tests.factories import make_pull
from tests.live import commands
from tests.models_mgmt.pulls import ends, until

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def standalone(settings):
    """No server: the command does the work itself."""
    settings.STANDALONE = True
    app.conf.task_always_eager = True
    yield
    app.conf.task_always_eager = False


@pytest.fixture
def command(ollama):
    with commands(OLLAMA_HOST=ollama.url) as start:
        yield start


def run(*arguments):
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_pull_shows_each_stage_and_ends_well_only_when_installed(standalone, ollama):
    lines = run("pull", "llama3.2:1b")[0].splitlines()
    assert lines[0] == "pulling manifest"
    assert "verifying sha256 digest" in lines
    assert lines[-1] == "llama3.2:1b is installed."
    assert Pull.objects.get().status == "ready"


def test_pull_ends_badly_with_the_reason(standalone, ollama):
    with pytest.raises(CommandError, match="no model called"):
        run("pull", "nowhere:1b")


def test_pull_without_an_engine_names_the_address(standalone, engine_down):
    with pytest.raises(CommandError, match=r"http://127\.0\.0\.1:9"):
        run("pull", "llama3.2:1b")


@pytest.mark.parametrize("name", ["a b", "x:cloud"])
def test_pull_refuses_what_the_page_refuses(standalone, ollama, name):
    with pytest.raises(CommandError):
        run("pull", name)
    assert not Pull.objects.exists()


def test_ctrl_c_leaves_the_pull_to_the_server(command):
    process = command("pull", "llama3.2:1b")
    until(lambda: Pull.objects.filter(status="queued").exists(), 40)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 130
    assert "pulled on by the server" in process.stdout.read()
    assert Pull.objects.get().status == "queued"


def test_ctrl_c_without_a_server_stops_the_pull(command, ollama):
    ollama.pulling(stall_at=0.3)
    process = command("pull", "llama3.2:1b", LOCALCHAT_STANDALONE="1")
    until(lambda: ollama.partial, 40)
    process.send_signal(signal.SIGINT)
    assert process.wait(15) == 130
    assert "was stopped" in process.stdout.read()
    assert ollama.closed
    pull = Pull.objects.get()
    assert pull.status == "stopped"
    assert len(ends(pull)) == 1


def test_the_bar_tells_share_rate_and_time_left(monkeypatch):
    clock = iter([0.0, 2.0])
    monkeypatch.setattr("time.monotonic", lambda: next(clock))
    bar = Bar()
    bar.take({"stage": "pulling abc", "done": 0, "total": 100 * 2**20})
    line, news = bar.take({"stage": "pulling abc", "done": 50 * 2**20, "total": 100 * 2**20})
    line = line.replace("\xa0", " ")
    assert line == "████████████░░░░░░░░░░░░ 50 % of 100.0 MB · 25.0 MB/s · 0:02 left · pulling abc"
    assert not news


def test_models_is_a_table(ollama):
    out, err = run("models")
    head, *rows = out.splitlines()
    assert head.split() == ["MODEL", "ENGINE", "SIZE", "WINDOW", "FOR"]
    (embed,) = [row for row in rows if row.startswith("tiny-embed:latest")]
    assert embed.split()[1:] == ["ollama", "43.8", "MB", "512", "embedding"]
    assert err == ""


def test_models_without_an_engine_says_where_it_looked(engine_down, settings, tmp_path):
    settings.WEIGHTS = tmp_path
    out, err = run("models")
    assert out == ""
    assert "http://127.0.0.1:9" in err


@pytest.fixture
def act(owner_client):
    def chosen(action, *pulls):
        road = reverse("admin:models_mgmt_pull_changelist")
        body = {"action": action, "_selected_action": [pull.pk for pull in pulls]}
        return owner_client.post(road, body, follow=True)

    return chosen


def test_the_admin_lists_pulls_and_changes_none(owner, owner_client):
    pull = make_pull(owner, status="failed", error="engine_failed", problem="The disk is full.")
    page = owner_client.get(reverse("admin:models_mgmt_pull_changelist")).content.decode()
    assert "llama3.2:1b" in page
    assert "The disk is full." in page
    assert owner_client.get(reverse("admin:models_mgmt_pull_add")).status_code == 403
    change = owner_client.get(reverse("admin:models_mgmt_pull_change", args=[pull.pk]))
    assert 'name="name"' not in change.content.decode()


def test_the_admin_stops_and_pulls_again(owner, act):
    pull = make_pull(owner)
    act("stop_selected", pull)
    pull.refresh_from_db()
    assert pull.status == "stopped"
    act("pull_again", pull)
    assert Pull.objects.unfinished().get().name == pull.name


def test_the_admin_does_not_delete_a_live_pull(owner, act):
    live, dead = make_pull(owner), make_pull(owner, "b:1b", status="failed")
    act("delete_selected", live, dead)
    choosing.forget()
    assert Pull.objects.filter(pk=live.pk).exists()
