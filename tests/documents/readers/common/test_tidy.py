import pytest

from documents.readers.common.tidy import printed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("the hydro\x02gen pumps", "the hydrogen pumps"),
        (
            "see http://x.example/REC-xml\x02base-2001/ now",
            "see http://x.example/REC-xml-base-2001/ now",
        ),
        ("see www.x.example/tr-\nnames/", "see www.x.example/tr-names/"),
        ("at https://x.example/iso-\n9001", "at https://x.example/iso-9001"),
        ("to ann@north-\nwind.example", "to ann@north-wind.example"),
        ("http://x.example/ is hydro-\ngen", "http://x.example/ is hydrogen"),
    ],
)
def test_an_address_keeps_the_hyphen_at_which_it_is_cut(text, shown):
    assert printed(text, set()) == shown
