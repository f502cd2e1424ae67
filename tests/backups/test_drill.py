"""The drill: a backup under load, killed and made again, restored, and asked the same."""

import json

import pytest

from chat.models import Message
from localchat.kept_settings import changing
from tests.backups.conftest import (
    ANSWER,
    NOTICE,
    QUESTION,
    busy,
    killed_when,
    lacking,
    rows,
    said,
)
from tests.live import Live

STAY = {"notice.txt", *(f"letter-{number}.txt" for number in range(5))}


def sources(live):
    """What an answer leans on, of the documents that stay."""
    documents = [d["id"] for d in live.http.get("/api/documents").json() if d["name"] in STAY]
    told = live.http.post("/api/chat", json={"message": QUESTION, "documents": documents}).text
    frames = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]
    done = next(frame for frame in frames if "done" in frame)
    return [(s["filename"], s["text"], s["document"]) for s in done["sources"]]


@pytest.mark.timeout(180)
def test_what_was_backed_up_under_load_answers_as_before(
    library, owner, manage, empty_database, tmp_path, engine_server
):
    changing.change(owner, {"SHARING_ROLE": "writer"})
    file, data = tmp_path / "kept" / "one.backup", tmp_path / "data"
    partial = file.with_name(".one.backup.partial")
    answer = Message.objects.get(role="assistant").pk
    before = sources(library)
    with busy(library):
        killed_when(manage("backup", str(file)), lambda: partial.exists())
        assert not file.exists()
        text = said(manage("backup", str(file)))
    assert "files as they came" in text
    assert file.stat().st_mode & 0o777 == 0o600
    assert not partial.exists()

    place = {"LOCALCHAT_DATA": str(data), "DATABASE_URL": empty_database}
    killed_when(
        manage("restore", str(file), **place), lambda: list(data.glob("originals/*/*")) or None
    )
    half = manage("up", **place)
    assert half.wait(20) == 1
    assert "A restore into" in half.stdout.read()
    said(manage("restore", str(file), **place))
    assert lacking(empty_database, data) == []
    assert rows(empty_database)["chat_message"] == 4
    assert rows(empty_database)["kept_settings_setting"] == 1

    restored = Live({**library.env, **place, "OLLAMA_HOST": engine_server.url}, tmp_path)
    try:
        restored.start_web()
        found = {d["name"]: d for d in restored.http.get("/api/documents").json()}
        assert found.keys() >= STAY
        assert sources(restored) == before
        document = found["notice.txt"]["id"]
        assert restored.http.get(f"/api/documents/{document}/original").content == NOTICE
        cited = restored.http.get(f"/m/{answer}/sources/1/", headers={"Accept": "text/html"})
        assert cited.status_code == 200, cited.text
        assert "three months" in cited.text
        assert restored.http.get(f"/api/messages/{answer}").json()["text"].startswith(ANSWER[:20])
    finally:
        restored.close()
