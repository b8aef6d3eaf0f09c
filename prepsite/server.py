"""How the production server is started, the same wherever something starts it."""

import sys

WORKERS = 2
BLOCKING_THREADS = 1


def server_command(
    port: int, application: str = "prepsite.wsgi:application", workers: int = WORKERS
) -> list[str]:
    """Return the command that serves a WSGI application on this machine's ``port``."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", "127.0.0.1", "--port", str(port)),
        # Two threads on SQLite made the slowest answers five times slower.
        *("--workers", str(workers), "--blocking-threads", str(BLOCKING_THREADS)),
        *("--log-level", "warning"),
        application,
    ]
