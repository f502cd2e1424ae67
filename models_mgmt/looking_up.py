"""A model of the library before it is pulled: its size, and whether it has room here."""

import shutil
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth.models import User
from django.utils.translation import gettext

from models_mgmt import choosing, fitting, requesting
from models_mgmt.fitting import Fit
from models_mgmt.llamacpp import registry


class Looked(NamedTuple):
    name: str
    size: int  # bytes to be pulled
    disk: int  # bytes that are free for it; 0: not known, it is Ollama's
    fit: Fit | None  # by its weights alone; None where it would run on another machine

    @property
    def sentence(self) -> str:
        """“4.9 GB; this machine has 16.5 GB, 9.1 GB of it free: fits”, and what the disk lacks."""
        said = self.fit.sentence if self.fit else fitting.amount(self.size)
        if self.disk and self.disk < self.size:
            said += gettext("; the disk has only {free} free").format(
                free=fitting.amount(self.disk)
            )
        return f"{self.name}: {said}"


def look(user: User, name: str) -> Looked:
    """Ask the registry that is set, and no other, for a manifest.

    Raises NotAllowed, BadRequest, ModelMissing, EngineError.
    """
    requesting.check_may_manage(user)
    name = requesting.full_name(name)
    line = registry.Line()
    try:
        found = line.manifest(registry.reference(name), name)
    finally:
        line.hang_up()
    by_ollama = bool(settings.OLLAMA_HOST) and "ollama" not in choosing.installed().silent
    if by_ollama and not fitting.pulls_come_here():
        return Looked(name, found.size, 0, None)
    fit = fitting.fit(found.size, 0, None, fitting.machine())
    return Looked(name, found.size, 0 if by_ollama else _free(), fit)


def _free() -> int:
    """On the disk of the folder of models, or of what is above it so far."""
    home = Path(settings.MODELS)
    there = next(each for each in (home, *home.parents) if each.exists())
    return shutil.disk_usage(there).free
