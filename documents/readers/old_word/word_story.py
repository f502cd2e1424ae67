"""A stream of letters of older Word files: its paragraphs, and its tables row by row."""

from collections.abc import Sequence

from documents.readers.common.blocks import Block
from documents.readers.common.table_rows import CELLS, TooManyCells
from documents.readers.old_word import word_tables
from documents.readers.old_word.word_tables import Boxed
from documents.readers.word.runs import Run, line_of


class Story:
    """What is added comes out in `blocks`, notes and boxes behind the paragraph they hang on."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.runs: list[Run] = []
        self.asides: list[str] = []
        self.cell: list[str] = []  # paragraphs of the cell that is open
        self.row: list[str] = []
        self.rows: list[word_tables.Row] = []
        self.ended = 0  # paragraphs
        self.cells = 0

    def add(self, text: str, *, raised: bool = False, hidden: bool = False) -> None:
        if text:
            self.runs.append(Run(text, raised, hidden))

    def end_paragraph(self, level: int = 0, *, in_table: bool = False) -> None:
        text = self._text()
        self.ended += 1
        if in_table or self.row:
            self.cell.append(text)
            return
        self.end_table()
        self.blocks.append((text, 0 if text.startswith("[hidden:") else level))
        self._end_asides()

    def end_cell(self) -> None:
        self.ended += 1
        self.cell.append(self._text())
        self.row.append(" ".join(filter(None, (each.strip() for each in self.cell))))
        self.cell = []

    def end_row(self, shape: Sequence[Boxed] = (), left: int | None = None) -> None:
        """`shape`: its cells without their text, as far as they are told; `left`: its edge."""
        if self.cell or self.runs:
            self.end_cell()
        shape = [*shape[: len(self.row)], *[Boxed("")] * (len(self.row) - len(shape))]
        boxes = [box._replace(text=text) for box, text in zip(shape, self.row, strict=True)]
        self.cells += len(boxes)
        if self.cells > CELLS:
            raise TooManyCells
        if boxes:
            self.rows.append(word_tables.Row(boxes, left))
        self.row = []

    def end_table(self) -> None:
        if not self.rows:
            return
        lines = word_tables.lines(self.rows)
        self.blocks += [("", 0), *((line, 0) for line in lines), ("", 0)]
        self.rows = []
        self._end_asides()

    def end(self) -> list[Block]:
        if self.row:
            self.end_row()
        elif self.runs or self.cell:
            self.end_paragraph()
        self.blocks += [(text, 0) for text in self.cell if text.strip()]
        self.end_table()
        self._end_asides()
        return self.blocks

    def text(self) -> str:
        """All of it, as what is told behind a paragraph."""
        return "\n".join(text.strip() for text, _ in self.end() if text.strip())

    def _text(self) -> str:
        text, self.runs = line_of(self.runs), []
        return text

    def _end_asides(self) -> None:
        self.blocks += [(text, 0) for text in self.asides if text.strip()]
        self.asides = []
