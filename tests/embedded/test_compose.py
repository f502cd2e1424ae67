"""The program in parts: what docker-compose.yml passes on, and its commands, run by hand."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
import yaml

from localchat.accounts import api_keys
from localchat.lib import environment
from tests.live import ROOT, database_url, end, free_port

FILE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
PARTS = FILE["services"]
OURS = ("migrate", "web", "jobs", "pulls")
ELSEWHERE = {"LOCALCHAT_USER"}  # nobody is root in a container


def test_every_setting_of_the_example_is_passed_on():
    for name in OURS:
        assert set(environment.described()) - ELSEWHERE - PARTS[name]["environment"].keys() == set()


def test_what_is_passed_on_without_a_value_is_the_default():
    """An empty value is none."""
    plain = {k: v for k, v in PARTS["web"]["environment"].items() if v == f"${{{k}:-}}"}
    assert len(plain) > 20
    code = "import localchat.settings"
    env = {**os.environ, **dict.fromkeys(plain, "")}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, check=True)


def test_every_part_of_ours_keeps_data_and_backups_and_can_be_asked_how_it_is():
    for name in OURS:
        places = [volume.rpartition(":")[2] for volume in PARTS[name]["volumes"]]
        assert places == ["/data", "/backups"]
        assert "container_name" not in PARTS[name], "two of them could not be"
    assert all("healthcheck" in PARTS[name] for name in PARTS if name not in {"migrate", "ollama"})
    assert "ports" not in PARTS["jobs"]
    assert set(FILE["volumes"]) == {"data", "backups", "database", "models"}


class Parts:
    """Two web processes, two for documents and one for pulls, each by its service's command."""

    def __init__(self, env: dict[str, str], folder: Path) -> None:
        self.env, self.folder = {**os.environ, **env}, folder
        self.ports = [free_port(), free_port()]
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        for port in self.ports:
            self._spawn("web", ("-p 8000", f"-p {port}"), ("-b 0.0.0.0", "-b 127.0.0.1"))
        for number in range(2):
            self._spawn("jobs", ("worker", f"worker -n jobs{number}@%h"))
        self._spawn("pulls", ("worker", "worker -n pulls@%h"))

    def _spawn(self, service: str, *changes: tuple[str, str]) -> None:
        command = PARTS[service]["command"]
        for old, new in changes:
            assert old in command
            command = command.replace(old, new)
        with (self.folder / f"{service}.log").open("ab") as log:
            self.started.append(
                subprocess.Popen(
                    [sys.executable, *command.split()[1:]],
                    cwd=ROOT,
                    env=self.env,
                    stdout=log,
                    stderr=log,
                )
            )

    def client(self, number: int, token: str) -> httpx.Client:
        """Of one of the two web processes, which both go by the public name."""
        headers = {"Host": "localhost:8000", "Authorization": f"Bearer {token}"}
        base = f"http://127.0.0.1:{self.ports[number]}"
        return httpx.Client(base_url=base, headers=headers, trust_env=False, timeout=60)

    def wait(self) -> None:
        deadline = time.monotonic() + 90
        for port in self.ports:
            while not _ready(port):
                assert time.monotonic() < deadline, (self.folder / "web.log").read_text()
                time.sleep(0.2)

    def close(self) -> None:
        for process in self.started:
            end(process)


def _ready(port: int) -> bool:
    """As the health check of the service asks."""
    check = PARTS["web"]["healthcheck"]["test"][-1]
    url = re.search(r"http://[^']+", check)[0].replace("8000", str(port))
    try:
        return httpx.get(url, trust_env=False, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def parts(transactional_db, flush_redis, engine_server, tmp_path):
    found = Parts(
        {
            "DATABASE_URL": database_url(),
            "OLLAMA_HOST": engine_server.url,
            "HOST": "0.0.0.0",
            "PORT": "8000",
            "TITLES": "0",
            "LOCALCHAT_PUBLIC_URL": "http://localhost:8000",
        },
        tmp_path,
    )
    found.start()
    yield found
    found.close()


def test_what_one_process_begins_the_other_tells(parts, alice, engine_server):
    engine_server.script(answer="Three months [1].")
    token = api_keys.make(alice, "parts", ["read", "ask", "ingest"]).token
    parts.wait()
    with parts.client(0, token) as first, parts.client(1, token) as second:
        for number in range(6):
            data = f"Paper {number}: the notice period is three months.".encode()
            files = {"files": (f"paper-{number}.txt", data)}
            web = (first, second)[number % 2]
            assert '"success": true' in web.post("/api/documents/upload", files=files).text
        told = first.post("/api/chat", json={"message": "What is the notice period?"})
        assert '"content": "Three ' in told.text
        again = second.get(f"/api/streams/{told.headers['X-Topic']}").text
        assert "Three" in again
        assert {d["status"] for d in second.get("/api/documents").json()} == {"ready"}
