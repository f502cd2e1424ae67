"""Code of an answer as a page: what goes with it, and what is taken out."""

import re

import pytest

from chat.html.preview import page
from chat.html.render import render


def test_the_page_goes_with_a_policy_that_allows_nothing(alice_client):
    answer = alice_client.post("/preview/", {"code": "<h1 style='color:red'>Hello</h1>"})
    assert answer.content.decode() == "<!doctype html><h1 style='color:red'>Hello</h1>"
    policy = dict(
        part.strip().partition(" ")[::2]
        for part in answer.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["sandbox"] == ""
    assert policy["style-src"] == "'unsafe-inline'"
    assert policy["img-src"] == policy["font-src"] == "data:"
    assert policy["frame-ancestors"] == "'self'"
    assert not {"script-src", "connect-src", "frame-src"} & policy.keys()
    assert answer.headers["X-DNS-Prefetch-Control"] == "off"


def test_it_is_only_posted_to_with_the_pages_own_token(alice):
    from django.test import Client

    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    assert strict.get("/preview/").status_code == 405
    assert strict.post("/preview/", {"code": "x"}).status_code == 403


@pytest.mark.parametrize(
    "code",
    [
        "<link rel=preconnect href=//x.test>",
        "<LINK\n rel=dns-prefetch>",
        "</meta/><Base>",
        "<svg:link>",
    ],
)
def test_what_greets_other_hosts_is_no_such_thing_any_more(code):
    assert not re.search(r"<[/\s]*(link|meta|base)\b", page(code), re.IGNORECASE) or "svg:" in code


def test_a_drawing_stands_in_a_page():
    made = page('<?xml version="1.0"?>\n<svg viewBox="0 0 9 9"><circle r="4"/></svg>')
    assert made.startswith("<!doctype html>")
    assert made.endswith('<svg viewBox="0 0 9 9"><circle r="4"/></svg>')


@pytest.mark.parametrize("name", ["html", "svg", "xhtml"])
def test_code_says_that_it_can_be_seen(name):
    assert f'<pre data-language="{name}">' in render(f"```{name}\n<b>x</b>\n```")
