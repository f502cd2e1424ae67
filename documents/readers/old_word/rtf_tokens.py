"""RTF cut into words, letters and braces, and how to get past what is not told."""

import re
from collections.abc import Iterator

TOKEN = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)"
)
BRACE = re.compile(rb"\\bin(\d{1,10}) ?|\\[{}\\]|[{}]")
ESCAPED = re.compile(rb"\\'([0-9a-fA-F]{2})|\\u(-?\d{1,6})(?: |\\'..|\?)?|\\([\\{}])|[\r\n]")
BLANKS = 8  # looked past at a group's beginning

Token = re.Match[bytes]


class Tokens:
    """In order; whoever reads them may jump."""

    def __init__(self, data: bytes) -> None:
        self.data, self.jumped = data, False
        self.token: Token | None = None
        self.place = 0  # from which on they are looked for

    def __iter__(self) -> Iterator[Token]:
        while self.place < len(self.data):
            self.jumped = False
            for token in TOKEN.finditer(self.data, self.place):
                self.token = token
                yield token
                if self.jumped:
                    break
            else:
                return

    def group(self) -> bytes:
        """The rest of the group, which is gone past; its brace comes next."""
        start = self.here()
        self.go(end_of_group(self.data, start))
        return self.data[start : self.place]

    def begins_group(self) -> bool:
        """Whether the token comes next to its group's brace."""
        start = self.token.start() if self.token else 0
        return self.data[max(start - BLANKS, 0) : start].rstrip().endswith(b"{")

    def here(self) -> int:
        return self.place if self.jumped or self.token is None else self.token.end()

    def go(self, place: int) -> None:
        self.place, self.jumped = min(place, len(self.data)), True


def end_of_group(data: bytes, place: int) -> int:
    """Where the brace stands that closes it, or the end where none does."""
    deep = 1
    while found := BRACE.search(data, place):
        place = found.end() + int(found[1] or 0)
        deep += {b"{": 1, b"}": -1}.get(found[0], 0)
        if not deep:
            return found.start()
    return len(data)


def value(data: bytes, encoding: str) -> str:
    """What a property says, which has letters alone."""
    pieces: list[str] = []
    place = 0
    for found in ESCAPED.finditer(data):
        pieces.append(data[place : found.start()].decode(encoding, "replace"))
        if found[1]:
            pieces.append(bytes([int(found[1], 16)]).decode(encoding, "replace"))
        elif found[2]:
            pieces.append(letter(int(found[2])))
        else:
            pieces.append((found[3] or b"").decode())
        place = found.end()
    return "".join([*pieces, data[place:].decode(encoding, "replace")]).strip()


def letter(number: int) -> str:
    """Of 16 bits with a sign, or more: halves of a pair are joined by `whole`."""
    number += 0x10000 if number < 0 else 0
    return chr(number) if 0 < number < 0x110000 else ""


def whole(text: str) -> str:
    """With the halves of pairs joined."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
