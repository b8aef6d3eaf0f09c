"""What the benchmark serves: the product, and Django's minimal view beside it.

Both live in the same processes and are reached through the same comparison of the path,
so that a ratio of the two compares nothing else. ``application`` is what is timed;
``counting`` counts SQL statements, ``profiling`` runs under the profiler, and what they
serve is never timed.
"""

import cProfile
import re
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connection
from django.test.utils import override_settings

from prepsite.bench.urls import MINIMAL_PATH, PROFILE, STATEMENTS_HEADER
from prepsite.wsgi import application as product

_CONTROL = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)", re.IGNORECASE)
type Environ = dict[str, Any]
type StartResponse = Callable[..., Any]


class _MinimalRequest(WSGIRequest):
    urlconf = "prepsite.bench.urls"


class _MinimalHandler(WSGIHandler):
    request_class = _MinimalRequest


with override_settings(MIDDLEWARE=[]):
    minimal = _MinimalHandler()


def application(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer from the minimal view or from the product."""
    handler = minimal if environ["PATH_INFO"] == MINIMAL_PATH else product
    return handler(environ, start_response)


def counting(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer with the number of SQL statements, transaction control aside, in a header."""
    found = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal found
        found += not _CONTROL.match(sql)
        return execute(sql, params, many, context)

    def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
        return start_response(status, [*headers, (STATEMENTS_HEADER, str(found))], exc_info)

    with connection.execute_wrapper(count):
        return application(environ, start)


# Time on the processor: what waits for the disk or for other programs costs nothing here.
_profile = cProfile.Profile(time.thread_time)


def profiling(environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
    """Answer under the profiler; the minimal view writes down what it saw and starts anew."""
    if environ["PATH_INFO"] == MINIMAL_PATH:
        # A second request in the same burst has nothing new to write down.
        if _profile.getstats():
            _profile.dump_stats(settings.VAR_DIR / PROFILE)
            _profile.clear()
        return application(environ, start_response)
    return _profile.runcall(application, environ, start_response)
