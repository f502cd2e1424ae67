"""Links say where they lead before they are followed; footnotes and tasks are shown."""

import pytest

from chat.html.render import render

HOST = '<span class="host">evil.example</span>'


@pytest.mark.parametrize(
    "text",
    ["[the site](https://evil.example/x)", "[https://good.example](https://evil.example/)",
     "[good.example](https://evil.example?good.example)", "[evil.example.org](https://evil.example/)",
     "[x][y]\n\n[y]: https://evil.example"],
)  # fmt: skip
def test_a_link_shows_the_host_that_its_words_do_not(text):
    assert HOST in render(text)


@pytest.mark.parametrize(
    "text",
    ["https://evil.example/x", "<https://evil.example/x>", "[evil.example](https://evil.example/)",
     "[evil.example/x](https://evil.example/x)"],
)  # fmt: skip
def test_a_link_whose_words_show_it_is_left_alone(text):
    html = render(text)
    assert 'href="https://evil.example' in html
    assert HOST not in html


def test_a_bare_address_is_a_link_and_a_bare_name_is_not():
    assert render("See https://a.example/x_y.").count("<a ") == 1
    assert render("See a.example, report.pdf and me@a.example.").count("<a ") == 0
    assert render("`https://a.example`").count("<a ") == 0


def test_a_footnote_stands_where_it_is_written():
    html = render("So it is.[^note]\n\n[^note]: In *all* years\nbut one.\n")
    assert '<p>So it is.<sup class="footnote-mark">note</sup></p>' in html
    assert (
        '<p class="footnote"><sup class="footnote-mark">note</sup> In <em>all</em> years\nbut one.</p>'
        in html
    )


def test_a_footnote_with_the_number_of_a_source_cites_it():
    assert render("So [^2].", {2}).count('class="cite"') == 1
    assert render("So [^2].", {1}) == '<p>So <sup class="footnote-mark">2</sup>.</p>\n'


def test_a_task_has_a_label():
    html = render("- [x] Read it\n")
    assert "<label>" in html
    assert "checked" in html
