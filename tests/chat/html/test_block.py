"""Answers while they are written: the blocks end as the whole render, and nothing is seen raw."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.html.render import Blocks, render

SOURCES = {1, 2, 3}

words = st.sampled_from(
    ["word", "**bold**", "*so*", "`code`", "[1]", "[9]", "[1, 2]", "【3】", "[x]", "[text][y]", "~~no~~",
     "[link](https://a.example)", "![pic](https://a.example/p.png)", "1.", "-", "|", "\\*", "&amp;", "<b>",
     "$x^2$", "\\(a", "\\(b\\)", "$$", "$5", "\\[", "c\\]", "[^n]", "[^2]", "**left", "_open", "`tick", "a_b_c", "日本語", "[", "]", "12)", "===", "https://b.example"]
)  # fmt: skip
line = st.lists(words, min_size=1, max_size=6).map(" ".join)
end = st.sampled_from(["\n", "\n\n", "\n\n\n", "  \n", "\\\n", "\r\n", "\n \n"])
paragraph = st.lists(line, min_size=1, max_size=3).map("\n".join)
heading = st.builds(lambda n, text: f"{'#' * n} {text}", st.integers(1, 6), line)
setext = st.builds(lambda text, mark: f"{text}\n{mark}", line, st.sampled_from(["---", "==="]))
fence = st.builds(
    lambda mark, info, body, close: f"{mark}{info}\n{body}\n{mark if close else ''}",
    st.sampled_from(["```", "~~~", "````", "  ```"]),
    st.sampled_from(["", "python", " js title", "nonsense"]),
    paragraph | st.just("| a |\n|---|\n\n# no\n\n    - x"),
    st.booleans() | st.just(True),
)
table = st.builds(
    lambda head, rows: "\n".join(
        [f"| {head} | b |", "|---|:-:|", *(f"| {row} | 1 |" for row in rows)]
    ),
    line,
    st.lists(line, max_size=4),
)
bare_table = st.just("a | b\n--- | ---\n1 | 2")
definition = st.sampled_from(
    ["[x]: https://x.example", "[y]: https://y.example 'title\nmore'", "[1]: report.pdf",
     "[x]: https://other.example\n'not\n\na title'"]
)  # fmt: skip
formula = st.builds(
    lambda marks, body, close: f"{marks[0]}{body}{marks[1] if close else ''}",
    st.sampled_from([("$$\n", "\n$$"), ("\\[", "\\]"), ("$$", "$$ [1]")]),
    st.sampled_from(["x", "a\n= b", "a\n- b\n+ c", "\\frac{1}{2}", "\\nope", "a\n\nb"]),
    st.booleans() | st.just(True),
)
footnote = st.builds("[^{}]: {}".format, st.sampled_from(["n", "1", "9"]), paragraph)
rule = st.sampled_from(["---", "***", "- - -", "_ _"])
indented = paragraph.map(lambda text: "    " + text.replace("\n", "\n    "))
leaf = st.one_of(
    paragraph,
    heading,
    setext,
    fence,
    table,
    bare_table,
    definition,
    rule,
    indented,
    formula,
    footnote,
)


def inside(first, following):
    return lambda text: first + text.replace("\n", "\n" + following)


def nested(children):
    marker = st.sampled_from(
        ["- ", "* ", "+ ", "1. ", "2. ", "7) ", "- [ ] ", " - ", "10. ", "-\n  "]
    )
    text = st.builds(
        "".join, st.lists(st.builds(str.__add__, children, end), min_size=1, max_size=3)
    )
    item = st.builds(lambda mark, text: inside(mark, " " * len(mark))(text), marker, text)
    return item | text.map(inside("> ", "> ")) | text.map(inside("> ", ""))


block = st.recursive(leaf, nested, max_leaves=6)
document = st.lists(st.builds(str.__add__, block, end), max_size=7).map("".join)
noise = st.text(alphabet="ab*_`~[]()<>|:-=+#1.) \t\n\r\\!&\u2028\x0b", max_size=120)


def written(text, cuts):
    """Feed the text in pieces; every block by its number, each step as (blocks, text so far)."""
    blocks, shown, closed, start, steps = Blocks(SOURCES), {}, set(), 0, []
    for cut in [*sorted(cuts), len(text)]:
        steps.append((blocks.feed(text[start:cut]), text[:cut]))
        start = max(cut, start)
    steps.append((blocks.finish(), text))
    for changed, _ in steps:
        for each in changed:
            assert each.n not in closed
            assert each.n <= max(shown, default=-1) + 1
            shown[each.n] = each.html
            closed |= set() if each.open else {each.n}
    assert closed == set(shown)
    return shown, steps


def joined(shown):
    return "".join(shown[n] for n in sorted(shown))


@settings(max_examples=150, deadline=None)
@given(st.data(), document | noise)
def test_the_blocks_end_as_the_whole_render(data, text):
    places = st.lists(st.integers(0, len(text)), max_size=min(len(text), 40))
    shown, _ = written(text, data.draw(places))
    assert joined(shown) == render(text, SOURCES)


@settings(max_examples=15, deadline=None)
@given(document)
def test_they_do_so_character_by_character(text):
    shown, _ = written(text, range(len(text)))
    assert joined(shown) == render(text, SOURCES)


def test_long_pieces_are_cut_at_the_same_places():
    table = "| a | b |\n|---|---|\n" + "| 1 | [2] |\n" * 130
    code = "```python\n" + "x = 1\n" * 430 + "```\n"
    unclosed = "1. a\n1. b\n1. c\n\n~~~js\n" + "x = 1;\n" * 400
    for text in (table, code, unclosed, table + "\n" + code + unclosed):
        for size in (17, 1000, 100_000):
            shown, _ = written(text, range(0, len(text), size))
            assert joined(shown) == render(text, SOURCES)


def test_a_block_that_may_hold_a_link_waits_for_its_definition():
    text = "See [home] there.\n\nMore.\n\n[home]: https://x.example\n"
    shown, steps = written(text, range(len(text)))
    assert 'href="https://x.example"' in shown[0]
    assert [each.open for each in steps[-1][0] if each.n == 0] == [False]
    closed_early = [each for changed, _ in steps[:-1] for each in changed if not each.open]
    assert [each.n for each in closed_early] == [1]


ANSWER = """\
## Findings

