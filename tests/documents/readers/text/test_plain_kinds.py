"""Texts that are written for programs, read as people would."""

import pytest

from documents.readers import kind_of
from tests.documents.readers.reading import read_bytes


@pytest.fixture
def text_of(tmp_path):
    def read(text: str, name: str) -> str:
        return read_bytes(tmp_path, text.encode(), name).pages[0].text

    return read


@pytest.mark.parametrize(
    ("log", "line"),
    [
        ("\x1b[31mERROR\x1b[0m E\x1b[1m4471\x1b[0m stopped\n", "ERROR E4471 stopped"),
        (
            "\x1b[38;5;208mwarm\x1b[m and \x1b]8;;https://a.example\x1b\\link\x1b]8;;\x1b\\\n",
            "warm and link",
        ),
        ("\x1b]0;a title\x1b\\words \x1b(Bhere\n", "words here"),
        ("\x1b[2K50%\r\x1b[2K100%\n", "100%"),
        ("^[[32mINFO^[[0m started ^[[1mnow^[[0m\n", "INFO started now"),
        ("[32mINFO[0m started [1mnow[0m\n", "INFO started now"),
    ],
)
def test_colours_of_a_log_are_no_text(text_of, log, line):
    assert text_of(log, "a.log") == f"{line}\n"


def test_brackets_that_are_no_colours_stay(text_of):
    assert text_of("a list[0m] of [31m lengths\n", "a.txt") == "a list[0m] of [31m lengths\n"


SRT = """1
00:00:01,000 --> 00:00:03,000
<i>The treasurer said</i>

2
00:00:03,100 --> 00:00:05,000
{\\an8}that 14 of 42
were paid.

3
00:00:09,000 --> 00:00:10,000
- Who pays?
- The town does.
"""
VTT = """WEBVTT - a talk

STYLE
::cue { color: red }

NOTE made by hand
in two lines

intro-1
00:01.000 --> 00:03.000 align:start
<v Robin>The <b>treasurer</b><00:01.500><c.loud> said</c>

00:03.100 --> 00:05.000
that 14 of 42
were paid &amp; kept.

00:09.000 --> 00:10.000
<v Kim>Who pays?
"""
ASS = """[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
Dialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,The treasurer said,\\Nthat 14 of 42
Comment: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,unsaid
Dialogue: 0,0:00:03.10,0:00:05.00,Default,,0,0,0,,{\\i1}were paid.{\\i0}
"""


@pytest.mark.parametrize("name", ["talk.srt", "talk.txt"])
def test_subtitles_are_running_text(text_of, name):
    told = "The treasurer said that 14 of 42 were paid.\n- Who pays?\n- The town does.\n"
    assert text_of(SRT, name) == told
    assert text_of(SRT.replace("\n", "\r\n"), name) == told


def test_subtitles_of_the_web_name_who_speaks(text_of):
    told = "Robin: The treasurer said that 14 of 42 were paid & kept.\nKim: Who pays?\n"
    assert text_of(VTT, "talk.vtt") == told


def test_other_subtitles_are_read_too(text_of):
    sbv = "0:00:01.000,0:00:03.000\nThe treasurer said\n\n0:00:03.100,0:00:05.000\nthat.\n"
    assert text_of(sbv, "talk.sbv") == "The treasurer said that.\n"
    assert text_of(ASS, "talk.ass") == "The treasurer said, that 14 of 42 were paid.\n"


def test_captions_that_roll_say_each_line_once(text_of):
    first = "1\n00:00:01,000 --> 00:00:02,000\none two\n\n"
    blink = "2\n00:00:02,000 --> 00:00:02,010\none two\n\n"
    rolled = "3\n00:00:02,010 --> 00:00:04,000\none two\nthree four\n"
    assert text_of(first + blink + rolled, "a.srt") == "one two three four\n"


def test_what_calls_itself_subtitles_and_has_no_times_is_text(text_of):
    assert "only words" in text_of("only words\n", "a.srt")


PAPER = r"""% a secret
\documentclass{article}
\newcommand{\bird}{Kittiwake}
\title{On M\"uller's pond}\author{Zo\"e D\'{e}jardin \and S\o ren \L ukasz}
\begin{document}
\maketitle
\section{Stra{\ss}e and caf\'e}\label{sec:a} % another secret
The Gr\"o\ss{}e in K\"oln is 50\,\% of $4.2\times10^{3}$\,m$^2$, \emph{not} \sout{7}.\footnote{In 1920.}
\begin{enumerate}\item The \bird{} \item \href{https://a.example/b%20c}{A page}\end{enumerate}
\begin{tabular}{l|r} \hline Month & Rain \\[2pt] \multicolumn{1}{c}{May} & 42 \\ \end{tabular}
\[ x = \frac{a+b}{2} \]
\begin{verbatim}
a & b % kept
\end{verbatim}
\end{document}
"""


