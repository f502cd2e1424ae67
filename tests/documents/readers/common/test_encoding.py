import pytest

from documents.readers.common.encoding import decode
from tests.documents.readers.reading import read_bytes


@pytest.fixture
def read(tmp_path):
    return lambda data, name: read_bytes(tmp_path, data, name)


def test_html_speaks_the_encoding_that_it_declares(read):
    data = '<meta charset="koi8-r"><p>Привет'.encode("koi8-r")
    assert read(data, "r.html").pages[0].text == "Привет\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "cp1252", "latin-1"]
)
def test_text_is_read_in_its_encoding(read, encoding):
    text = "Grüße aus Köln: die Straße war schön, und das Café hatte für uns geöffnet.\n"
    assert read(text.encode(encoding), "t.txt").pages[0].text == text


def test_chinese_and_russian_without_a_mark_are_recognised():
    for text, encoding in [
        ("职业碗防守截锋卡万·肖特以十一次擒杀领跑全队，同时还有三次迫使掉球。", "gb18030"),  # noqa: RUF001
        ("Все люди рождаются свободными и равными в своем достоинстве и правах.", "cp1251"),  # noqa: RUF001
    ]:
        assert decode(text.encode(encoding)) == text


RIGHTS = {
    "he": "כל בני האדם נולדו בני חורין ושווים בערכם ובזכויותיהם. כולם חוננו בתבונה ובמצפון.",
    "tr": "Bütün insanlar hür, haysiyet ve haklar bakımından eşit doğarlar. Akıl ve vicdana sahiptir.",  # noqa: RUF001
    "el": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια και τα δικαιώματα.",  # noqa: RUF001
    "ru": "Все люди рождаются свободными и равными в своем достоинстве и правах.",  # noqa: RUF001
    "ja": "これは日本語の文章です。東京の天気は晴れで、気温は二十度でした。\n明日は雨が降るでしょう。",
    "ko": "이것은 한국어 문장입니다. 서울의 날씨는 맑고 기온은 이십도였습니다.\n내일은 비가 올 것입니다.",
    "pl": "Wszyscy ludzie rodzą się wolni i równi pod względem swej godności i swych praw.",
    "hu": "Minden emberi lény szabadon születik és egyenlő méltósága és joga van.",
    "lt": "Visi žmonės gimsta laisvi ir lygūs savo orumu ir teisėmis. Jiems suteiktas protas.",
    "uk": "Всі люди народжуються вільними і рівними у своїй гідності та правах.",  # noqa: RUF001
    "th": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
    "de": "Für die Straße nach München zahlt jeder „Gäste“-Schein 5 Euro – schöne Grüße!",  # noqa: RUF001
    "fr": "Le cœur de l’été à Montréal : les élèves étaient déjà partis, où êtes-vous ?",  # noqa: RUF001
    "es": "El señor Núñez comió piñas; mañana habrá más canción y corazón en España.",
    "zh": "這是一個中文句子。台北的天氣晴朗，氣溫為二十度。\n明天將會下雨，請記得帶傘。",  # noqa: RUF001
}


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("pl", "cp1250"),
        ("pl", "iso8859-2"),
        ("hu", "cp1250"),
        ("lt", "cp1257"),
        ("uk", "koi8-u"),
        ("th", "cp874"),
        ("th", "utf-16-le"),
        ("de", "cp1252"),
        ("de", "mac_roman"),
        ("de", "utf-32-be"),
        ("fr", "mac_roman"),
        ("fr", "iso8859-15"),
        ("es", "latin-1"),
        ("es", "cp850"),
        ("he", "cp1255"),
        ("tr", "cp1254"),
        ("el", "cp1253"),
        ("ru", "cp866"),
        ("ja", "shift_jis"),
        ("ja", "euc_jp"),
        ("ja", "iso2022_jp"),
        ("ja", "utf-16-le"),
        ("ko", "euc_kr"),
        ("ko", "utf-16-be"),
        ("zh", "big5"),
        ("zh", "utf-16-le"),
        ("ru", "utf-16-le"),
        ("ru", "utf-16-be"),
    ],
)
def test_text_without_a_mark_is_read_in_what_people_use(read, language, encoding):
    text = f"{RIGHTS[language]}\n" * 3
    text = text.encode(encoding, "ignore").decode(encoding)  # without quotes that it does not have
    assert read(text.encode(encoding), "t.txt").pages[0].text == text


def test_a_damaged_byte_makes_no_other_text_of_the_rest(read):
    data = "Grüße aus Köln\n".encode() * 9
    assert read(data + b"\xff\n", "t.txt").pages[0].text == "Grüße aus Köln\n" * 9 + "\ufffd\n"


@pytest.mark.parametrize(
    ("declared", "written", "text"),
    [
        ("iso-8859-1", "cp1252", "“five” – 5 €"),  # noqa: RUF001
        ("us-ascii", "cp1252", "Größe"),
        ("gb2312", "gbk", "朱镕基"),
        ("shift_jis", "cp932", "①髙島屋"),
        ("euc-kr", "cp949", "똠방각하"),
    ],
)
def test_what_is_declared_is_taken_as_it_is_meant(read, declared, written, text):
    data = f'<meta charset="{declared}"><p>{text}'.encode(written)
    assert read(data, "d.html").pages[0].text == f"{text}\n"
