"""A process that has imported everything, and forks production servers from itself.

Starting Python and importing the site takes over a second for each process, two hundred
times over. The forked server runs the same command with the same workers; nothing has
connected to the database or answered a request before the fork.
"""

import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from django.urls import get_resolver

_NURSERY = "from prepsite.bench import nursery; nursery.serve()"


class Nursery:
    """Starts servers for a site's environment, each in a process group of its own."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self._process = subprocess.Popen(  # noqa: S603  (our own module)
            [sys.executable, "-c", _NURSERY],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, command: list[str], log: Path) -> int:
        """Run what ``python -m granian`` would with a server command; return its group."""
        assert self._process.stdin is not None  # noqa: S101  (for the type checker)
        assert self._process.stdout is not None  # noqa: S101
        print(json.dumps([command, str(log)]), file=self._process.stdin, flush=True)
        return int(self._process.stdout.readline())

    def close(self) -> None:
        """End the nursery; servers that still run go on."""
        self._process.communicate()


def serve() -> None:
    """Fork a server for each line of JSON, a command and a log file, and print its group."""
    import prepsite.bench.wsgi  # noqa: F401  (sets Django up)

    # Else each worker would import the routes at its first request.
    _ = get_resolver().url_patterns
    for line in sys.stdin:
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        command, log = json.loads(line)
        child = os.fork()
        if child == 0:
            _become_server(command, log)
        # Both sides set it: whoever comes first, it is set when either goes on.
        with suppress(OSError):
            os.setpgid(child, child)
        print(child, flush=True)


def _become_server(command: list[str], log: str) -> None:
    from granian.cli import entrypoint

    with suppress(OSError):
        os.setpgid(0, 0)
    for descriptor, path in ((0, os.devnull), (1, log), (2, log)):
        os.dup2(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT), descriptor)
    sys.argv = command[command.index("granian") :]
    try:
        entrypoint()  # type: ignore[no-untyped-call]
    finally:
        os._exit(1)