@pytest.mark.parametrize("name", ["paper.tex", "paper.txt"])
def test_latex_is_read_as_it_is_set(tmp_path, name):
    reading = read_bytes(tmp_path, PAPER.encode(), name)
    (page,) = reading.pages
    assert reading.title == "On Müller's pond"
    assert [line for line in page.text.split("\n") if line] == [
        "On Müller's pond",
        "Zoë Déjardin, Søren Łukasz",
        "Straße and café",
        "The Größe in Köln is 50 % of 4.2×10^3 m^2, not . [1]",  # noqa: RUF001
        "1. The Kittiwake",
        "2. A page (https://a.example/b%20c)",
        "Month | Rain",
        "May | 42",
        "x = (a+b)/2",
        "a & b % kept",
        "[1] In 1920.",
    ]
    assert [heading.text for heading in page.headings] == ["On Müller's pond", "Straße and café"]


@pytest.mark.parametrize("text", ["\\'" * 5_000, "{" * 5_000, "\\frac{" * 5_000, "}" * 50, "\\"])
def test_broken_latex_is_read_to_its_end(text_of, text):
    assert "this is after all" in text_of(f"before {text}\n\nthat this is after all", "a.tex")


CARDS = """BEGIN:VCARD
VERSION:3.0
N:Müller;Jürgen;;Dr.;
FN:Dr. Jürgen Müller
ORG:Rabenstein\\, Söhne;Sales
TEL;TYPE=CELL,VOICE:+49 171 5550142
item1.EMAIL:jm@example.org
item1.X-ABLabel:_$!<Billing>!$_
ADR;TYPE=home:;;Am Markt 3;Köln;;50667;Germany
BDAY:1980-03-05
NOTE:kennt das Schloß Raben
 stein\\nund mehr
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
 BBBB
END:VCARD
BEGIN:VCARD
VERSION:2.1
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Dvo=C5=99=C3=A1k;Anton=C3=\\
END:VCARD
""".replace("=\\\n", "=\n=ADn\n")


def test_letters_of_an_older_card_need_not_be_named(tmp_path):
    card = "BEGIN:VCARD\nVERSION:2.1\nN;QUOTED-PRINTABLE:M=FCller;Ana\nEND:VCARD\n"
    assert read_bytes(tmp_path, card.encode(), "a.vcf").pages[0].text.strip() == "Ana Müller"


def test_address_cards_say_what_a_person_would(tmp_path):
    reading = read_bytes(tmp_path, CARDS.encode(), "people.vcf")
    (page,) = reading.pages
    assert [line for line in page.text.split("\n") if line] == [
        "Dr. Jürgen Müller",
        "Organisation: Rabenstein, Söhne, Sales",
        "Telephone (mobile): +49 171 5550142",
        "E-mail (billing): jm@example.org",
        "Address (home): Am Markt 3, 50667, Köln, Germany",
        "Birthday: 5 March 1980",
        "Note: kennt das Schloß Rabenstein",
        "und mehr",
        "Antonín Dvořák",
    ]
    assert [heading.text for heading in page.headings] == ["Dr. Jürgen Müller", "Antonín Dvořák"]


def test_cards_of_four_are_read_by_their_kinds(text_of):
    card = 'BEGIN:VCARD\nVERSION:4.0\nFN:Ann\nTEL;VALUE=uri;TYPE="voice,work":tel:+1-555-01\nEND:VCARD\n'
    assert text_of(card, "a.txt") == "Ann\nTelephone (work): +1-555-01\n\n"


def test_a_text_that_speaks_of_the_marks_of_files_is_a_text(tmp_path):
    text = "# File signatures\n\nA PDF begins with `%PDF-1.7`, a zip with PK.\n"
    assert read_bytes(tmp_path, text.encode(), "signatures.md").title == "File signatures"
    assert kind_of(b"junk before\r\n%PDF-1.4\n%\xe2\xe3\n1 0 obj\n", "a") == "pdf"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (r"$\frac{a+b}{2c}$", "(a+b)/(2c)"),
        (r"$\sum_{i=1}^{n} x_{max}$", "∑_(i=1)^n x_max"),
        (r"$30\,^\circ$C", "30 °C"),
        (r"\SI{25}{\square\centi\metre} \qty{3}{\um}", "25 cm^2 3 µm"),
        (r"10\textsuperscript{6}, 1,870\textsuperscript{5}", "10^6, 1,870 5"),
        (r"a \iffalse b \fi c", "a c"),
    ],
)
def test_figures_of_latex_are_read_as_they_are_set(text_of, written, shown):
    source = f"\\documentclass{{article}}\\begin{{document}}{written}\\end{{document}}"
    assert text_of(source, "a.tex").strip() == shown
