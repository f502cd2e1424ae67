"""Logs of the embedded servers do not grow for ever."""

import os
import sys

from localchat.embedded import children


def spoken(log, words):
    process = children.spawn(
        [sys.executable, "-c", f"print({words!r})"], env=os.environ, cwd=log.parent, log=log
    )
    process.wait(30)


def test_the_log_of_the_start_before_stays_beside_the_new_one(tmp_path):
    log = tmp_path / "server.log"
    spoken(log, "first")
    spoken(log, "second")
    assert log.read_text() == "second\n"
    assert (tmp_path / "server.log.1").read_text() == "first\n"


def test_one_that_is_too_long_is_emptied_under_the_hand_of_who_writes(tmp_path, monkeypatch):
    monkeypatch.setattr(children, "LONGEST_LOG", 10)
    log = tmp_path / "server.log"
    with children._open_log(log) as written:
        written.write(b"a long line\n")
        written.flush()
        children.trim(log)
        written.write(b"short\n")
    assert log.read_bytes() == b"short\n"
    assert (tmp_path / "server.log.1").read_bytes() == b"a long line\n"
    children.trim(log)
    assert log.read_bytes() == b"short\n"
