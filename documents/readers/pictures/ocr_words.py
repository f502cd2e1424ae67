"""Words on a picture: where in their line, and where when the picture is turned back."""

from collections.abc import Iterator, Sequence

from documents.readers.page import Place


def words_of(line: Place, middles: Sequence[float]) -> Iterator[Place]:
    """The words of an upright line.

    `middles` are those of its letters, without blanks, in shares of its width; letters count as
    equally wide where there are not as many.
    """
    letters = [place for place, letter in enumerate(line.text) if not letter.isspace()]
    if len(middles) != len(letters):
        middles = [(place + 0.5) / len(line.text) for place in letters]
    width, place, before = line.right - line.left, 0, 0.0
    for text in line.text.split():
        place += len(text)
        last = place == len(middles)
        after = 1.0 if last else (middles[place - 1] + middles[place]) / 2
        yield line._replace(
            left=line.left + before * width, right=line.left + after * width, text=text
        )
        before = after


def turned_back(place: Place, degrees: int) -> Place:
    """On the picture before it was turned to the left by so many degrees, a multiple of 90."""
    left, top, right, bottom, text = place
    for _ in range(degrees // 90 % 4):
        left, top, right, bottom = 1 - bottom, left, 1 - top, right
    return within(Place(left, top, right, bottom, text), 0, 1)


def within(place: Place, top: float, bottom: float) -> Place:
    """On the picture of which this one is a part, from its share `top` to its share `bottom`."""
    height = bottom - top
    shown = place._replace(top=top + place.top * height, bottom=top + place.bottom * height)
    left, top, right, bottom = (round(min(max(edge, 0.0), 1.0), 5) for edge in shown[:4])
    return Place(left, top, right, bottom, place.text)
