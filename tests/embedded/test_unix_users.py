"""Who web and workers run as, where root starts them."""

import os

import pytest

from localchat.embedded.services import CHECKOUT
from localchat.embedded.unix_users import Account, why_root

# Each bit is looked at as for anybody else, so that our own folders will do.
ME = Account("me", os.geteuid(), os.getegid())


def test_weights_among_the_data_are_handed_over(tmp_path, monkeypatch):
    weights = tmp_path / "data" / "weights"
    weights.mkdir(mode=0o000, parents=True)
    monkeypatch.setenv("LOCALCHAT_WEIGHTS", str(weights))
    assert why_root(ME, CHECKOUT, tmp_path / "data") == ""


@pytest.mark.parametrize(("mode", "said"), [(0o755, ""), (0o000, "me cannot reach {}")])
def test_web_and_workers_stay_root_where_others_cannot_reach_the_weights(
    tmp_path, monkeypatch, mode, said
):
    weights = tmp_path / "weights"
    weights.mkdir(mode=mode)
    monkeypatch.setenv("LOCALCHAT_WEIGHTS", str(weights))
    assert why_root(ME, CHECKOUT, tmp_path / "data") == said.format(weights)
    weights.chmod(0o700)
