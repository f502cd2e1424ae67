"""Style sheets and scripts come joined, small, and are kept for good."""

import gzip
import re

import pytest

from localchat.web import assets

LINKS = re.compile(r'(?:href|src)="([^"]*/static/[^"]*)"')
FOR_GOOD = "public, max-age=31536000, immutable"


def linked(page: str) -> list[str]:
    return LINKS.findall(page)


def test_a_page_names_one_style_sheet_and_one_script(alice, client):
    client.force_login(alice)
    for road in ("/", "/documents/", "/models/"):
        names = [link for link in linked(client.get(road).content.decode()) if "joined" in link]
        assert sorted(name.rsplit(".", 1)[1] for name in names) == ["css", "js"]


def test_what_a_page_names_is_there_for_everybody_and_is_kept(alice, client):
    client.force_login(alice)
    links = linked(client.get("/").content.decode())
    client.logout()
    for link in links:
        answer = client.get(link, headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert "Access-Control-Allow-Origin" not in answer.headers
        if "joined" in link:
            assert answer.headers["Cache-Control"] == FOR_GOOD
            assert gzip.decompress(answer.content) == client.get(link).content
        answer.close()


def test_another_name_is_not_found(client, db):
    assert client.get("/static/joined/pages.0000.css").status_code in {302, 404}


@pytest.mark.parametrize("entry", list(assets.entries()))
def test_a_script_holds_every_module_that_it_needs_once(entry):
    text = assets.script(entry).text.decode()
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
    modules = re.findall(r"^const (_\w+) = \(\(\) => \{$", text, re.MULTILINE)
    assert len(modules) == len(set(modules))
    used = re.findall(r"^const .* = (_\w+)$", text, re.MULTILINE)
    assert all(text.index(f"const {name} =") < text.index(f"= {name}\n") for name in used)


def test_every_style_sheet_is_in_the_joined_one():
    whole = assets.stylesheet().text.decode()
    for path in (assets.SOURCES / "css").glob("*.css"):
        assert (path.read_text() in whole) == (path.stem not in {"admin", "exported"})


def test_a_script_in_a_form_that_is_not_known_is_refused(tmp_path, monkeypatch):
    (tmp_path / "js").mkdir()
    (tmp_path / "js" / "odd.js").write_text("export default 1\n")
    monkeypatch.setattr(assets, "SOURCES", tmp_path)
    with pytest.raises(assets.NotJoined, match="odd: export default 1"):
        assets.script("odd")


def test_a_page_comes_packed_and_a_stream_does_not(alice, client):
    client.force_login(alice)
    page = client.get("/", headers={"Accept-Encoding": "gzip"})
    assert page.headers["Content-Encoding"] == "gzip"
    status = client.get("/api/status", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in status.headers
