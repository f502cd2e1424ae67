"""Under which licences the packages are, and that a new one cannot bind more than the LGPL."""

import pytest

from tests import licences


def test_the_page_of_licences_is_of_what_is_pinned():
    assert list(licences.problems()) == []
    assert licences.PAGE.read_text() == licences.page()


@pytest.mark.parametrize(
    "said", ["MIT", "Apache-2.0 OR GPL-3.0", "LGPL-3.0-only", "MPL-2.0 AND MIT", "BSD, MIT License"]
)
def test_what_binds_no_more_than_the_lgpl_is_taken(said):
    assert licences.refused(said) == ""


@pytest.mark.parametrize(
    "said",
    [
        "GPL-3.0-only",
        "AGPL-3.0",
        "MIT AND GPL-2.0-or-later",
        "GNU General Public License v3 (GPLv3)",
        "Other/Proprietary License",
        "SSPL-1.0 OR AGPL-3.0",
    ],
)
def test_what_binds_more_or_is_not_known_is_refused(said):
    assert licences.refused(said) == said.rpartition(" AND ")[2]
