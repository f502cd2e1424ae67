# ruff: noqa: RUF001
"""Text that is set in a font of symbols: its letters stand for what they are drawn as."""

# By the code tables of Adobe and Unicode, from 0x20 to 0xFF, 32 to a line; � is nothing. Of the
# many boxes, circles and arrows that differ in weight alone, each is the one that people search for.
SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?"
    "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
    "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼�"
    "��������������������������������"
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵"
    "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
    "◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪�⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭�"
)
WINGDINGS = (
    " 🖉✂✁👓🕭🕮🕯🕿✆🖂🖃📪📫📬📭🗀🗁🗎🗏🗐🗄⌛🖮🖰🖲🖳🖴🖫🖬✇✍"
    "🖎✌🖏👍👎☜☞☝☟🖐☺😐☹💣🕱🏳🏱✈☼🌢❄🕆✞🕈✠✡☪☯🕉☸♈♉"
    "♊♋♌♍♎♏♐♑♒♓🙰🙵●○■☐☐☐☐🞟⧫◆❖⬩⌧⮹⌘🏵🏶🙶🙷▯"
    "🄋➀➁➂➃➄➅➆➇➈➉🄌➊➋➌➍➎➏➐➑➒➓🙢🙠🙡🙣🙞🙜🙝🙟∙•"
    "⬝○○○◉◉○▪☐🟁🟅★🟋🟏🟓🟑⯐⌖⯎⯏⯑✪✰🕐🕑🕒🕓🕔🕕🕖🕗🕘"
    "🕙🕚🕛⮰⮱⮲⮳⮴⮵⮶⮷🙪🙫🙕🙔🙗🙖🙐🙑🙒🙓⌫⌦◀➢▲▼⮈⮊⮉⮋←"
    "→↑↓↖↗↙↘←→↑↓↖↗↙↘⇦⇨⇧⇩⇔⇕↖↗↙↘🢬🢭✗✓☒☑�"
)
WINGDINGS_2 = (
    " 🖊🖋🖌🖍✄✀🕾🕽🗅🗆🗇🗈🗉🗊🗋🗌🗍📋🗑🗔🖵🖶🖷🖸🖭🖯🖱🖒🖓🖘🖙"
    "🖚🖛👈👉🖜🖝🖞🖟🖠🖡👆👇🖢🖣🖑✗✓✗☑☒☒⮾⮿🛇⦸🙱🙴🙲🙳‽🙹🙺"
    "🙻🙦🙤🙥🙧🙚🙘🙙🙛⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿�"
    "☉🌕☽☾⸿✝🕇🕜🕝🕞🕟🕠🕡🕢🕣🕤🕥🕦🕧🙨🙩⋅•⦁●○○○○⊙⦿🞌"
    "🞍▪■☐☐☐☐🞔▣🞕🞖🞗🞘⬩⬥◇🞚◈🞛🞜🞝🞞⬪⬧◊🞠◖◗⯊⯋⯀⯁"
    "⬟⯂⬣⬢⯃⯄🞡🞢🞣🞤🞥🞦🞧🞨🞩🞪🞫🞬🞭🞮🞯🞰🞱🞲🞳🞴🞵🞶🞷🞸🞹🞺"
    "🞻🞼🞽🞾🞿🟀🟂🟄🟆🟉🟊✶🟌🟎🟐🟒✹🟃🟇✯🟍🟔⯌⯍※⁂������"
)
WINGDINGS_3 = (
    " ←→↑↓↖↗↙↘⭰⭲⭱⭳⭶⭸↑↓↔↕←→↑↓↓⮠⮡⮢⮣⮤⮥⮦⮧"
    "⮐⮑⮒⮓←←⭾⭿←→↑↓⮏⮍⮎⮌⭮⭯⎋⌤⌃⌥␣⍽↑↑←→←→←→"
    "←→←→←→←→↑↓↖↗↙↘↔↕▲▼△▽◀▶◁▷◣◢◤◥◀▶▲�"
    "▼▲▼◀▶◀▶▲▼◀▶▲▼◀▶▲▼◀▶▲▼◀▶▲▼◀▶▲▼◀▶▲"
    "▼◀▶▲▼←→←→←→←🢜🢝🢞🢟→←→←→←→↑↓←→↑↓←→↑"
    "↓←→↑↓←→↑↓⮨⮩⮪⮫⮬⮭⮮⮯←→↑↓↖↗↙↘←→↑↓↖↗↙"
    "↘←→↑↓↖↗↙↘◀▶▲▼◀▶▲▼���������������"
)
WEBDINGS = (
    " 🕷🕸🕲🕶🏆🎖🖇🗨🗩🗰🗱🌶🎗🙾🙼🗕🗖🗗⏴⏵⏶⏷⏪⏩⏮⏭⏸⏹⏺🗚🗳"
    "🛠🏗🏘🏙🏚🏜🏭🏛🏠🏖🏝🛣🔍🏔👁👂🏞🏕🛤🏟🛳🕬🕫🕨🔈🎔🎕🗬🙽🗭🗪🗫"
    "⮔✓🚲☐🛡📦🛱■🚑🛈🛩🛰🟈🕴●🛥🚔🗘🗙❓🛲🚇🚍⛳⦸⊖🚭🗮⏐🗯🗲�"
    "🚹🚺🛉🛊🚼👽🏋⛷🏂🏌🏊🏄🏍🏎🚘🗠🛢💰🏷💳👪🗡🗢🗣✯🖄🖅🖃🖆🖹🖺🖻"
    "🕵🕰🖽🖾📋🗒🗓🕮📚🗞🗟🗃🗂🖼🎭🎜🎘🎙🎧💿🎞📷🎟🎬📽📹📾📻🎚🎛📺💻"
    "🖥🖦🖧🕹🎮🕻🕼📟🖁🖀🖨🖩🖿🖪🗜🔒🔓🗝📥📤🕳🌣🌤🌥🌦☁🌨🌧🌩🌪🌬🌫"
    "🌜🌡🛋🛏🍽🍸🛎🛍Ⓟ♿🛆🖈🎓🗤🗥🗦🗧🛪🐿🐦🐟🐕🐈🙬🙮🙭🙯🗺🌍🌏🌎🕊"
)
FIRST, PRIVATE = 0x20, 0xF000  # programs write a code as it is, or this far on
NONE = "\ufffd"
UNTOUCHED = {0xA0, 0xAD}  # a blank and a hyphen, whatever the font draws there
# Of Zapf's dingbats: those that have been characters before.
OLDER = "☎☛☞★●■▲▼◆◗♣♦♥♠→↔↕"
OLDER_CODES = b"%*+Hlnstuw\xa8\xa9\xaa\xab\xd5\xd6\xd7"


