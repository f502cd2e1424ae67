"""Whatever the API's descriptions allow, and what they do not, is sent to every road."""

import subprocess
import sys

import pytest

pytestmark = [pytest.mark.fuzz, pytest.mark.timeout(3600)]

# An engine or a registry that cannot be reached is told by 502 and 503, in words.
CONFIG = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "3xx", "4xx", "502", "503"]
"""


@pytest.mark.parametrize(
    ("schema", "share"), [("/api/openapi.json", 0.8), ("/v1/openapi.json", 0.2)]
)
def test_nothing_that_is_sent_makes_a_5xx(live, seconds, tmp_path, schema, share):
    config = tmp_path / "schemathesis.toml"
    config.write_text(CONFIG)
    ran = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
            *("run", f"{live.url}{schema}", "--checks", "not_a_server_error"),
            *("--max-time", str(max(1, int(seconds * share))), "--request-timeout", "90"),
            *("--phases", "coverage,fuzzing", "--continue-on-failure", "--no-color"),
            *("--suppress-health-check", "all", "--generation-database", "none"),
            *("--warnings", "off"),
        ],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-2000:]
    assert live.http.get("/readyz").status_code == 200
