import pytest
from lxml import etree

from documents.readers.formula.formulas import of_mathml, of_omml

OMML = "http://schemas.openxmlformats.org/officeDocument/2006/math"
MATHML = "http://www.w3.org/1998/Math/MathML"


def omml(body: str) -> str:
    return of_omml(etree.fromstring(f'<m:oMath xmlns:m="{OMML}">{body}</m:oMath>'))


def mathml(body: str) -> str:
    return of_mathml(etree.fromstring(f'<math xmlns="{MATHML}">{body}</math>'))


def run(text: str) -> str:
    return f"<m:r><m:t>{text}</m:t></m:r>"


def of(name: str, **parts: str) -> str:
    return f"<m:{name}>{''.join(f'<m:{key}>{run(value)}</m:{key}>' for key, value in parts.items())}</m:{name}>"


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (of("f", num="3", den="4"), "3/4"),
        (of("f", num="a+b", den="2c"), "(a+b)/(2c)"),
        (run("2") + of("f", num="1", den="2"), "2 1/2"),
        (run("5·") + of("sSup", e="10", sup="-6"), "5·10^-6"),
        (of("sSup", e="x", sup="n+1") + run("+1"), "x^(n+1)+1"),
        (of("sSub", e="CO", sub="2"), "CO2"),
        (of("sSub", e="x", sub="i"), "x_i"),
        (of("sSubSup", e="x", sub="1", sup="2"), "x1^2"),
        (of("rad", e="16"), "√16"),
        (of("rad", deg="3", e="a+b"), "∛(a+b)"),
        (of("rad", deg="n", e="a"), "(a)^(1/n)"),
        (of("func", fName="sin", e="x"), "sin x"),
        (of("bar", e="AB"), "AB"),
        (
            '<m:nary><m:naryPr><m:chr m:val="∑"/></m:naryPr>'
            + "".join(
                f"<m:{key}>{run(text)}</m:{key}>"
                for key, text in (("sub", "i=1"), ("sup", "n"), ("e", "i"))
            )
            + "</m:nary>",
            "∑_(i=1)^n i",
        ),
        (
            (
                '<m:d><m:dPr><m:begChr m:val="["/><m:endChr m:val="]"/></m:dPr>'
                f"<m:e>{run('a')}</m:e><m:e>{run('b')}</m:e></m:d>"
            ),
            "[a|b]",
        ),
        (f"<m:m><m:mr><m:e>{run('1')}</m:e><m:e>{run('2')}</m:e></m:mr></m:m>", "[1 2]"),
    ],
)
def test_a_formula_of_word_is_read_on_a_line(body, line):
    assert omml(body) == line


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("<mfrac><mn>3</mn><mn>4</mn></mfrac>", "3/4"),
        ("<mn>2</mn><mfrac><mn>3</mn><mn>4</mn></mfrac>", "2 3/4"),
        (
            "<mfrac><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mrow><mn>2</mn><mi>c</mi></mrow></mfrac>",
            "(a+b)/(2c)",
        ),
        ("<msup><mn>10</mn><mrow><mo>\u2212</mo><mn>6</mn></mrow></msup>", "10^-6"),
        ("<msqrt><mn>16</mn></msqrt>", "√16"),
        ("<mroot><mn>27</mn><mn>3</mn></mroot>", "∛27"),
        ("<mi>CO</mi><msub><mi>O</mi><mn>2</mn></msub>", "COO2"),
        ("<semantics><mi>x</mi><annotation>\\x</annotation></semantics>", "x"),
        ("<munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mi>i</mi>", "∑_i^n i"),
        ("<mi>f</mi><mo>\u2061</mo><mfenced><mi>x</mi><mi>y</mi></mfenced>", "f(x,y)"),
        ("<mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr></mtable>", "[a b]"),
        ("<mover><mi>x</mi><mo>^</mo></mover>", "x\u0302"),
        ("<mtable><mtr><mtd>1</mtd><mtd>2</mtd></mtr></mtable>", "[1 2]"),
    ],
)
def test_a_formula_of_mathml_is_read_on_a_line(body, line):
    assert mathml(body) == line
