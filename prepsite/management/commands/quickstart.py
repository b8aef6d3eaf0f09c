"""Serve the site from a fresh clone with one command, and again in seconds.

Each step skips what is unchanged: migrations by Django's own record, code sets and
content by their digests, static files by the digest of their sources. The server is the
production server; this process becomes it.
"""

import getpass
import hashlib
import os
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.staticfiles.finders import get_finders
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email

from prepsite.accounts import second_factor
from prepsite.accounts.models import User
from prepsite.content.models import LoadedDigest
from prepsite.server import server_command


class Command(BaseCommand):
    help = "Prepare everything that is missing, then serve on http://127.0.0.1:8000."
    # They ask the database, whose folder a first start has yet to make.
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument(
            "--admin",
            action="store_true",
            help="ask for the address and password of a staff account",
        )
        parser.add_argument(
            "--without-codes", action="store_true", help="do not load ICD-10-CM and HCPCS"
        )
        parser.add_argument(
            "--prepare-only", action="store_true", help="do all but serve, for deployment"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        self.check()
        self._step("Database", lambda: call_command("migrate", verbosity=0))
        call_command("staff_groups", stdout=self.stdout)
        codes_before = _loaded_codes()
        if not options["without_codes"]:
            self._step("Code sets", lambda: call_command("load_codes", stdout=self.stdout))
        self._step("Questions", lambda: call_command("load_content", stdout=self.stdout))
        if _loaded_codes() != codes_before:
            self._step("Checks", lambda: call_command("refresh_findings", stdout=self.stdout))
        self._step("Career guide", lambda: call_command("load_careers", stdout=self.stdout))
        self._step("Static files", self._collect_static)
        if options["admin"]:
            self._make_admin(options["port"])
        self.stdout.write(f"Ready after {time.monotonic() - started:.1f} s.")
        if not options["prepare_only"]:
            self._serve(options["port"])

    def _step(self, name: str, work: Any) -> None:
        self.stdout.write(f"{name} …")
        self.stdout.flush()
        work()

    def _collect_static(self) -> None:
        """Collect static files unless their sources are the ones collected last."""
        digest = hashlib.sha256(settings.STORAGES["staticfiles"]["BACKEND"].encode())
        for finder in get_finders():
            for path, storage in finder.list([]):
                stat = Path(storage.path(path)).stat()
                digest.update(f"{path}:{stat.st_size}:{stat.st_mtime_ns}\n".encode())
        stamp = settings.STATIC_ROOT / ".digest"
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        stamp.write_text(digest.hexdigest())

    def _make_admin(self, port: int = 8000) -> None:
        """Ask for a staff account; there is never a default one."""
        email = input("E-mail address of the staff account: ").strip().lower()
        password = getpass.getpass("Password: ")
        try:
            validate_email(email)
            validate_password(password, User(email=email))
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        if User.objects.filter(email=email).exists():
            raise CommandError(f"{email} has an account already.")
        user = User.objects.create_superuser(email, password)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        self.stdout.write(
            f"{email} has an account. The workplace at /admin/ also takes a second factor:"
            " within one hour open this link and sign in to set it up.\n"
            f"{_site_address(port)}{second_factor.link_path(user)}"
        )

    def _serve(self, port: int) -> None:
        self.stdout.write(f"Serving on http://127.0.0.1:{port} (stop with Ctrl+C)")
        self.stdout.flush()
        os.environ["DJANGO_SETTINGS_MODULE"] = os.environ.get(
            "DJANGO_SETTINGS_MODULE", "prepsite.settings"
        )
        os.chdir(settings.BASE_DIR)
        command = server_command(port)
        os.execv(command[0], command)  # noqa: S606  (no shell: the server takes this process's place)


def _loaded_codes() -> dict[str, str]:
    """Return which code sets the items were last held against."""
    return dict(
        LoadedDigest.objects.filter(name__startswith="codes.").values_list("name", "digest")
    )


def _site_address(port: int) -> str:
    """Return where people reach the site; on this machine by a name, as passkeys need one."""
    if settings.SITE_URL.startswith("http://127.0.0.1"):
        return f"http://localhost:{port}"
    return str(settings.SITE_URL)
