"""Colours as style sheets write them, and which text cannot be told from what is behind it."""

import colorsys
import re
from collections.abc import Mapping
from functools import lru_cache

Color = tuple[int, int, int, float]  # the last is how little can be seen through it

WHITE: Color = (255, 255, 255, 1.0)
CLEAR: Color = (0, 0, 0, 0.0)
NAMED: Mapping[str, Color] = {
    "white": WHITE,
    "black": (0, 0, 0, 1.0),
    "transparent": CLEAR,
    "snow": (255, 250, 250, 1.0),
    "whitesmoke": (245, 245, 245, 1.0),
    "ghostwhite": (248, 248, 255, 1.0),
    "ivory": (255, 255, 240, 1.0),
    "red": (255, 0, 0, 1.0),
    "green": (0, 128, 0, 1.0),
    "lime": (0, 255, 0, 1.0),
    "blue": (0, 0, 255, 1.0),
    "yellow": (255, 255, 0, 1.0),
    "gray": (128, 128, 128, 1.0),
    "grey": (128, 128, 128, 1.0),
    "silver": (192, 192, 192, 1.0),
    "navy": (0, 0, 128, 1.0),
}
ALIKE = 10  # of 255: two colours that nobody tells apart
FAINT = 0.05  # a share of what could be seen
NUMBERS = re.compile(r"[\d.]+%?")


@lru_cache(maxsize=256)
def unseen_on(color: Color, ground: Color | None) -> bool:
    """A ground that is not known shows all."""
    if color[3] <= FAINT:
        return True
    if ground is None or color[3] < 1:
        return False
    pairs = zip(color[:3], ground[:3], strict=True)
    return all(abs(one - other) <= ALIKE for one, other in pairs)


def ground_of(value: str) -> Color | None:
    if "url(" in value or "gradient" in value:
        return None
    words = re.findall(r"[\w#-]+(?:\([^)]{0,200}\))?", value)
    found = [color for word in words if (color := color_of(word))]
    if not found:
        return CLEAR if value == "none" else None
    return found[0] if found[0][3] in {0.0, 1.0} else None


def color_of(value: str) -> Color | None:
    if value.startswith("#"):
        return _hexadecimal(value[1:])
    if value.startswith(("rgb", "hsl")):
        numbers = NUMBERS.findall(value)
        mixed = _rainbow if value.startswith("hsl") else _light
        try:
            alpha = _share(numbers[3], 1) if len(numbers) == 4 else 1.0
            return (*mixed(*numbers[:3]), alpha) if len(numbers) in {3, 4} else None
        except ValueError:
            return None
    return NAMED.get(value)


def _share(number: str, whole: int) -> float:
    share = float(number.rstrip("%")) / (100 if number.endswith("%") else whole)
    return min(share, 1.0)


def _light(*numbers: str) -> tuple[int, int, int]:
    red, green, blue = (round(_share(number, 255) * 255) for number in numbers)
    return red, green, blue


def _rainbow(hue: str, colourful: str, light: str) -> tuple[int, int, int]:
    turn = float(hue.rstrip("%")) / 360 % 1
    red, green, blue = colorsys.hls_to_rgb(turn, _share(light, 100), _share(colourful, 100))
    return round(red * 255), round(green * 255), round(blue * 255)


def _hexadecimal(digits: str) -> Color | None:
    if len(digits) in {3, 4}:
        digits = "".join(digit * 2 for digit in digits)
    try:
        numbers = bytes.fromhex(digits)
    except ValueError:
        return None
    if len(numbers) not in {3, 4}:
        return None
    alpha = numbers[3] / 255 if len(numbers) == 4 else 1.0
    return numbers[0], numbers[1], numbers[2], alpha
