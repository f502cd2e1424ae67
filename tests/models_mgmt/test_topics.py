"""Asking for a pull, following it, ending it, and picking up what a dead worker left."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.contrib.auth.models import Permission
from django.db.models.functions import Now

from localchat.lib import celery_queues, following
from localchat.lib.errors import BadRequest, Conflict, NotAllowed, NotFound
from localchat.lib.hub import hub
from models_mgmt import requesting, tasks, topics
from models_mgmt.models import Pull
from tests.factories import make_pull
from tests.live import ROOT, database_url
from tests.models_mgmt.pulls import ends, told, until

pytestmark = pytest.mark.django_db(transaction=True)


@async_to_sync
async def followed(user, pull, after="0"):
    try:
        return [event async for event in following.follow(user, pull.topic, after) if event]
    finally:
        await hub().close()


def test_a_request_is_a_row_and_a_task_on_the_belt_of_pulls(alice):
    pull = requesting.request_pull(alice, " llama3.2:1b ")
    assert (pull.owner, pull.name, pull.status) == (alice, "llama3.2:1b", "queued")
    assert celery_queues.length("pulls") == 1


def test_asking_twice_joins_the_running_pull(alice):
    first = requesting.request_pull(alice, "llama3.2")
    assert requesting.request_pull(alice, "llama3.2:latest") == first
    assert celery_queues.length("pulls") == 1


def test_somebody_elses_pull_is_a_conflict_that_does_not_say_whose(alice, bob):
    requesting.request_pull(alice, "llama3.2:1b")
    with pytest.raises(Conflict) as refused:
        requesting.request_pull(bob, "llama3.2:1b")
    assert "alice" not in refused.value.message


def test_what_has_ended_may_be_asked_for_again(alice, bob):
    make_pull(alice, status="failed")
    make_pull(alice, status="ready")
    assert requesting.request_pull(bob, "llama3.2:1b").owner == bob


@pytest.mark.parametrize(
    "name",
    [
        *("llama3.2", "llama3.2:1b", "mistral:7b-instruct-q4_K_M", "user/model", "user/model:tag"),
        *("hf.co/bartowski/Llama-3.2-1B-Instruct-GGUF:Q4_K_M", "registry.ollama.ai/library/x:1b"),
        *("localhost:5000/library/x", "localhost:5000/x:1b", "http://localhost:5000/library/x:1b"),
    ],
)
def test_names_of_models(alice, settings, name):
    settings.MODEL_REGISTRY = "http://localhost:5000"
    asked = requesting.request_pull(alice, name).name
    assert asked == requesting.full_name(name)
    assert asked in {name, f"{name}:latest"}
    assert ":" in asked.rpartition("/")[2]


@pytest.mark.parametrize(
    "name",
    [
        *(
            "",
            " ",
            "a b",
            "../x",
            "x/../y",
            "-x",
            "x:",
            ":x",
            "a:b:c",
            "a\nb",
            "x\0",
            "ä",
            "a" * 201,
        ),
        *("ftp://evil/x", "http://u@evil/x", "http://x", "x?y", "x;rm", "//x", "x/"),
    ],
)
def test_names_of_nothing(alice, name):
    with pytest.raises(BadRequest):
        requesting.request_pull(alice, name)
    assert not Pull.objects.exists()


@pytest.mark.parametrize("name", ["gpt-oss:120b-cloud", "x:CLOUD", "kimi-k2-cloud", "u/x:1b-cloud"])
def test_a_model_that_would_leave_the_machine_is_refused(alice, name):
    with pytest.raises(BadRequest, match="leave this machine"):
        requesting.request_pull(alice, name)


def test_where_many_people_log_in_only_staff_with_the_right_may_pull(alice, bob, settings):
    settings.OWNER_MODE = False
    for each in (alice, bob):
        each.is_staff = True
    alice.user_permissions.add(Permission.objects.get(codename="add_pull"))
    with pytest.raises(NotAllowed):
        requesting.request_pull(bob, "llama3.2:1b")
    assert requesting.request_pull(alice, "llama3.2:1b")


def test_a_stranger_sees_nothing_and_stops_nothing(alice, bob):
    pull = make_pull(alice)
    with pytest.raises(NotFound):
        followed(bob, pull)
    with pytest.raises(NotFound):
        following.stop(bob, pull.topic)
    pull.refresh_from_db()
    assert pull.status == "queued"


def test_a_finished_pull_is_followed_from_its_log_and_without_it_from_its_row(
    alice, ollama, flush_redis
):
    pull = make_pull(alice)
    tasks.pull(pull.pk)
    assert followed(alice, pull) == told(pull)
    last = told(pull)[-2]["id"]
    assert [event["type"] for event in followed(alice, pull, last)] == ["done"]
    lost = make_pull(alice, "other:1b", status="ready", attempt=2)
    (end,) = followed(alice, lost)
    assert (end["type"], end["status"]) == ("done", "success")


@pytest.mark.parametrize("status", ["failed", "stopped"])
def test_a_row_that_did_not_succeed_tells_why(alice, status):
    pull = make_pull(alice, status=status, error="some_code", problem="A sentence.")
    (end,) = followed(alice, pull)
    assert (end["type"], end["error"], end["message"]) == ("failed", "some_code", "A sentence.")


def test_a_live_row_shows_how_far_it_is(alice):
    pull = make_pull(alice, status="pulling", stage="pulling abc", completed=5, total=9)
    (now,) = topics.PullTopics().snapshot(alice, pull.pk).events
    assert now == {"type": "progress", "stage": "pulling abc", "done": 5, "total": 9}


def test_the_sweeper_enqueues_what_the_belt_has_lost(alice):
    make_pull(alice)
    assert celery_queues.length("pulls") == 0
    topics.sweep()
    assert celery_queues.length("pulls") == 1
    topics.sweep()
    assert celery_queues.length("pulls") == 1


def test_the_sweeper_leaves_alone_what_lives_and_what_has_ended(alice):
    make_pull(alice, "a:1b", status="pulling")
    make_pull(alice, "b:1b", status="ready")
    make_pull(alice, "c:1b", status="failed")
    topics.sweep()
    assert celery_queues.length("pulls") == 0


def test_a_killed_workers_pull_is_claimed_again_and_ends_once(alice, ollama):
    ollama.pulling(seconds=3.0)
    pull = make_pull(alice)
    worker = worker_process(pull, ollama)
    try:
        until(lambda: any(event.get("done") for event in told(pull)), 40)
    finally:
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    pull.refresh_from_db()
    assert (pull.status, pull.attempt) == ("pulling", 1)
    Pull.objects.filter(pk=pull.pk).update(heartbeat=Now() - timedelta(seconds=11))
    topics.sweep()
    assert celery_queues.length("pulls") == 1
    ollama.pulling()
    tasks.pull(pull.pk)
    tasks.pull(pull.pk)
    pull.refresh_from_db()
    assert (pull.status, pull.attempt) == ("ready", 2)
    second = [event for event in told(pull) if event["id"].startswith("2-")]
    assert second[0]["type"] == "restart"
    assert len(ends(pull)) == 1
    done = [event["done"] for event in told(pull) if event["type"] == "progress"]
    assert done == sorted(done)


def test_the_pull_of_a_dead_worker_is_stopped_at_once(alice):
    pull = make_pull(alice, status="pulling", attempt=3)
    Pull.objects.filter(pk=pull.pk).update(heartbeat=Now() - timedelta(seconds=11))
    following.stop(alice, pull.topic)
    pull.refresh_from_db()
    assert (pull.status, pull.error) == ("stopped", "stopped")
    assert len(ends(pull)) == 1


def worker_process(pull, ollama):
    code = f"import django; django.setup(); from models_mgmt import tasks; tasks.pull({pull.pk})"
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "REDIS_URL": django_settings.REDIS_URL,
        "OLLAMA_HOST": ollama.url,
    }
    return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env)
