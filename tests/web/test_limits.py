"""What may be sent has limits, which the API's description states."""

import time

import pytest

SECONDS = 1.0  # of CPU; to look at each item of such a list takes several


@pytest.fixture
def described(alice_client):
    return alice_client.get("/api/openapi.json").json()


def bodies(described):
    for road, methods in described["paths"].items():
        for method, facts in methods.items():
            for content in facts.get("requestBody", {}).get("content", {}).values():
                yield f"{method} {road}", content["schema"]


def unlimited(schema, described, place):
    """Each list and text in it that may be as long as anybody likes."""
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    for name in ("anyOf", "allOf", "oneOf"):
        for each in schema.get(name, []):
            yield from unlimited(each, described, place)
    for name, each in schema.get("properties", {}).items():
        yield from unlimited(each, described, f"{place} {name}")
    if schema.get("type") == "array":
        if "maxItems" not in schema:
            yield place
        yield from unlimited(schema["items"], described, place)
    is_bounded = {"maxLength", "enum", "const", "format", "pattern"} & schema.keys()
    if schema.get("type") == "string" and not is_bounded:
        yield place


def test_every_list_and_text_of_a_body_has_its_limit(described):
    every = list(bodies(described))
    assert len(every) > 20
    found = [place for road, schema in every for place in unlimited(schema, described, road)]
    assert found == []


@pytest.mark.parametrize(
    ("road", "body"),
    [
        ("/api/chat", {"message": "And?", "history": [0] * 100_000}),
        ("/v1/chat/completions", {"messages": [0] * 100_000}),
        ("/v1/messages", {"messages": [0] * 100_000}),
        ("/v1/embeddings", {"input": [0] * 100_000}),
        ("/ollama/api/chat", {"messages": [0] * 100_000}),
        ("/api/chat", {"message": "And?", "documents": ["x"] * 100_000}),
        ("/api/documents/test", {"query": "And?", "documents": ["x"] * 100_000}),
        ("/api/documents/delete", {"documents": [-1] * 100_000}),
    ],
)
def test_a_list_that_is_too_long_is_refused_before_its_items_are_looked_at(
    alice_client, road, body
):
    began = time.process_time()
    answer = alice_client.post(road, body, content_type="application/json")
    assert time.process_time() - began < SECONDS
    assert answer.status_code == 400
    assert b"may have at most" in answer.content or b"has to be a text" in answer.content
