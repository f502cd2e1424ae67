"""Which sources an answer cites."""

from chat import blocks


def numbers(text: str) -> list[int]:
    """The numbers that the text cites, each once, in their order. Code and links cite nothing."""
    return list(dict.fromkeys(blocks.cited(text)))


def valid(text: str, count: int) -> list[int]:
    """Those of `numbers` that stand for one of `count` sources."""
    return [number for number in numbers(text) if 1 <= number <= count]
