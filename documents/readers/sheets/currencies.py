"""Signs and codes of currencies, and which of them are the same."""

import re

_SAME = {
    "EUR": "€", "USD": "$ US$", "GBP": "£", "JPY": "¥ ￥", "INR": "₹", "CHF": "Fr. SFr. Fr",
    "SEK": "kr", "NOK": "", "DKK": "kr.", "PLN": "zł", "CZK": "Kč", "HUF": "Ft", "RON": "lei",
    "BRL": "R$", "AUD": "A$ AU$", "CAD": "C$ CA$", "NZD": "NZ$", "HKD": "HK$", "SGD": "S$",
    "RUB": "₽", "KRW": "₩", "TRY": "₺", "UAH": "₴", "ILS": "₪", "THB": "฿", "VND": "₫",
    "CNY": "CN¥ 元", "MXN": "MX$", "ZAR": "", "BGN": "лв", "ISK": "", "AED": "", "SAR": "",
}  # fmt: skip
_CODES = {sign: code for code, signs in _SAME.items() for sign in (code, *signs.split())}
_FOLDED = {sign.casefold(): code for sign, code in _CODES.items()}


def _alone(sign: str) -> str:
    """A pattern; letters are no sign inside of a word."""
    before = r"(?<![^\W\d_])" if sign[0].isalpha() else ""
    return before + re.escape(sign) + (r"(?![^\W\d_])" if sign[-1].isalpha() else "")


SIGN = "|".join(map(_alone, sorted(_CODES, key=len, reverse=True)))
_SIGN = re.compile(SIGN, re.IGNORECASE)


def found(text: str) -> str:
    """The first sign or code in it."""
    sign = _SIGN.search(text)
    return sign[0] if sign else ""


def code(sign: str) -> str:
    """The same for all signs of a currency; empty where it is none."""
    return _FOLDED.get(sign.casefold(), "")
