"""A short list of models that are worth having, and which of them fit this machine."""

import tomllib
from collections.abc import Container
from functools import cache
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext

from models_mgmt import fitting
from models_mgmt.fitting import Fit, Machine, Word

AT_MOST = 6  # are shown
FILE = Path(__file__).with_suffix(".toml")


class Worth(NamedTuple):
    """An entry of the list."""

    name: str
    memory: int  # GB of the machine that it is for
    size: int  # bytes
    parameters: str
    good_for: str
    cache_bytes: int  # for each token
    only_ollama: bool


class Choice(NamedTuple):
    worth: Worth
    fit: Fit

    @property
    def size(self) -> str:
        return fitting.amount(self.worth.size)

    @property
    def good_for(self) -> str:
        """In a few words."""
        return {
            "quick": gettext("quick answers on a small machine"),
            "languages": gettext("many languages; can think"),
            "general": gettext("general questions"),
            "pictures": gettext("many languages; sees pictures"),
            "thorough": gettext("thorough answers; many languages"),
            "thinking": gettext("questions to think about"),
        }[self.worth.good_for]


@cache
def entries() -> tuple[Worth, ...]:
    with FILE.open("rb") as file:
        return tuple(map(_entry, tomllib.load(file)["model"]))


def _entry(row: dict[str, str | int | float]) -> Worth:
    kept = int(row["layers"]) * int(row["kv_heads"]) * int(row["head"]) * 2 * 2  # two keep 16 bits
    return Worth(
        str(row["name"]),
        int(row["memory"]),
        round(float(row["size"]) * 1e9),
        str(row["parameters"]),
        str(row["good_for"]),
        kept,
        bool(row.get("only_ollama")),
    )


def choices(installed: Container[str], on: Machine, *, with_ollama: bool) -> list[Choice]:
    """Those that have room and are not installed, the one that fits best first."""
    found = [
        Choice(each, fitting.fit(each.size, each.cache_bytes, None, on))
        for each in entries()
        if each.name not in installed and (with_ollama or not each.only_ollama)
    ]
    having_room = [each for each in found if each.fit.word != Word.TOO_LARGE]
    return sorted(having_room, key=_rank)[:AT_MOST]


def _rank(choice: Choice) -> tuple[bool, bool, int]:
    """What has room now, and is made for a machine of this size; of these the largest."""
    meant_for = choice.worth.memory <= round(choice.fit.machine.memory / 1e9)
    return choice.fit.word != Word.FITS, not meant_for, -choice.worth.memory
