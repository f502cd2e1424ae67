"""The real installer in a checkout that wants no package, so that it needs no network."""

import shutil
import subprocess
import sys

import pytest

from tests.embedded.conftest import CHECKOUT


@pytest.fixture
def checkout(tmp_path):
    checkout = tmp_path / "a checkout"
    (checkout / "localchat/embedded").mkdir(parents=True)
    (checkout / "tests").mkdir()
    shutil.copy(CHECKOUT / "localchat/embedded/install.py", checkout / "localchat/embedded")
    (checkout / "requirements.lock").write_text("")
    (checkout / "tests/requirements.lock").write_text("")
    (checkout / "documents/readers").mkdir(parents=True)
    (checkout / "documents/readers/ocr.lock").write_text("")
    (checkout / "localchat/web/mcp").mkdir(parents=True)
    (checkout / "localchat/web/mcp/requirements.lock").write_text("")
    return checkout


def install(checkout, what="program"):
    command = [sys.executable, "localchat/embedded/install.py", what]
    return subprocess.run(command, cwd=checkout, capture_output=True, text=True, check=True).stdout


def test_an_environment_is_made_once_and_again_when_it_is_not_whole(checkout):
    assert "Installing the packages of requirements.lock" in install(checkout)
    assert install(checkout) == ""
    assert "making it again" not in install(checkout, "tests")
    assert install(checkout) == ""
    assert install(checkout, "ocr") == ""
    (checkout / "requirements.lock").write_text("# changed")
    assert "making it again" not in install(checkout)
    assert "Installing" in install(checkout, "tests")
    assert install(checkout, "ocr") == ""
    moved = checkout.rename(checkout.with_name("elsewhere"))
    (moved / ".venv/installed.json").write_text('{"half')
    assert "making it again" in install(moved)
    assert (moved / ".venv/bin/python").exists()
