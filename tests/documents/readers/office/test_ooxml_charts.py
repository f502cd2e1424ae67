from lxml import etree

from documents.readers.office import ooxml_charts, ooxml_diagrams

DRAWN = "http://schemas.openxmlformats.org/drawingml/2006"
NAMES = f'xmlns:c="{DRAWN}/chart" xmlns:a="{DRAWN}/main" xmlns:d="{DRAWN}/diagram"'
EXTENDED = "http://schemas.microsoft.com/office/drawing/2014/chartex"


def points(kind: str, values: list[str], code: str = "") -> str:
    found = "".join(
        f'<c:pt idx="{at}"><c:v>{value}</c:v></c:pt>' for at, value in enumerate(values)
    )
    return (
        f"<c:{kind}Cache>{code and f'<c:formatCode>{code}</c:formatCode>'}{found}</c:{kind}Cache>"
    )


def series(name: str, categories: str, values: str, of: str = "cat", what: str = "val") -> str:
    return (
        f"<c:ser><c:tx><c:strRef>{points('str', [name])}</c:strRef></c:tx>"
        f"<c:{of}>{categories}</c:{of}><c:{what}>{values}</c:{what}></c:ser>"
    )


def chart(*parts: str, title: str = "") -> list[str]:
    titled = f"<c:title><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:title>"
    root = etree.fromstring(f"<c:chart {NAMES}>{titled}{''.join(parts)}</c:chart>")
    return list(ooxml_charts.lines_of(root))


def test_a_chart_is_told_with_a_row_for_each_category():
    names = points("str", ["Spring", "Autumn"])
    made = [
        series("2024", names, points("num", ["4310", "2875"], "General")),
        series("2025", names, points("num", ["4500.5"])),
    ]
    assert chart(*made, title="Visitors") == [
        "Visitors",
        " | 2024 | 2025",
        "Spring | 4310 | 4500.5",
        "Autumn | 2875",
    ]


def test_figures_of_a_chart_are_written_by_their_format():
    made = series("Share", points("num", ["45658"], "dd.mm.yyyy"), points("num", ["0.125"], "0.0%"))
    assert chart(made) == ["Share", "2025-01-01 | 12.5 %"]


def test_the_x_of_a_scatter_chart_stands_with_its_y():
    made = series("Rain", points("num", ["1.5", "2"]), points("num", ["7", "9"]), "xVal", "yVal")
    assert chart(made) == ["Rain", "1.5 | 7", "2 | 9"]


def test_charts_of_newer_kinds_are_read():
    root = etree.fromstring(
        f'<x:chartSpace xmlns:x="{EXTENDED}"><x:chartData><x:data id="0"><x:strDim type="cat"><x:lvl>'
        '<x:pt idx="0">Start</x:pt><x:pt idx="1">Sales</x:pt></x:lvl></x:strDim><x:numDim type="val">'
        '<x:lvl><x:pt idx="0">100</x:pt><x:pt idx="1">20</x:pt></x:lvl></x:numDim></x:data></x:chartData>'
        "<x:chart><x:series><x:tx><x:txData><x:v>Cash</x:v></x:txData></x:tx>"
        '<x:dataId val="0"/></x:series></x:chart></x:chartSpace>'
    )
    assert list(ooxml_charts.lines_of(root)) == ["Cash", "Start | 100", "Sales | 20"]


def test_a_diagram_is_told_in_the_order_in_which_it_is_shown():
    def point(key: str, text: str, kind: str = "node") -> str:
        words = f"<d:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></d:t>"
        return f'<d:pt modelId="{key}" type="{kind}">{words}</d:pt>'

    made = point("0", "", "doc") + point("3", "Last") + point("1", "First") + point("2", "Under it")
    made += point("9", "layout", "pres")
    joined = (("0", "1", 0), ("0", "3", 1), ("1", "2", 0))
    lines = "".join(f'<d:cxn srcId="{a}" destId="{b}" srcOrd="{at}"/>' for a, b, at in joined)
    root = etree.fromstring(f"<d:dataModel {NAMES}>{made}{lines}</d:dataModel>")
    assert list(ooxml_diagrams.lines_of(root)) == ["First", "Under it", "Last"]
