"""How a sheet's cells say what a person sees without words: that they are hidden, where they lead."""

from documents.readers.common.hidden import hidden, hidden_name


def name_hidden(texts: list[str], columns: set[int]) -> None:
    """Mark the first text of each hidden column (from 1), which is said over each part; and take
    the column out of the set.
    """
    for column in [column for column in columns if column <= len(texts)]:
        if texts[column - 1]:
            texts[column - 1] = hidden_name(texts[column - 1])
            columns.remove(column)


def hidden_row(texts: list[str]) -> list[str]:
    first = next((place for place, text in enumerate(texts) if text), None)
    if first is None:
        return texts
    return [*texts[:first], hidden(texts[first]), *texts[first + 1 :]]


def linked(text: str, address: str | None) -> str:
    return f"{text} ({address})".strip() if address and address not in text else text
