"""Several tables of one sheet: below each other, and side by side."""

from documents.tables.blocks import tables_of

LEFT = [["City", "Sold"], ["Rome", "4"], ["Oslo", "6"]]
RIGHT = [["Item", "Price"], ["Pen", "2"], ["Ink", "3"], ["Nib", "5"]]


def beside(left, right, gap=1):
    height = max(len(left), len(right))
    wide = len(left[0])
    rows = [*left, *[[""] * wide] * (height - len(left))]
    others = [*right, *[[""] * len(right[0])] * (height - len(right))]
    return [[*row, *[""] * gap, *other] for row, other in zip(rows, others, strict=True)]


def filled(tables):
    return [[[cell for cell in row if cell] for row in rows] for rows in tables]


def test_two_tables_side_by_side_are_two():
    assert filled(tables_of(beside(LEFT, RIGHT))) == [LEFT, RIGHT]
    assert filled(tables_of(beside(LEFT, RIGHT, gap=3))) == [LEFT, RIGHT]


def test_so_are_three():
    rows = beside(beside(LEFT, RIGHT), [["Day", "Rain"], ["Mon", "1"], ["Tue", "9"]])
    assert len(tables_of(rows)) == 3


def test_an_empty_column_within_a_table_does_not_cut_it():
    quarters = beside(
        [["Region", "Q1"], ["North", "1"], ["South", "2"]], [["Q2", "Q3"], ["3", "4"], ["5", "6"]]
    )
    assert len(tables_of(quarters)) == 1
    noted = beside(LEFT, [["Note", "By"], ["late", "Ann"], ["soon", "Bob"]])
    assert len(tables_of(noted)) == 1


def test_a_long_table_without_a_gap_is_left_as_it_is():
    rows = [["a", "b"], *[["x", "1"]] * 500]
    assert tables_of(rows) == [rows]
