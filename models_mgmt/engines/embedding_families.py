"""What each family of embedding models wants before a text, and which know English alone.

As their own pages state it. A model without its marks finds worse, with another's worse still.
"""

import re
from typing import NamedTuple


class Family(NamedTuple):
    name: str  # regular expression, looked for in a model's name; the first that is found counts
    question: str = ""  # what stands before a question
    passage: str = ""  # and before a passage
    english: bool = False  # it knows other languages hardly or not at all


_SENTENCE = "Represent this sentence for searching relevant passages: "
_TASK = "Given a web search query, retrieve relevant passages that answer the query"
_INSTRUCT = f"Instruct: {_TASK}\nQuery: "

FAMILIES = (
    Family(r"e5-.*instruct", _INSTRUCT),
    Family(r"multilingual-e5", "query: ", "passage: "),
    Family(r"\be5-(?:small|base|large)", "query: ", "passage: ", english=True),
    Family(r"bge-m3"),
    Family(r"bge-\w+-zh", "为这个句子生成表示以用于检索相关文章\uff1a"),
    Family(r"bge-(?:small|base|large)", _SENTENCE, english=True),
    Family(r"nomic-embed-text-v2", "search_query: ", "search_document: "),
    Family(r"nomic-embed-text", "search_query: ", "search_document: ", english=True),
    Family(r"arctic-embed(?:2|-\w+-v2)", "query: "),
    Family(r"arctic-embed", _SENTENCE, english=True),
    Family(r"mxbai-embed", _SENTENCE, english=True),
    Family(r"qwen3-embedding", f"Instruct: {_TASK}\nQuery:"),
    Family(r"gte-qwen2", _INSTRUCT),
    Family(r"gte-multilingual"),
    Family(r"gte-(?:small|base|large)", english=True),
    Family(r"embeddinggemma", "task: search result | query: ", "title: none | text: "),
    Family(r"paraphrase-multilingual"),
    Family(r"minilm", english=True),
)
UNKNOWN = Family("")


def of(model: str) -> Family:
    """The family of a model by its name, with or without a namespace and a tag."""
    name = model.lower().replace("_", "-")
    return next((each for each in FAMILIES if re.search(each.name, name)), UNKNOWN)
