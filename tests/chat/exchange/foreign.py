"""Small exports of other programs, in their forms, of our own making."""


def chatgpt(**facts):
    """A question with two answers; one of them used a tool, thought, and was asked on."""

    def node(key, parent, role, parts, **more):
        content = {"content_type": "text", "parts": parts}
        message = {
            "author": {"role": role},
            "content": content,
            "create_time": 1700000000.5,
            **more,
        }
        return key, {"id": key, "parent": parent, "children": [], "message": message}

    gpt = {"metadata": {"model_slug": "gpt-4o"}, "status": "finished_successfully"}
    thought = {"content_type": "thoughts", "thoughts": [{"summary": "s", "content": "Let me see."}]}
    nodes = [
        ("root", {"id": "root", "parent": None, "children": ["sys"], "message": None}),
        node(
            "sys", "root", "system", [""], metadata={"is_visually_hidden_from_conversation": True}
        ),
        node("q1", "sys", "user", ["When was the harbour dredged?"]),
        node("a1", "q1", "assistant", ["Long ago."], **gpt),
        node("t1", "q1", "assistant", [], **{**gpt, "content": thought}),
        node("call", "t1", "assistant", ["search('harbour')"], recipient="web", **gpt),
        node("tool", "call", "tool", ["result"]),
        node("a2", "tool", "assistant", ["In 1987.\ue200cite\ue202turn0search1\ue201"], **gpt),
        node("a3", "a2", "assistant", ["By the town."], **gpt),
        node("q2", "a3", "user", [{"content_type": "image_asset_pointer"}, "And this one?"]),
        node("a4", "q2", "assistant", ["Never."], **gpt),
    ]
    whole = {
        "title": "Harbour work",
        "create_time": 1700000000.0,
        "update_time": 1700000900.0,
        "mapping": dict(nodes),
        "current_node": "a4",
        "conversation_id": "c-1",
        "is_archived": True,
    }
    return [{**whole, **facts}]


def open_webui(**facts):
    """A question with answers of two models, the second with sources, thoughts and a verdict."""
    thought = '<details type="reasoning" done="true" duration="2">\n<summary>Thought</summary>\n&gt; Let me\n&gt; see.\n</details>\n'
    passages = {
        "source": {"id": "f1", "name": "Harbour files"},
        "document": ["The harbour was dredged in 1987.", "Twice.", "By the town."],
        "metadata": [
            {"source": "a", "name": "harbour.pdf", "page": 3},
            {"source": "a", "name": "harbour.pdf", "page": 4},
            {"source": "b", "name": "town.txt"},
        ],
    }
    question = {"id": "u", "parentId": None, "role": "user", "content": "When?"}
    one = {"id": "x", "parentId": "u", "role": "assistant", "content": "No idea.", "model": "a:1b"}
    two = {
        "id": "y",
        "parentId": "u",
        "role": "assistant",
        "content": f"{thought}In 1987 [1], by the town [2].",
        "model": "b:7b",
        "timestamp": 1700000100,
        "sources": [passages],
        "annotation": {"rating": -1, "comment": "too short"},
    }
    history = {"messages": {"u": question, "x": one, "y": two}, "currentId": "y"}
    chat = {"title": "Harbour", "history": history, "tags": ["Ships"], "timestamp": 1700000000000}
    whole = {"id": "w-1", "title": "Harbour", "chat": chat, "created_at": 1700000000}
    return [{**whole, "updated_at": 1700000200, "pinned": True, "archived": False, **facts}]
