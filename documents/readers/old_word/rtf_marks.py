"""How letters and paragraphs of RTF are set, and the words that say so."""

from collections.abc import Callable, Mapping
from typing import Any

from documents.readers.old_word.rtf_fonts import PLAIN, Font
from documents.readers.old_word.word_story import Story


class Field:
    """`start`: how much of the paragraph stood before its result."""

    def __init__(self, story: Story) -> None:
        self.start, self.ended = len(story.runs), story.ended
        self.instruction: list[str] = []
        self.data = b""  # of an entry in a form


class Setting:
    """What holds until the group ends."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.font: Font = PLAIN
        self.raised = self.hidden = self.struck = self.deleted = self.in_table = False
        self.label = False  # of an item in a list
        self.uc, self.level = 1, 0
        self.field: Field | None = None
        self.into: Field | None = None  # whose instruction is being told
        self.closes: Callable[[Setting], None] | None = None

    def inner(self) -> "Setting":
        made = Setting.__new__(Setting)
        made.__dict__.update(self.__dict__)
        made.closes = None
        return made

    def plain(self, font: Font) -> None:
        self.font = font
        self.raised = self.hidden = self.struck = self.deleted = False


def apply(setting: Setting, word: str, number: int | None) -> bool:
    """Whether the word only says how letters are set."""
    said = SETTINGS.get(word)
    if said is None:
        return False
    name, value = said
    setattr(setting, name, value if value is not None else number != 0)
    return True


# To the name of what is set, and its value; None where a number says whether it holds.
SETTINGS: Mapping[str, tuple[str, Any]] = {
    "super": ("raised", None),
    "nosupersub": ("raised", False),
    "sub": ("raised", False),
    "up": ("raised", None),
    "dn": ("raised", False),
    "v": ("hidden", None),
    "strike": ("struck", None),
    "striked": ("struck", None),
    "deleted": ("deleted", None),
    "intbl": ("in_table", True),
    "listtext": ("label", True),
    "pntext": ("label", True),
}
LETTERS = dict(
    (
        *(("tab", "\t"), ("line", "\n"), ("lbr", "\n"), ("emdash", "\u2014"), ("endash", "\u2013")),
        *(("emspace", " "), ("enspace", " "), ("qmspace", " "), ("bullet", "\u2022")),
        *(("lquote", "\u2018"), ("rquote", "\u2019"), ("ldblquote", "\u201c")),
        ("rdblquote", "\u201d"),
    )
)
SIGNS = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\"}  # no-break blank and hyphen
SKIPPED = frozenset(
    (
        *("colortbl", "info", "pict", "mmathPict", "nonesttables", "shprslt", "ftnsep"),
        *("ftnsepc", "ftncn", "aftnsep", "aftnsepc", "aftncn", "xe", "tc", "txe", "rxe"),
        *("filetbl", "pntxta", "pntxtb", "fldtype", "private", "sn", "sv", "listtable"),
        *("revtbl", "generator", "nonshppict", "objdata", "objclass", "objname", "objtime"),
        *("objalias", "objsect", "template", "author", "title", "userprops", "xmlnstbl"),
        *("themedata", "datastore", "latentstyles", "fontemb", "panose", "falt", "background"),
    )
)
# Behind an asterisk, which has older readers leave out what they do not know.
STARRED = frozenset(
    (
        *("shpinst", "fldinst", "formfield", "annotation", "footnote", "ud", "moMath"),
        *("moMathPara", "mmath", "shppict", "shptxt", "do", "dptxbxtext", "picprop", "shpgrp"),
    )
)
