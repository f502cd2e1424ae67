"""The version stands in one place, and is shown where somebody looks for it."""

import contextlib
from pathlib import Path

from django.core.management import call_command

from localchat import VERSION


def test_the_version_is_at_the_foot_of_the_page_and_in_the_status(alice_client, no_engine):
    assert f"LocalChat {VERSION}" in alice_client.get("/").content.decode()
    assert alice_client.get("/api/status").json()["version"] == VERSION
    assert alice_client.get("/api/openapi.json").json()["info"]["version"] == VERSION


def test_doctor_says_it_first(db, capsys, no_engine):
    with contextlib.suppress(SystemExit):
        call_command("doctor")
    assert capsys.readouterr().out.startswith(f"LocalChat {VERSION}\n")


def test_what_is_new_in_it_is_written_down():
    changelog = Path(__file__).parents[2] / "docs/changelog.md"
    assert f"\n## {VERSION}" in changelog.read_text()
