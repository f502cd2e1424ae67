"""What LaTeX's commands for letters and signs stand for."""

import unicodedata
from html.entities import name2codepoint


def _table(pairs: str) -> dict[str, str]:
    words = pairs.split()
    return dict(zip(words[::2], words[1::2], strict=True))


ACCENTS = {
    name: chr(int(code, 16))
    for name, code in _table(
        "` 300 ' 301 ^ 302 ~ 303 \" 308 = 304 . 307 u 306 v 30c H 30b c 327 k 328 r 30a d 323 b 331 "
        "t 361 h 309"
    ).items()
}
LETTERS = _table("""
ss ß  SS ẞ  ae æ  AE Æ  oe œ  OE Œ  o ø  O Ø  aa å  AA Å  l ł  L Ł  i i  j j  dh ð  DH Ð
th þ  TH Þ  dj đ  DJ Đ  ng ŋ  NG Ŋ  glqq „  grqq “  flqq «  frqq »  guillemotleft «
guillemotright »  quotedblbase „  textquoteright ’  textquoteleft ‘  textquotedblleft “
textquotedblright ”  textendash –  textemdash —  dots …  ldots …  textellipsis …  cdots …
vdots …  S §  P ¶  copyright ©  textcopyright ©  textregistered ®  texttrademark ™  pounds £
textsterling £  euro €  texteuro €  EUR €  textyen ¥  textcent ¢  degree °  textdegree °
textmu µ  textonehalf ½  textbackslash \\  textasciitilde ~  textasciicircum ^
textunderscore _  textbar |  textless <  textgreater >  & &  % %  $ $  # #  _ _  { {  } }
LaTeX LaTeX  TeX TeX  textperthousand ‰  textbullet •  dag †  ddag ‡  No №  slash /
""")  # noqa: RUF001
BLANKS = {
    **dict.fromkeys(" ,;:>\n", " "),
    **dict.fromkeys(("quad", "qquad", "enspace", "thinspace", "space"), " "),
}
NOTHING = dict.fromkeys(("!", "/", "-", "@", "today"), "")
LETTERS |= BLANKS | NOTHING | {"newline": "\n", "linebreak": "\n", "par": "\n\n", "and": ", "}
GREEK = "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi pi rho sigma tau \
upsilon phi chi psi omega"
SIGNS = _table("""
varepsilon ε  vartheta ϑ  varphi φ  times ×  cdot ·  div ÷  pm ±  mp ∓  leq ≤  le ≤  geq ≥
ge ≥  neq ≠  ne ≠  approx ≈  sim ∼  equiv ≡  infty ∞  sum ∑  prod ∏  int ∫  partial ∂
nabla ∇  in ∈  notin ∉  subset ⊂  cup ∪  cap ∩  to →  rightarrow →  Rightarrow ⇒
leftarrow ←  mapsto ↦  forall ∀  exists ∃  circ °  ast *  star *  ll ≪  gg ≫  propto ∝
cdotp ·  prime '  ell ℓ  hbar ħ  mid |  parallel ∥  perp ⊥  angle ∠  emptyset ∅  wedge ∧
vee ∨  neg ¬
""")  # noqa: RUF001
SIGNS |= {name: chr(name2codepoint[name]) for name in (GREEK + " " + GREEK.title()).split()}
SIGNS |= _table("log log  ln ln  exp exp  sin sin  cos cos  tan tan  min min  max max  lim lim")
UNITS = _table("""
metre m  meter m  gram g  second s  ampere A  kelvin K  mole mol  candela cd  hertz Hz
newton N  pascal Pa  joule J  watt W  volt V  ohm Ω  litre l  liter l  tonne t  bar bar
minute min  hour h  day d  percent %  degree °  bit bit  celsius °C  degreeCelsius °C
byte B  hectare ha  kilogram kg  kilo k  mega M  giga G  tera T  milli m  micro µ  nano n
centi c  deci d  hecto h  per /  squared ^2  cubed ^3  euro €  watthour Wh  kilometre km
pico p  um µm  ug µg  ohm Ω  degC °C  electronvolt eV  decibel dB  knot kn
""")


def accented(accent: str, letter: str) -> str:
    """The letter with the accent; without a letter nothing."""
    if not letter:
        return ""
    return unicodedata.normalize("NFC", letter[0] + ACCENTS[accent]) + letter[1:]
