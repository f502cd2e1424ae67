"""How far the lists of a Word file have come, and what is printed before their next item."""

import re
from collections.abc import Mapping
from typing import NamedTuple

from documents.readers.common.list_labels import bullet, written

OF_LEVEL = re.compile("%([1-9])")
TICKS = frozenset("\u2610\u2611\u2612\u2713\u2714\u2717\u2718")  # bullets that say something


class Level(NamedTuple):
    start: int
    form: str
    text: str
    restart: int  # the level from which on a higher one begins it anew; 0 is never
    is_legal: bool  # levels above are written in figures
    style: str  # whose paragraphs are on this level


class Scheme(NamedTuple):
    """What one numbering is: its levels, and the counters that it has with others of its kind."""

    key: str
    levels: Mapping[int, Level]
    anew: Mapping[int, int]  # levels that it starts again, and where


class Counters:
    """How far each kind of numbering has come, level by level."""

    def __init__(self, schemes: Mapping[str, Scheme]) -> None:
        self.counted: dict[str, dict[int, int]] = {each.key: {} for each in schemes.values()}
        self.begun: set[tuple[int, int]] = set()

    def level(self, scheme: Scheme, deep: int | None, style: str) -> int:
        if deep is not None:
            return deep
        named = (at for at, level in scheme.levels.items() if style and level.style == style)
        return next(named, 0)

    def next(self, scheme: Scheme, deep: int) -> str:
        """The label of the next item on that level."""
        level = scheme.levels.get(deep)
        if level is None:
            return ""
        counted = self.counted[scheme.key]
        again = deep in scheme.anew and (id(scheme), deep) not in self.begun
        self.begun.add((id(scheme), deep))
        if again:
            counted[deep] = scheme.anew[deep]
        else:
            counted[deep] = counted[deep] + 1 if deep in counted else level.start
        for above, other in scheme.levels.items():
            if above < deep:  # an item that is not there is counted all the same
                counted.setdefault(above, other.start)
        for below in [at for at in counted if at > deep]:
            if below not in scheme.levels or deep < scheme.levels[below].restart:
                del counted[below]
        return _numbered_label(level, scheme.levels, counted)


def _numbered_label(level: Level, levels: Mapping[int, Level], counted: Mapping[int, int]) -> str:
    if level.form == "bullet":
        return level.text if level.text in TICKS else bullet(level.text)

    def number(found: re.Match[str]) -> str:
        deep = int(found[1]) - 1
        if deep not in levels:
            return ""
        form = levels[deep].form
        form = "" if form == "bullet" else "1" if level.is_legal else form
        return written(counted.get(deep, levels[deep].start), form)

    return OF_LEVEL.sub(number, level.text).strip()
