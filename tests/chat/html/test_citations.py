"""Which sources an answer cites."""

import pytest

from chat.html.citations import numbers


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("So [2], and [1]. Again [2].", [2, 1]),
        ("[1, 2] [4-6] 【7】", [1, 2, 4, 5, 6, 7]),
        ("**bold [1]**\n\n| a |\n|---|\n| in a table [2] |\n\n- item [3]", [1, 2, 3]),
        ("`[1]`\n\n```\n[2]\n```\n\n    [3]\n\n[4](https://example.org)\n\n\\[5\\]", []),
        ("```\nnever closed [1]", []),
        ("[0] [9]", [0, 9]),
        ("[1-4000] [99999] [3-1] [1-2-3]", []),
    ],
)
def test_numbers_in_brackets_outside_code_are_citations(text, found):
    assert numbers(text) == found
