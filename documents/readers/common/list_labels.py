"""Numbers as the items of lists have them: 3, 03, c, C, iii, III, 3rd."""

LAST_LETTER, LETTERS = 26, 5  # z; and so often at most is it said, as in zzzzz
ROMAN = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
LARGEST_ROMAN = 3_999
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
BULLET = "\u2022"
BULLETS = frozenset("-\u2013\u2014*\u2022")  # that say what they are whatever the font


def written(number: int, form: str) -> str:
    """`form` is how it writes one: "1", "01", "a", "A", "i", "I" or "1st"; nothing if empty."""
    match form:
        case "":
            return ""
        case "01":
            return f"{number:02}"
        case "a" | "A" if 0 < number <= LAST_LETTER * LETTERS:
            times, letter = divmod(number - 1, LAST_LETTER)
            return chr(ord(form) + letter) * (times + 1)
        case "i":
            return _roman(number)
        case "I":
            return _roman(number).upper()
        case "1st":
            teen = number // 10 % 10 == 1
            return f"{number}{'th' if teen else ENDINGS.get(number % 10, 'th')}"
    return str(number)


def _roman(number: int) -> str:
    if not 0 < number <= LARGEST_ROMAN:
        return str(number)
    text = ""
    for value, letters in ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def bullet(text: str) -> str:
    """As most fonts have it: drawn with a font of symbols, it may be any letter."""
    return text if text in BULLETS else BULLET


def count(value: str | None, otherwise: int) -> int:
    """As it is written in an attribute."""
    value = (value or "").strip()
    return int(value) if value.isascii() and value.isdigit() and len(value) < 8 else otherwise
