"""RTF from word to word: what a person sees of it, paragraph by paragraph."""

import re
from collections.abc import Callable

from documents.readers.common.blocks import Block
from documents.readers.common.list_labels import BULLET
from documents.readers.common.symbol_fonts import decoded, is_symbol_font
from documents.readers.old_word import rtf_fields, rtf_fonts, rtf_formulas, rtf_properties
from documents.readers.old_word.rtf_marks import (
    LETTERS,
    SETTINGS,
    SIGNS,
    SKIPPED,
    STARRED,
    Field,
    Setting,
    apply,
)
from documents.readers.old_word.rtf_tokens import Token, Tokens, end_of_group, letter, whole
from documents.readers.old_word.word_story import Story
from documents.readers.old_word.word_tables import Boxed
from documents.readers.word.page_edges import framed, told_once

CODE_PAGES = {"ansi": "cp1252", "mac": "mac_roman", "pc": "cp437", "pca": "cp850"}
EDGES = {f"{edge}{pages}": edge for edge in ("header", "footer") for pages in ("", "l", "r", "f")}
BEHIND = {"footnote": "Note: ", "annotation": "Comment: ", "shptxt": "", "dptxbxtext": ""}
UNCELLED = Boxed("")
PRIVATE = re.compile("[\uf020-\uf0ff]+")  # of a font of symbols that is not named


