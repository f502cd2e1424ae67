"""Figures about the program, from its rows, so that they are the same in every process."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import redis
from django.conf import settings
from django.contrib.auth.models import User
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe
from ninja import Router

from chat.models import Message
from documents.models import Document
from localchat.accounts.models import ApiKey
from localchat.lib.api import person
from localchat.lib.errors import NotAllowed
from localchat.web import system
from models_mgmt import choosing
from models_mgmt.engines.rhythm import readers
from models_mgmt.models import Pull

router = Router(tags=["System"])
SAMPLE = 1000  # answers, of which the durations are told
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}
_began = time.monotonic()


class Figure(NamedTuple):
    name: str
    kind: str  # of Prometheus: counter or gauge
    meaning: str
    label: str  # of its values, as status="ready"; empty where there is one
    values: dict[str, float]


def figures() -> Iterator[Figure]:
    """Counts of the whole server, without names or texts of anybody."""
    answers = Message.objects.answers()
    rows = {"documents": Document.objects.all(), "answers": answers, "pulls": Pull.objects.all()}
    for name, found in rows.items():
        counts = dict(found.order_by().values_list("status").annotate(Count("pk")))
        yield Figure(f"localchat_{name}", "gauge", f"{name.title()} by status", "status", counts)
    yield Figure("localchat_people", "gauge", "Accounts", "", {"": User.objects.count()})
    keys = ApiKey.objects.valid().count()
    yield Figure("localchat_api_keys", "gauge", "API keys that are valid", "", {"": keys})
    pause = {"": readers.seconds}
    meaning = "Between two reads of one answer from its engine, in this web process"
    yield Figure("localchat_answer_read_pause_seconds", "gauge", meaning, "", pause)
    up = time.monotonic() - _began
    yield Figure("localchat_uptime_seconds", "gauge", "Of this web process", "", {"": up})


def _seconds() -> dict[str, float]:
    """How long the last answers took."""
    done = Message.objects.answers().filter(status=Message.Status.DONE).order_by("-pk")
    used = done.values_list("usage__seconds", flat=True)[:SAMPLE]
    found = sorted(float(each) for each in used if isinstance(each, int | float))
    if not found:
        return {}
    shares = {name: found[int(share * (len(found) - 1))] for name, share in SHARES.items()}
    ends = {"min": found[0], "max": found[-1], "avg": sum(found) / len(found)}
    return {"count": len(found), "sum": sum(found), **ends, **shares}


def _check_keeper(request: HttpRequest) -> None:
    if not person(request).is_staff:
        raise NotAllowed


@router.get("/metrics")
def metrics(request: HttpRequest) -> dict[str, Any]:
    """Figures of the whole server, for those who keep it."""
    _check_keeper(request)
    found = {"counter": dict[str, float](), "gauge": dict[str, float]()}
    for each in figures():
        for label, value in each.values.items():
            found[each.kind][_key(each, label)] = value
    seconds = _seconds()
    return {
        "counters": found["counter"],
        "gauges": found["gauge"],
        "histograms": {"localchat_answer_seconds": seconds} if seconds else {},
        "uptime_seconds": time.monotonic() - _began,
    }


def _key(figure: Figure, label: str) -> str:
    return f'{figure.name}{{{figure.label}="{label}"}}' if figure.label else figure.name


@csrf_exempt
@require_safe
def as_prometheus(request: HttpRequest) -> HttpResponse:
    """The same in Prometheus' text."""
    _check_keeper(request)
    lines = []
    for each in figures():
        lines += [f"# HELP {each.name} {each.meaning}", f"# TYPE {each.name} {each.kind}"]
        lines += [f"{_key(each, label)} {value}" for label, value in each.values.items()]
    return HttpResponse("\n".join([*lines, ""]), "text/plain; version=0.0.4; charset=utf-8")


@router.get("/health")
def health(request: HttpRequest) -> HttpResponse:
    """healthy; degraded without an engine that answers; unhealthy (503) without a store."""
    person(request)
    silent, store = choosing.installed().problems, _store()
    database = system.database_answers()
    checks = {
        "database": {"status": _word(database), "healthy": database},
        "ollama": {
            "status": _word(not silent),
            "healthy": not silent,
            **({"message": str(silent[0])} if silent else {}),
        },
        "cache": {"status": _word(store is not None), "healthy": store is not None, "stats": store},
    }
    works = database and store is not None
    word = ("degraded" if silent else "healthy") if works else "unhealthy"
    body = {"status": word, "checks": checks, "timestamp": datetime.now(UTC).isoformat()}
    return JsonResponse(body, status=200 if works else 503)


def _word(up: bool) -> str:
    return "up" if up else "down"


def _store() -> dict[str, int | str] | None:
    """What Redis counts of itself since it was started; None where it does not answer."""
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as client:
            told, size = client.info("stats"), client.dbsize()
    except redis.RedisError:
        return None
    hits, misses = int(told["keyspace_hits"]), int(told["keyspace_misses"])
    rate = 100 * hits / max(1, hits + misses)
    counts = {"hits": hits, "misses": misses, "evictions": int(told["evicted_keys"])}
    return {**counts, "size": size, "hit_rate": f"{rate:.2f}%"}
