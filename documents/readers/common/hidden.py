"""Text that the file's author hid: read, and marked in each of its parts, however it is cut."""

import re

CHARACTERS = 180  # of one mark; less than what is embedded at once, were each a token
BEGINNING = "[hidden: "
MARK = re.compile(r"\[hidden: ([^\]\n]{1,300}+)\]")
SENTENCE = re.compile(r"(?<=\w{4}[.!?])\s+(?=[^\W\d_a-z])")  # not behind "No." and "e.g."


def hidden(text: str) -> str:
    """Each sentence or line as "[hidden: ...]"; blank lines and the breaks between them stay."""
    return "\n".join(_line(line) for line in text.split("\n"))


def visible(text: str) -> str:
    """All but what is marked, with a blank in its place."""
    return MARK.sub(" ", text)


def only(text: str) -> str:
    """The marks alone."""
    return " ".join(found[0] for found in MARK.finditer(text))


def unmarked(text: str) -> str:
    """With what is hidden as if it were not."""
    return MARK.sub(r"\1", text)


def hidden_name(name: str) -> str:
    """Of a sheet, slide, column or layer."""
    return f"{name.strip()} (hidden)".strip()


def _line(line: str) -> str:
    if " | " in line:
        return " | ".join(_marked(cell) for cell in line.split(" | ")).rstrip()
    return _marked(line)


def _marked(line: str) -> str:
    # A bracket of its own would end the mark.
    line = line.replace("[", "(").replace("]", ")")
    parts = [part for sentence in SENTENCE.split(line.strip()) for part in _parts(sentence)]
    marked = " ".join(f"{BEGINNING}{part}]" for part in parts)
    return f"{_blank(line[:1])}{marked}{_blank(line[-1:])}" if parts else line


def _parts(sentence: str) -> list[str]:
    parts = [""]
    for word in sentence.split():
        for start in range(0, len(word), CHARACTERS):
            piece = word[start : start + CHARACTERS]
            if len(parts[-1]) + len(piece) < CHARACTERS:
                parts[-1] = f"{parts[-1]} {piece}".strip()
            else:
                parts.append(piece)
    return [part for part in parts if part]


def _blank(character: str) -> str:
    return " " if character.isspace() else ""
