"""The documents as a folder that can be evaluated; two of them are printed for it."""

import shutil
from pathlib import Path

from tests import files_pdf
from tests.files_pdf import Sheet, Text

HERE = Path(__file__).parent
LEFT, TOP, LEADING = 60, 80, 18
COLUMNS = (LEFT, 300, 400)  # of a table, in points
PAGE = "===\n"


def write(folder: Path) -> Path:
    """Write documents and answers; returns the folder."""
    documents = folder / "documents"
    shutil.copytree(HERE / "documents", documents, dirs_exist_ok=True)
    for path in sorted((HERE / "printed").glob("*.txt")):
        sheets = [_sheet(page) for page in path.read_text(encoding="utf-8").split(PAGE)]
        (documents / f"{path.stem}.pdf").write_bytes(files_pdf.book(*sheets))
    shutil.copy(HERE / "answers.jsonl", folder)
    return folder


def _sheet(page: str) -> Sheet:
    """Lines from above; a # begins a title, and | stands between the cells of a row."""
    texts: list[Text] = []
    for number, line in enumerate(page.splitlines()):
        title = line.startswith("# ")
        cells = line.removeprefix("# ").split(" | ") if line.strip() else []
        for column, cell in zip(COLUMNS, cells, strict=False):
            if cell.strip():
                y = TOP + LEADING * number
                texts.append(Text(column, y, cell.strip(), size=14 if title else 10, bold=title))
    return Sheet(texts)
