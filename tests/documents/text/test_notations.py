"""Dates, amounts and numbers meet in one form, however they are written."""

import time

import pytest

from documents.text import notations, words
from documents.text.month_names import numbered

SAME = [
    (
        "2026-03-05 | 5 March 2026 | March 5th 2026 | Mar. 5, 2026 | the 5th of March 2026 | 5. März 2026"
        " | 05.03.2026 | 5.3.2026 | 05. 03. 2026 | 5/3/26 | 3/5/2026 | 05-Mar-2026 | 5-Mar-26 | 5 mars 2026"
        " | 5 de marzo de 2026 | 5 marzo 2026 | 5 de março de 2026 | 5 марта 2026 | 5 maart 2026"
        " | 5 Mart 2026 | 5. marts 2026 | 5. maaliskuuta 2026 | 2026. március 5. | 5 مارس 2026"
        " | 5 marca 2026 | 5. března 2026 | 5. ožujka 2026 | 5 martie 2026 | 5 березня 2026"
        " | 5 Μαρτίου 2026 | 5 במרץ 2026 | 5 de març de 2026 | 2026年3月5日 | 2026년 3월 5일 | 2026/03/05 | 2026. 03. 05. | 05 03 2026 | 20260305"
    ),
    "1er mars 2026 | 1.3.2026 | 1º de março de 2026",
    (
        "1234.5 | 1,234.50 | 1.234,50 | 1 234,50 | 1\u00a0234,50 | 1\u202f234,50 | 1\u2009234.50"
        " | 1\u2019234.50 | 1'234.50 | 1234,50 | 1234.50"
    ),
    "1234567.89 | 12,34,567.89 | 1,234,567.89 | 1.234.567,89 | 1 234 567,89",
    "8026 | 8,026 | 8.026 | 8'026 | 8 026 | 8,026.00 | 8.026,00",
    "XX20974620135846338615 | XX20 9746 2013 5846 3386 15 | xx20 9746 2013 5846 3386 15",
    "GB82WEST12345698765432 | GB82 WEST 1234 5698 7654 32 | GB82-WEST-1234-5698-7654-32",
    "4111 1111 1111 1111 | 4111111111111111 | 4111-1111-1111-1111",
    "370 400 44 | 37040044",
    "756.1234.5678.97 | 7561234567897 | 756 1234 5678 97",
    (
        "0165 / 302 22 10 | +49 165 3022210 | 01653022210 | 0049 165 3022210 | +49 (0)165 302-2210"
        " | (0165) 3022210 | +49 (0) 165 / 30 22 210 | +491653022210 | 0165-302.22.10"
    ),
    "(415) 555-2671 | +1 415 555 2671 | 415.555.2671 | 415-555-2671 | 4155552671",
    "+39 06 1234567 | 06 123 45 67",
    "2.4.1 | v2.4.1 | V2.4.1 | release-2.4.1",
    "2.4.10 | v2.4.10",
    "Article 7(3) | Article 7 (3) | Art. 7 Abs. 3 | § 7 Abs. 3 | Artikel 7 Absatz 3",
    "21:16 | 9:16 pm | 9:16pm | 9:16 P.M. | 9.16 p.m. | 21.16 Uhr | 21:16 Uhr | 21h16 | 21 h 16 | 21:16:05",
    "21:00 | 9 pm | 9 p.m. | 9PM | 21 Uhr | 21h00",
    "0:30 | 12:30 am | 00:30",
    "12:30 | 12:30 p.m.",
    "9:05 | 09:05 | 9:05 a.m.",
    "USA | U.S.A. | U.S.A",
    "GDPR | G.D.P.R.",
]


@pytest.mark.parametrize("written", SAME)
def test_what_is_the_same_has_a_term_in_common(written):
    one, *others = (set(words.terms(way)) for way in written.split(" | "))
    shared = one.intersection(*others)
    assert shared, [one, *others]
    ways = [words.vectorise(f"It says {way}, they say.") for way in written.split(" | ")]
    assert all(shared & way.distinct for way in ways)


@pytest.mark.parametrize(
    "text",
    [
        "2022 2021 2020 2019",
        "FY21 FY22 FY23 FY24",
        "29 out of 48",
        "12 people in 2026",
        "12 March. 26 men",
        "45/67/89",
        "31 of 2022",
        "2020/2021",
        "in 12 (3) cases",
        "13 pm",
        "at 25:10 and 12:75",
        "a scale of 1:25000",
        "4 amps for 6 amateurs",
    ],
)
def test_what_only_looks_alike_has_no_other_form(text):
    assert words.notated(text) == {}


def test_what_may_be_two_things_has_both_forms():
    assert {"20260305", "20260503"} <= set(words.terms("5/3/26"))
    assert {"1234", "1.234"} <= set(words.terms("1.234"))
    assert "20260305" in words.terms("from 5/3/26 to 26/3/26")
    assert "20260503" not in words.terms("from 5/3/26 to 26/3/26")
    assert "20260305" not in words.terms("from 5/3/26 to 5/26/26")
    assert {"20100402", "2.4.10"} <= set(words.terms("2.4.10"))


def test_forms_stand_beside_what_is_written_and_count_no_length():
    made = words.vectorise("Paid 1.234,50 today")
    assert {"1.234.50", "1234.5"} <= made.distinct
    assert made.length == 3
    assert words.phrase("Paid 1.234,50 today", "today") == ["paid", "1.234.50", "today"]


def test_only_what_can_name_something_is_looked_for_to_the_letter():
    named = "PPR-7826, v2.1.5, Article 39 (3), 1.234,50 and 4111111111111111"
    found = ["2.1.5", "39(3)", "1234.5", "ppr7826", "4111111111111111"]
    assert [forms[0] for forms in words.exact(named)] == found
    assert words.exact("400mg in FY2018, the 1980s, 10-K, H3K4me3, 3.4 and the 125th of 2026") == []


def test_a_month_has_its_number_in_every_language():
    names = ["März", "mars", "marzo", "março", "марта", "مارس", "Mart", "maaliskuuta", "MARCH"]
    assert {numbered(name) for name in names} == {3}
    assert numbered("Ağustos") == numbered("elokuuta") == numbered("août") == 8
    assert numbered("out of") == 0


@pytest.mark.parametrize(
    "text",
    [
        "1 ",
        "1.",
        "12 345 ",
        "0/",
        "A",
        "1",
        "12 March ",
        "AB12 3456 ",
        "1,234.",
        "5 de ",
        "(",
        "0 ",
    ],
)
def test_no_text_takes_long(text):
    began = time.process_time()
    assert len(list(notations.find(text * (40_000 // len(text))))) < 10_000
    assert time.process_time() - began < 1
