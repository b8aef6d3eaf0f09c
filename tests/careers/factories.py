"""Rows and files for tests of the salary and outlook guide."""

import datetime as dt
import shutil
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.test import Client

from careers import models
from careers.files import DATA
from tests.staff import sign_in_staff

_numbers = count(1)


def make_source(**values: Any) -> models.Source:
    """Save a source."""
    number = next(_numbers)
    return models.Source.objects.create(
        **{"slug": f"source-{number}", "name": f"Source {number}"} | values
    )


def sourced(**values: Any) -> dict[str, Any]:
    """Return the columns that every sourced row needs, for a new source unless one is given."""
    values.setdefault("slug", f"row-{next(_numbers)}")
    values.setdefault("as_of", dt.date(2026, 1, 1))
    if "source" not in values:
        values["source"] = make_source()
    return values


def make_state(**values: Any) -> models.StatePay:
    """Save a state's pay."""
    defaults = {"state": "Oregon", "end": "highest", "rank": 1, "low": Decimal(50000)}
    return models.StatePay.objects.create(**sourced(**defaults | values))


def make_page(**values: Any) -> models.Page:
    """Save a page of the guide."""
    defaults = {"slug": f"page-{next(_numbers)}", "title": "A page", "nav_title": "Page"}
    return models.Page.objects.create(updated_on=dt.date(2026, 1, 1), **defaults | values)


def make_section(**values: Any) -> models.Section:
    """Save a section, on a page of its own unless one is given."""
    defaults = {"slug": f"section-{next(_numbers)}", "title": "A section"}
    if "page" not in values:
        values["page"] = make_page()
    return models.Section.objects.create(**defaults | values)


def copy_files(folder: Path) -> Path:
    """Copy the shipped files to a folder that a test may change."""
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    return folder


def change(path: Path, old: str, new: str) -> None:
    """Replace the only occurrence of a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path.name}"
    path.write_text(text.replace(old, new), encoding="utf-8")


def staff_client() -> Client:
    """Return a client signed in with all permissions."""
    user = get_user_model().objects.create_superuser(email=f"staff-{next(_numbers)}@example.org")
    client = Client()
    sign_in_staff(client, user)
    return client


def make_wages(year: int = 2031, ohio: int = 50_000) -> None:
    """Save official wages of all loaded areas, in a release after the shipped one."""
    source = make_source(name="Official test wages")
    nation = (37_000, 43_490, 51_140, 64_820, 81_150)
    wages: dict[str, tuple[int | None, ...]] = {
        "ohio": (37_000, 43_000, ohio, 60_000, 75_000),
        "virgin-islands": (None,) * 5,
    }
    for area in models.Area.objects.all():
        own = wages.get(area.slug, nation)
        columns = ("annual_p10", "annual_p25", "annual_median", "annual_p75", "annual_p90")
        models.Wage.objects.create(
            **sourced(
                slug=f"{area.slug}-{year}",
                source=source,
                area=area,
                release=dt.date(year, 5, 1),
                mean_rse=Decimal("1.7") if own[0] else None,
                **dict(zip(columns, own, strict=True)),
            )
        )
