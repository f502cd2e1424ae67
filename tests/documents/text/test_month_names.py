"""Names of months and days, of the languages that dates are read in."""

import pytest

from documents.text.month_names import days, months


@pytest.mark.parametrize(
    ("names", "number"),
    [
        ("january januar jänner janner janvier enero jan", 1),
        ("february februar feber février fevrier febrero feb", 2),
        ("march märz marz maerz mars marzo mar mär", 3),
        ("may mai mayo", 5),
        ("september septembre septiembre sep sept", 9),
        ("december dezember décembre diciembre dec dez", 12),
    ],
)
def test_a_month_is_known_by_its_names(names, number):
    assert {months().get(name) for name in names.split()} == {number}


def test_every_month_has_its_names_and_no_other_is_one():
    assert set(months().values()) == set(range(1, 13))
    assert "ago" not in months(), "an English word"
    assert not [name for name in months() if not name.isalpha()]


def test_days_are_known_without_their_accents():
    assert {"monday", "mittwoch", "dimanche", "miercoles"} <= days()
