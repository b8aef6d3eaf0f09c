"""Settings of the tests: as in production, with nothing written outside a fresh folder."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "PREPSITE_TEST_VAR" not in os.environ:
    os.environ["PREPSITE_TEST_VAR"] = tempfile.mkdtemp(prefix="prepsite-test-")
    atexit.register(shutil.rmtree, os.environ["PREPSITE_TEST_VAR"], ignore_errors=True)
# Processes that share the tests share no file: neither database nor cache nor mail.
os.environ["VAR_DIR"] = str(
    Path(os.environ["PREPSITE_TEST_VAR"]) / os.environ.get("PYTEST_XDIST_WORKER", "")
)

from prepsite.settings import *  # noqa: F403
from prepsite.settings import DATABASES, STORAGES

# Hashing slowly protects real passwords; these are none.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Hashed names need a collected folder.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
if "pool" in DATABASES["default"]["OPTIONS"]:
    # A pool's idle connections keep the test database from being dropped.
    DATABASES["default"]["OPTIONS"] = {}
if "init_command" in DATABASES["default"]["OPTIONS"]:
    # No test cuts the power; what a killed process has committed stays without waiting for
    # the disk. Tests that start the product's own settings wait as it does.
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