def _dingbats() -> str:
    own = {
        **dict(zip(OLDER_CODES, OLDER, strict=True)),
        **dict.fromkeys((0x6F, 0x70, 0x71, 0x72), "\u2610"),
        **{0xAC + number: chr(0x2460 + number) for number in range(10)},
        **dict.fromkeys((*range(0x7F, 0xA1), 0xF0, 0xFF), NONE),
    }
    codes = range(FIRST + 1, 0x100)
    return " " + "".join(
        own.get(code, chr(0x2700 + code - (0x20 if code < 0x80 else 0x40))) for code in codes
    )


TABLES = {
    "symbol": SYMBOL,
    "wingdings": WINGDINGS,
    "wingdings2": WINGDINGS_2,
    "wingdings3": WINGDINGS_3,
    "webdings": WEBDINGS,
    "zapfdingbats": _dingbats(),
}
ALIASES = {
    **dict.fromkeys(("symbolmt", "standardsymbolsl", "standardsymbolsps"), "symbol"),
    **dict.fromkeys(("itczapfdingbats", "dingbats", "d050000l"), "zapfdingbats"),
}
BY_CODE = {
    font: {
        **{PRIVATE + code: shown.strip(NONE) for code, shown in enumerate(table, start=FIRST)},
        **{
            code: shown
            for code, shown in enumerate(table, start=FIRST)
            if code not in UNTOUCHED and shown != NONE
        },
    }
    for font, table in TABLES.items()
}


def is_symbol_font(font: str) -> bool:
    return _known(font) in BY_CODE


def decoded(font: str, text: str) -> str:
    """What a person sees of `text`, whose codes are 0x20 to 0xFF or as much from U+F000 on.

    Text in any other font comes back as it is.
    """
    table = BY_CODE.get(_known(font))
    return text.translate(table) if table else text


def _known(font: str) -> str:
    name = "".join(font.split(",")[0].strip("\"' ").lower().replace("-", " ").split())
    name = name.removesuffix("regular")
    return ALIASES.get(name, name)
