"""The whole suite on SQLite, then on PostgreSQL in a child run, with one summary."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

from prepsite.bench.postgres import throwaway_server

hypothesis_settings.register_profile("suite", deadline=None, max_examples=30)
hypothesis_settings.load_profile("suite")

# More processes than this wait for the longest files only.
MOST_PROCESSES = 4
COUNTS = ("passed", "failed", "error", "skipped")
COUNTS_FILE = "PREPSITE_TEST_COUNTS"


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.register(PostgresqlOnly())
    parser.addoption(
        "--database",
        choices=["both", "sqlite", "postgresql"],
        default="both",
        help="which database to run on (default: both, one after the other)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "once: does not depend on the database; not repeated")
    config.addinivalue_line("markers", "browser: drives a real browser")


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Spread the whole suite over the processors; a few named files run in this process."""
    if config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        return 0
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def _wants(config: pytest.Config, *choices: str) -> bool:
    """Tell whether this process is to see to PostgreSQL in one of these ways."""
    is_worker = hasattr(config, "workerinput")
    is_run = not (config.option.collectonly or config.option.help or is_worker)
    return is_run and "DATABASE_URL" not in os.environ and config.option.database in choices


@pytest.hookimpl(wrapper=True)
def pytest_cmdline_main(config: pytest.Config) -> Generator[None, object, object]:
    """Run this process on SQLite and a child on PostgreSQL, as the option says."""
    if not _wants(config, "both"):
        return (yield)
    with tempfile.TemporaryDirectory() as folder:
        os.environ[COUNTS_FILE] = str(Path(folder) / "sqlite.json")
        result = yield
        counts = {"SQLite": _read_counts(Path(os.environ.pop(COUNTS_FILE)))}
        code, counts["PostgreSQL"] = _run_on_postgresql(config)
        _print_summary(counts)
        return code or result


class PostgresqlOnly:
    """Takes the place of pytest's own main where only the child is to run."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_cmdline_main(self, config: pytest.Config) -> int | None:
        return _run_on_postgresql(config)[0] if _wants(config, "postgresql") else None


def _run_on_postgresql(config: pytest.Config) -> tuple[int, dict[str, int]]:
    """Run the suite in a child on a throwaway server; return exit code and counts."""
    print("\nThe same suite on PostgreSQL:", flush=True)
    with throwaway_server() as url, tempfile.TemporaryDirectory() as folder:
        counts = Path(folder) / "postgresql.json"
        environment = os.environ | {
            "DATABASE_URL": url,
            "SECRET_KEY": "only-for-tests-" + "x" * 40,
            COUNTS_FILE: str(counts),
        }
        environment.pop("PREPSITE_TEST_VAR", None)
        arguments = [arg for arg in config.invocation_params.args if "--database" not in str(arg)]
        arguments = [arg for arg in arguments if arg not in ("both", "postgresql")]
        command = [sys.executable, "-m", "pytest", *map(str, arguments)]
        code = subprocess.run(
            command, env=environment, cwd=config.invocation_params.dir, check=False
        ).returncode
        return code, _read_counts(counts)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if "DATABASE_URL" in os.environ:
        repeated = [item for item in items if not item.get_closest_marker("once")]
        config.hook.pytest_deselected(items=[item for item in items if item not in repeated])
        items[:] = repeated


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if path := os.environ.get(COUNTS_FILE):
        counts = {name: len(terminalreporter.stats.get(name, [])) for name in COUNTS}
        Path(path).write_text(json.dumps(counts))


def _read_counts(path: Path) -> dict[str, int]:
    if not path.exists():
        return dict.fromkeys(COUNTS, 0) | {"error": 1}
    counts: dict[str, int] = json.loads(path.read_text())
    return counts


def _print_summary(counts: dict[str, dict[str, int]]) -> None:
    print()
    for name, numbers in counts.items():
        print(f"{name}: " + ", ".join(f"{number} {word}" for word, number in numbers.items()))
    total = {word: sum(numbers[word] for numbers in counts.values()) for word in COUNTS}
    failed = total["failed"] + total["error"]
    print(f"{total['passed']} passed, {failed} failed, {total['skipped']} skipped", flush=True)


@pytest.fixture(autouse=True)
def _fresh_memory() -> None:
    """Each test starts without what processes keep: rolled-back rows reuse their ids."""
    from django.core.cache import cache

    from prepsite.content import pagecache, revision
    from prepsite.discovery import listing
    from quizzes import pool, rendering, shares

    cache.clear()
    revision.forget()
    pagecache.pages.clear()
    listing.forget()
    pool.forget()
    rendering.forget()
    shares.forget()
