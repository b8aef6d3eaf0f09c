"""Each test starts with an empty process: the database of the last one is gone."""

import pytest

from prepsite.content import pagecache, revision


@pytest.fixture(autouse=True)
def empty_process() -> None:
    """Forget pages and revision that an earlier test left in memory."""
    pagecache.pages.clear()
    revision.forget()
