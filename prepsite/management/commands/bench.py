"""Measure the site from outside, on a scratch database; README says how to read it."""

import json
import signal
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from prepsite.bench import faults, load, report, sitters, writers
from prepsite.bench.client import ConnectionLost, TooSlow
from prepsite.bench.learner import WrongResponse
from prepsite.bench.server import BenchError, Inside, Site, scratch_site
from prepsite.server import BLOCKING_THREADS, WORKERS

PROFILE_ROWS = 40


class Command(BaseCommand):
    help = "Measure what pages cost, or kill or crowd a scratch site."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        mode = parser.add_mutually_exclusive_group()
        mode.add_argument(
            "--faults",
            type=int,
            nargs="?",
            const=200,
            metavar="N",
            help="kill the server N times (200) during answers, then look for lost ones",
        )
        mode.add_argument(
            "--writers", type=int, metavar="N", help="let N learners answer without a pause"
        )
        mode.add_argument(
            "--sitters", type=int, metavar="N", help="let N learners sit a mock, a choice each 2 s"
        )
        mode.add_argument(
            "--profile", action="store_true", help="show where the server's time goes in a loop"
        )
        parser.add_argument(
            "--postgres", action="store_true", help="on a throwaway PostgreSQL, not on SQLite"
        )
        parser.add_argument(
            "--database-url", default="", help="make the scratch database on this PostgreSQL"
        )
        parser.add_argument("--rounds", type=int, default=5)
        parser.add_argument(
            "--seconds",
            type=float,
            help="of each burst (1.5); of writers (60), sitters (180) or profile (5)",
        )
        parser.add_argument("--connections", type=int, default=16)
        parser.add_argument(
            "--only",
            action="append",
            default=[],
            choices=[target.name for target in load.TARGETS],
            help="measure this beside the minimal view; may be repeated",
        )
        parser.add_argument("--json", action="store_true", help="print the whole result as JSON")
        parser.add_argument(
            "--without-codes", action="store_true", help="prepare faster, without the code sets"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not sys.platform.startswith("linux"):
            raise CommandError("The benchmark reads processor times from /proc: Linux only.")
        # Also when told to stop it takes its servers and databases along.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit("Stopped."))
        machine = report.machine()
        try:
            self._say("Preparing a scratch site …")
            with (
                scratch_site(
                    postgres=options["postgres"],
                    database_url=options["database_url"],
                    codes=not options["without_codes"],
                ) as site,
                Inside(site) as inside,
            ):
                result, text = self._run(site, inside, machine, options)
        except (BenchError, WrongResponse, ConnectionLost, TooSlow) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(result, indent=1) if options["json"] else text)
        if complaints := result.get("complaints"):
            raise CommandError("\n".join(complaints))

    def _run(
        self, site: Site, inside: Inside, machine: dict[str, Any], options: dict[str, Any]
    ) -> tuple[dict[str, Any], str]:
        """Return what a run found, and the same as text."""
        facts = {"machine": machine, "site": inside.ask("facts")}
        heading = report.heading(**facts)
        if options["faults"] is not None:
            found = faults.run(
                site,
                inside,
                kills=options["faults"],
                connections=options["connections"],
                say=self._say,
            )
            return facts | found, f"{heading}\n{faults.text(found)}"
        if options["writers"]:
            seconds = options["seconds"] or 60
            found = writers.run(site, inside, count=options["writers"], seconds=seconds)
            return facts | found, f"{heading}\n{writers.text(found)}"
        if options["sitters"]:
            seconds = options["seconds"] or 180
            found = sitters.run(site, inside, count=options["sitters"], seconds=seconds)
            return facts | found, f"{heading}\n{sitters.text(found)}"
        if options["profile"]:
            name = options["only"][0] if options["only"] else "loop"
            (target,) = (one for one in load.TARGETS if one.name == name)
            text = load.profile(
                site, inside, target, seconds=options["seconds"] or 5, rows=PROFILE_ROWS
            )
            return facts | {"profile": text}, text
        settings = {
            "workers": WORKERS,
            "threads": BLOCKING_THREADS,
            "connections": options["connections"],
            "rounds": options["rounds"],
            "seconds": options["seconds"] or 1.5,
        }
        measured = load.measure(
            site,
            inside,
            load.chosen(options["only"]),
            rounds=settings["rounds"],
            seconds=settings["seconds"],
            connections=settings["connections"],
            say=self._say,
        )
        result = report.result_of(measured, **facts, settings=settings)
        return result, report.table(result)

    def _say(self, text: str) -> None:
        """Tell what is going on, beside the result."""
        self.stderr.write(self.style.HTTP_INFO(text))
