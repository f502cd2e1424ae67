"""The text of a Word 97 document from letter to letter: as a person sees it."""

import re
from collections.abc import Callable, Mapping, Sequence

from documents.readers.common.blocks import Block
from documents.readers.common.symbol_fonts import decoded
from documents.readers.old_word import doc_entries, doc_objects, doc_pictures, word_fields
from documents.readers.old_word.doc_file import File, Stretch
from documents.readers.old_word.doc_looks import Paragraph
from documents.readers.old_word.word_story import Story
from documents.readers.old_word.word_tables import Boxed
from documents.readers.word.runs import Run

SIGNS = re.compile("[\x01-\x08\x0b-\x15\x1e\x1f\xa0(]")
WRITTEN = {"\x0b": "\n", "\x1e": "-", "\xa0": " "}
CELL, END, PAGE, COLUMN = "\x07", "\r", "\x0c", "\x0e"
BEGINS, PARTS, ENDS = "\x13", "\x14", "\x15"
DATA = "\x01"


class Field:
    def __init__(self, story: Story) -> None:
        self.start, self.ended = len(story.runs), story.ended
        self.instruction: list[str] = []
        self.entry: word_fields.Entry | None = None
        self.is_shown = False
        self.object = -1  # its number


class Telling:
    """`asides`: what hangs on a letter, by its place in the text."""

    def __init__(self, file: File, asides: Mapping[int, str], *, on_edge: bool = False) -> None:
        self.file, self.asides, self.on_edge = file, asides, on_edge
        self.story = Story()
        self.unread: list[str] = []  # a noun for each thing that nobody could read
        self.fields: list[Field] = []
        self.counters = file.lists.counters()

    def of(self, first: int, after: int) -> list[Block]:
        for stretch in self.file.stretches(first, after):
            done = 0
            for sign in SIGNS.finditer(stretch.text):
                self._add(stretch.text[done : sign.start()], stretch)
                self._sign(sign[0], sign.start(), stretch)
                done = sign.end()
            self._add(stretch.text[done:], stretch)
        return self.story.end()

    def _add(self, text: str, stretch: Stretch) -> None:
        look = stretch.look
        field = self.fields[-1] if self.fields else None
        if not text or look.is_gone:
            return
        if field and not field.is_shown:
            field.instruction.append(text)
            return
        if field and any(not each.is_shown for each in self.fields):
            return  # the result of a field that is part of another's instruction
        if look.font in self.file.symbolic:
            plain = (
                text.encode("cp1252", "replace").decode("latin-1") if stretch.width == 1 else text
            )
            text = decoded(self.file.font(look.font), plain)
        self.story.add(text, raised=look.is_raised, hidden=look.is_hidden)

    def _sign(self, sign: str, at: int, stretch: Stretch) -> None:
        place = stretch.start + at
        if sign in WRITTEN:
            self._add(WRITTEN[sign], stretch)
        elif sign == "(":
            self._bracket(stretch)
        elif sign in {CELL, END, PAGE, COLUMN}:
            if sign != END or not stretch.look.is_deleted:  # else the next one goes on its line
                self._end(sign, stretch.place + at * stretch.width)
        elif place in self.asides:
            if not stretch.look.is_gone:
                self.story.asides.append(self.asides[place])
        elif act := ACTS.get(sign):
            act(self, stretch)

    def _bracket(self, stretch: Stretch) -> None:
        """Or what is drawn in its place."""
        if stretch.look.symbol is None:
            self._add("(", stretch)
            return
        font, code = stretch.look.symbol
        letter = chr(code) if code < 0xD800 or code > 0xDFFF else ""
        self._add(decoded(self.file.font(font), letter), stretch)

    def _end(self, sign: str, place: int) -> None:
        story = self.story
        if sign in {PAGE, COLUMN}:
            if story.runs:
                story.end_paragraph()
            return
        said = self.file.paragraph_at(place)
        if not said.ends_row and (label := self._label(said)):
            story.runs.insert(0, Run(f"{label} ", False, False))
        if said.ends_row:
            shape: Sequence[Boxed] = said.shape
            story.end_row(shape, said.left)
        elif sign == CELL and (self.file.says_rows or not self._row_is_told()):
            story.end_cell()
        elif sign == CELL:
            story.end_row()
        else:
            story.end_paragraph(said.level or 0, in_table=said.is_in_table)

    def _label(self, said: Paragraph) -> str:
        """The number of an item that has words."""
        if not any(run.text.strip() for run in self.story.runs):
            return ""
        return self.file.lists.label(self.counters, said.item, said.style)

    def _row_is_told(self) -> bool:
        """Where no paragraph says what it is: two ends of cells are the end of a row."""
        return bool(self.story.row and not self.story.cell and not self.story.runs)

    def _begins(self, _: Stretch) -> None:
        self.fields.append(Field(self.story))

    def _parts(self, stretch: Stretch) -> None:
        if self.fields:
            field = self.fields[-1]
            field.is_shown, field.object = True, stretch.look.place
            field.start, field.ended = len(self.story.runs), self.story.ended

    def _data(self, stretch: Stretch) -> None:
        look = stretch.look
        if look.place < 0 or look.is_gone:
            return
        if self.fields and not self.fields[-1].is_shown:
            found = doc_entries.entry(self.file.elsewhere, look.place)
            self.fields[-1].entry = found or self.fields[-1].entry
        elif said := doc_pictures.described(self.file.elsewhere, look.place):
            self.story.asides.append(said)

    def _ends(self, stretch: Stretch) -> None:
        if not self.fields:
            return
        field, story = self.fields.pop(), self.story
        instruction = "".join(field.instruction)
        if field.ended != story.ended or any(not each.is_shown for each in self.fields):
            return
        self._object(field, instruction)
        if self.on_edge and word_fields.counts_pages(instruction):
            del story.runs[field.start :]
            return
        result = story.runs[field.start :]
        before = "".join(run.text for run in result)
        seen = word_fields.seen(instruction, before, field.entry)
        if seen is None:
            return
        hidden = result[-1].hidden if result else stretch.look.is_hidden
        if before and seen.startswith(before):
            seen = seen[len(before) :]
        else:
            del story.runs[field.start :]
        story.add(seen, hidden=hidden)

    def _object(self, field: Field, instruction: str) -> None:
        box, number = self.file.box, field.object
        noun = doc_objects.noun(box, number, instruction)
        if not noun:
            return
        if formula := doc_objects.formula(box, number):
            self.story.add(formula)
        elif blocks := doc_objects.blocks_of(box, number):
            self.story.asides += [text for text, _ in blocks]
        else:
            self.unread.append(noun)


ACTS: dict[str, Callable[[Telling, Stretch], None]] = {
    BEGINS: Telling._begins,
    PARTS: Telling._parts,
    ENDS: Telling._ends,
    DATA: Telling._data,
}