The **filter** is cleaned *twice* a day, says `manual.md` [1]. See [the site](https://a.example/x_y) too.
Another ***strong** point*:
- first **item [1]** here
- second
  1. nested `code`

| Year | Spent |
|------|------:|
| 2018 | 1,577 [2] |

```python
x = "**no**"
```

> It is ~~not~~ so 【3】.
"""


def test_nothing_is_seen_raw_while_it_is_written():
    _, steps = written(ANSWER, range(len(ANSWER)))
    for changed, so_far in steps:
        for html in (each.html for each in changed):
            text = re.sub(r"<pre.*?</pre>|<[^>]*>", "", html, flags=re.DOTALL)
            assert not re.search(r"[*`~|#\[\]【】]|https?:|--|]\(", text), (so_far[-30:], html)
            assert "<h2>" not in html or "Findings".startswith(re.sub("<.*?>", "", html).strip())


def test_closed_blocks_are_sent_once_and_the_open_one_only_when_it_changes():
    _, steps = written(ANSWER, range(len(ANSWER)))
    sent = [each for changed, _ in steps for each in changed]
    assert len({(each.n, each.html) for each in sent if each.open}) == sum(
        each.open for each in sent
    )


def test_an_item_is_closed_when_the_next_one_has_come():
    blocks = Blocks()
    blocks.feed("- one\n- two\n- thr")
    assert [(b.n, b.open) for b in blocks.feed("ee\n")] == [(1, False), (2, True)]
    assert [(b.n, b.open) for b in blocks.feed("- four\n")] == [(2, False), (3, True)]


def test_code_is_plain_until_its_fence_is_closed():
    blocks = Blocks()
    (shown,) = blocks.feed("```python\nx = 1\n")
    assert (shown.open, "<span" in shown.html) == (True, False)
    (shown,) = blocks.feed("```\n")
    assert (shown.open, "<span" in shown.html) == (False, True)
