"""Amounts as 1234.5, and numbers of accounts, cards, telephones and articles in one piece."""

import re

_DIGITS = re.compile("[0-9]+")
_THREES = re.compile(r"[1-9][0-9]{0,2}(?:([.,])[0-9]{3})(?:\1[0-9]{3})*")
_INDIAN = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_ARTICLE = re.compile(
    r"(?:\b(?:art|sec|cl|rule|reg|par|\u00a7)[a-z\u00ed]*\.?|\u00a7) ?$", re.IGNORECASE
)
_BEFORE = 12  # characters before a number, in which it is said to be of an article

TELEPHONE = range(6, 16)  # digits without the country's
CARD = range(8, 25)  # digits of what is written in groups
ACCOUNT = range(14, 35)  # letters and digits
ACCOUNT_DIGITS = 10
IDENTIFIER = 9  # digits
LONG = 3  # digits, from which on an amount without its .00 is told from any other number
_CALLING = re.compile("1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|[2-9][0-9]{2}")


def account(text: str, start: int, end: int) -> tuple[str, ...]:
    """An IBAN, with the two letters that stand before it; what follows it is none of it."""
    groups = re.split("[ -]", text[start - 2 : end])
    while not any(map(str.isdigit, groups[-1])):
        groups.pop()
    whole = "".join(groups).lower()
    digits = sum(map(str.isdigit, whole))
    return (whole,) if len(whole) in ACCOUNT and digits >= ACCOUNT_DIGITS else ()


def telephone(text: str, start: int, end: int) -> tuple[str, ...]:
    """Without the country's number and the zero before the place's; as any number without zeros."""
    written = text[start:end]
    digits = "".join(_DIGITS.findall(written))
    if written.startswith("0.") or (text[start - 1 : start] == "(" and ")" not in written):
        return ()
    if text[start - 1 : start] == "+" or text[max(0, start - 2) : start] == "(+":
        digits = _national(digits)
    elif digits.startswith("00"):
        digits = _national(digits[2:])
    digits = digits.lstrip("0")
    return (digits,) if len(digits) in TELEPHONE else ()


def _national(digits: str) -> str:
    calling = _CALLING.match(digits)
    return digits[calling.end() :] if calling else digits


def grouped(text: str, start: int, end: int) -> tuple[str, ...]:
    """Digits in groups, as on cards; a row of years or of other whole numbers is none."""
    groups = _DIGITS.findall(text[start:end])
    whole = "".join(groups)
    if len(whole) not in CARD or sum(map(bool, map(_YEAR.fullmatch, groups))) > 1:
        return ()
    return (whole,)


def dotted(text: str, start: int, end: int) -> tuple[str, ...]:
    """756.1234.5678.97, 12/345/67890."""
    written = text[start:end]
    whole = "".join(_DIGITS.findall(written))
    if len(whole) >= IDENTIFIER:
        return (whole,)
    return number(text, start, end) if re.fullmatch(r"[\d.]+", written) else ()


def amount(text: str, start: int, end: int) -> tuple[str, ...]:
    """1 234,50 and 1'234.50: the groups are set apart by something else than the decimals."""
    whole, *decimals = re.split("[.,]", text[start:end])
    return (_shortest("".join(_DIGITS.findall(whole)), *decimals),)


def article(text: str, start: int, end: int) -> tuple[str, ...]:
    """Article 12(3), Art. 12 Abs. 3; with a blank between only where it is said to be one."""
    written = text[start:end].lower()
    number, paragraph = re.findall(r"[0-9]+[a-z]?\b", written)
    if " (" in written and not _ARTICLE.search(text[max(0, start - _BEFORE) : start]):
        return ()
    return (f"{number}({paragraph})",)


def number(text: str, start: int, end: int) -> tuple[str, ...]:
    """1,234.50 and 1.234,50; 1.234 may be either. What is no amount is a version: 2.4.1."""
    written = text[start:end]
    last = max(written.rfind("."), written.rfind(","))
    before, after = written[:last], written[last + 1 :]
    other = "," if written[last] == "." else "."
    if text[start - 1 : start].isalpha():  # v2.10
        return (written,)
    if other in before:
        whole = before.replace(other, "")
        is_amount = _THREES.fullmatch(before) or _INDIAN.fullmatch(before)
        return (_shortest(whole, after),) if is_amount else ()
    if _THREES.fullmatch(written):
        whole = written.replace(written[last], "")
        is_either = written.count(".") == 1 and after[-1] != "0"  # no comma: that is English
        return (whole, written) if is_either else (whole,)
    if _INDIAN.fullmatch(written):
        return (written.replace(",", ""),)
    if written[last] in before:  # several, and no groups
        return (written,) if written[last] == "." else ()
    return (_shortest(before, after),) if after.strip("0") or len(before) >= LONG else (written,)


def _shortest(whole: str, decimals: str = "") -> str:
    decimals = decimals.rstrip("0")
    return f"{whole}.{decimals}" if decimals else whole