class Reading:
    def __init__(self, data: bytes) -> None:
        self.tokens = Tokens(data)
        self.body = Story()
        self.now = Setting(self.body)
        self.outer: list[Setting] = []
        self.encoding = "cp1252"
        self.fonts: dict[int, rtf_fonts.Font] = {}
        self.symbolic: set[rtf_fonts.Font] = set()
        self.levels: dict[int, int] = {}  # of headings, by their styles
        self.first_font = 0
        self.edges: dict[str, list[str]] = {"header": [], "footer": []}
        self.shape: list[Boxed] = []
        self.box = UNCELLED
        self.in_row = False
        self.left: int | None = None  # where the row begins
        self.bytes = bytearray()  # letters that are not decoded yet
        self.halves = ""  # of letters that take two words
        self.left_out = 0  # letters that stand for one which was told by its number
        self.starred = False

    def blocks(self) -> list[Block]:
        for token in self.tokens:
            match token.lastindex:
                case 1 | 2:
                    self._word(token[1].decode(), token)
                case 3:
                    self._letters(bytes.fromhex(token[3].decode()))
                case 4:
                    self._sign(token[4].decode("latin-1"))
                case 5:
                    self._brace(token[5] == b"{")
                    if not self.outer:
                        break
                case _:
                    self._letters(token[6])
        self._flush()
        while self.outer:
            self._close()
        above, below = (told_once(self.edges[edge]) for edge in ("header", "footer"))
        return framed(above, self.body.end(), below)

    def _letters(self, letters: bytes) -> None:
        if self.left_out:
            gone = min(self.left_out, len(letters))
            self.left_out -= gone
            letters = letters[gone:]
        if self.halves and letters:
            self._flush()
        self.bytes += letters
        self.starred = False

    def _brace(self, opens: bool) -> None:
        self._flush()
        self.left_out, self.starred = 0, False
        if opens:
            self.outer.append(self.now)
            self.now = self.now.inner()
        elif self.outer:
            self._close()

    def _close(self) -> None:
        closed, self.now = self.now, self.outer.pop()
        if closed.closes:
            closed.closes(closed)

    def _sign(self, sign: str) -> None:
        if sign == "*":
            self.starred = self.tokens.begins_group()
        elif self.left_out:
            self.left_out -= 1
        elif sign in "\r\n":
            self._flush()
            self.now.story.end_paragraph(self.now.level, in_table=self._in_table())
        elif sign in SIGNS:
            self._flush()
            self._add(SIGNS[sign])

    def _word(self, word: str, token: Token) -> None:
        number = int(token[2]) if token[2] else None
        if word == "u" and number is not None:
            self._letter(number)
        elif word in KNOWN or self.starred:
            self._flush()
            self.left_out = 0
            starred, self.starred = self.starred, False
            if not apply(self.now, word, number):
                self._act(word, number or 0, starred)
        else:
            self.left_out = 0

    def _letter(self, number: int) -> None:
        if self.bytes:
            self._flush()
        self.halves += letter(number)
        self.left_out = self.now.uc

    def _act(self, word: str, number: int, starred: bool) -> None:
        if word in LETTERS:
            self._add(LETTERS[word])
        elif word == "pict":
            self._shape_property(word, number)
        elif word in SKIPPED or (starred and word not in STARRED):
            self.tokens.group()
        elif act := ACTS.get(word):
            act(self, word, number)

    # What words do. All have the same shape.

    def _font(self, _: str, number: int) -> None:
        self.now.font = self.fonts.get(number, rtf_fonts.PLAIN)

    def _first_font(self, _: str, number: int) -> None:
        self.first_font = number

    def _plain(self, _: str, __: int) -> None:
        self.now.plain(self.fonts.get(self.first_font, rtf_fonts.PLAIN))

    def _paragraph_setting(self, word: str, number: int) -> None:
        match word:
            case "pard":
                self.now.in_table, self.now.level, self.in_row = False, 0, False
            case "s":
                self.now.level = self.levels.get(number, 0)
            case "outlinelevel":
                self.now.level = number + 1 if number < 9 else 0
            case "uc":
                self.now.uc = max(number, 0)

    def _code_page(self, word: str, number: int) -> None:
        known = CODE_PAGES.get(word) or rtf_fonts.code_page(str(number))
        self.encoding = known or self.encoding

    def _tables_of_the_file(self, word: str, _: int) -> None:
        group = self.tokens.group()
        if word == "fonttbl":
            self.fonts |= rtf_fonts.fonts(group)
            self.symbolic = {font for font in self.fonts.values() if is_symbol_font(font.name)}
            self.now.font = self.outer[-1].font = self.fonts.get(self.first_font, rtf_fonts.PLAIN)
        else:
            self.levels |= rtf_properties.levels(group)

    def _end(self, word: str, _: int) -> None:
        story = self.now.story
        match word:
            case "par" | "sect" | "nestcell" | "nestrow":
                nested = word.startswith("nest")
                if word == "par" and self.now.deleted:
                    return  # the next one goes on its line
                story.end_paragraph(self.now.level, in_table=nested or self._in_table())
            case "page" | "column" if story.runs:
                story.end_paragraph(self.now.level, in_table=self._in_table())
            case "cell":
                story.end_cell()
            case "row":
                story.end_row(self.shape, self.left)
                self.in_row = False

    def _cell(self, word: str, number: int) -> None:
        match word:
            case "trowd":
                self.shape, self.box, self.in_row, self.left = [], UNCELLED, True, None
            case "trleft":
                self.left = number
            case "clmrg":
                self.box = self.box._replace(beside=True)
            case "clvmgf":
                self.box = self.box._replace(begins=True)
            case "clvmrg":
                self.box = self.box._replace(goes_on=True)
            case "cellx":
                self.shape.append(self.box._replace(edge=number))
                self.box = UNCELLED

    def _elsewhere(self, word: str, _: int) -> None:
        """What stands at the pages' edges, or behind the paragraph."""
        parent = self.now.story
        self.now.story = Story()
        self.now.into = self.now.field = None
        self.now.in_table = False
        self.now.plain(self.now.font)

        def close(closed: Setting) -> None:
            text = closed.story.text()
            if word in EDGES:
                self.edges[EDGES[word]].append(text)
            elif text:
                parent.asides.append(BEHIND[word] + text)

        self.now.closes = close

    def _field(self, word: str, _: int) -> None:
        match word:
            case "field":
                self.now.field = Field(self.now.story)
                self.now.closes = (
                    rtf_fields.end_field if self.now.story is self.body else rtf_fields.end_on_edge
                )
            case "fldinst" if self.now.field:
                self.now.into = self.now.field
            case "formfield":
                group = self.tokens.group()
                if self.now.field:
                    self.now.field.data = group

    def _formula(self, _: str, __: int) -> None:
        self._add(rtf_formulas.linear(self.tokens.group()))

    def _shape_property(self, _: str, __: int) -> None:
        if text := rtf_properties.described(self.tokens.group()):
            self.now.story.asides.append(text)

    def _unicode_instead(self, _: str, __: int) -> None:
        """The same again for readers that know no other letters comes first."""
        tokens = self.tokens
        opened = tokens.data.find(b"{", tokens.here())
        if opened >= 0:
            tokens.go(end_of_group(tokens.data, opened + 1) + 1)

    def _binary(self, _: str, number: int) -> None:
        self.tokens.go(self.tokens.here() + max(number, 0))

    def _in_table(self) -> bool:
        return self.now.in_table or (self.in_row and self.now.story is self.body)

    def _flush(self) -> None:
        if self.halves:
            text, self.halves = whole(self.halves), ""
            self._add(text)
        if self.bytes:
            letters, self.bytes = bytes(self.bytes), bytearray()
            encoding = self.now.font.encoding or self.encoding
            self._add(letters.decode(encoding, "replace"))

    def _add(self, text: str) -> None:
        now = self.now
        if now.into:
            now.into.instruction.append(text)
        elif text and not (now.struck or now.deleted):
            if now.font in self.symbolic:
                text = decoded(now.font.name, text)
            elif now.label:
                text = PRIVATE.sub(BULLET, text)
            now.story.add(text, raised=now.raised, hidden=now.hidden)


Act = Callable[[Reading, str, int], None]
ACTS: dict[str, Act] = {
    "f": Reading._font,
    "deff": Reading._first_font,
    "plain": Reading._plain,
    "upr": Reading._unicode_instead,
    "bin": Reading._binary,
    "moMath": Reading._formula,
    "sp": Reading._shape_property,
    **dict.fromkeys(("pard", "s", "outlinelevel", "uc"), Reading._paragraph_setting),
    **dict.fromkeys((*CODE_PAGES, "ansicpg"), Reading._code_page),
    **dict.fromkeys(("fonttbl", "stylesheet"), Reading._tables_of_the_file),
    **dict.fromkeys(
        ("par", "sect", "page", "column", "cell", "row", "nestcell", "nestrow"), Reading._end
    ),
    **dict.fromkeys(("trowd", "trleft", "clmrg", "clvmgf", "clvmrg", "cellx"), Reading._cell),
    **dict.fromkeys((*EDGES, *BEHIND), Reading._elsewhere),
    **dict.fromkeys(("field", "fldinst", "formfield"), Reading._field),
}
KNOWN = frozenset({"u", *SETTINGS, *LETTERS, *SKIPPED, *ACTS})
