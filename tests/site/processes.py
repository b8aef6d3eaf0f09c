"""Programs that tests start: with an environment of their own, in the repository."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
# What this run of the suite has set must not reach a program under test.
OURS = {"DATABASE_URL", "SECRET_KEY", "VAR_DIR", "PREPSITE_TEST_VAR", "PREPSITE_TEST_COUNTS"}


def environment(**values: str) -> dict[str, str]:
    """Return the environment of a fresh machine with these variables."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    return kept | {"DJANGO_SETTINGS_MODULE": "prepsite.settings"} | values


def run(*arguments: str, **values: str) -> subprocess.CompletedProcess[str]:
    """Run this Python with arguments and variables; return what it printed."""
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(**values),
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
