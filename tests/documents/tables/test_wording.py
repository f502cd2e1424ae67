"""Numbers and days as they are written in English and German."""

import random
from datetime import datetime
from decimal import Decimal

import pytest

from documents.tables import wording
from localchat.lib.language import speaking


@pytest.mark.parametrize(
    ("value", "english", "german"),
    [
        (0, "0", "0"),
        (-1_234, "-1,234", "-1.234"),
        (Decimal("1234.50"), "1,234.50", "1.234,50"),
        (Decimal("0.00004"), "0", "0"),
        (Decimal("2.33335"), "2.3334", "2,3334"),
        (Decimal("9999.99995"), "10,000", "10.000"),
        (
            Decimal("12345678901234567.890"),
            "12,345,678,901,234,567.890",
            "12.345.678.901.234.567,890",
        ),
        (Decimal("1e999"), "1" + ",000" * 333, "1" + ".000" * 333),
    ],
)
def test_numbers_keep_their_digits(value, english, german):
    for language, told in [("english", english), ("german", german), ("french", english)]:
        with speaking(language):
            assert wording.number(value) == told


def test_no_digit_of_a_number_is_lost():
    chance = random.Random(3)
    for _ in range(500):
        digits = chance.randrange(10 ** chance.randrange(1, 60))
        value = Decimal(digits).scaleb(-chance.randrange(5))
        with speaking("english"):
            assert wording.number(value) == f"{value:,f}"


@pytest.mark.parametrize(
    ("language", "told"), [("english", "2024-03-01"), ("german", "01.03.2024")]
)
def test_days_are_written_as_the_language_does(language, told):
    with speaking(language):
        assert wording.day(datetime(2024, 3, 1)) == told
