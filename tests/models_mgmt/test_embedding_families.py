"""What each family of embedding models wants before a text."""

import pytest

from models_mgmt.engines import embedding_families


@pytest.mark.parametrize(
    ("name", "question", "passage"),
    [
        ("multilingual-e5-small", "query: ", "passage: "),
        ("jeffh/intfloat-multilingual-e5-large:f16", "query: ", "passage: "),
        ("intfloat/multilingual-e5-large-instruct", "Instruct: ", ""),
        ("intfloat/e5-base-v2", "query: ", "passage: "),
        ("nomic-embed-text:latest", "search_query: ", "search_document: "),
        ("nomic-ai/nomic-embed-text-v1.5", "search_query: ", "search_document: "),
        ("bge-m3:567m", "", ""),
        ("BAAI/bge-large-en-v1.5", "Represent this sentence", ""),
        ("snowflake-arctic-embed2:568m", "query: ", ""),
        ("Snowflake/snowflake-arctic-embed-l-v2.0", "query: ", ""),
        ("snowflake-arctic-embed:33m", "Represent this sentence", ""),
        ("mxbai-embed-large", "Represent this sentence", ""),
        ("qwen3-embedding:0.6b", "Instruct: ", ""),
        ("Alibaba-NLP/gte-multilingual-base", "", ""),
        ("embeddinggemma:300m", "task: search result | query: ", "title: none | text: "),
        ("all-minilm:22m", "", ""),
        ("one-of-my-own:latest", "", ""),
    ],
)
def test_a_text_is_marked_as_the_models_own_page_has_it(name, question, passage):
    family = embedding_families.of(name)
    assert family.question.startswith(question)
    assert bool(family.question) is bool(question)
    assert family.passage == passage


@pytest.mark.parametrize(
    ("name", "english"),
    [
        ("all-minilm-l6-v2", True),
        ("nomic-embed-text", True),
        ("nomic-embed-text-v2-moe", False),
        ("multilingual-e5-small", False),
        ("bge-m3", False),
        ("paraphrase-multilingual-minilm-l12-v2", False),
        ("one-of-my-own", False),
    ],
)
def test_which_models_know_english_alone_is_known(name, english):
    assert embedding_families.of(name).english is english
