"""The place of service codes."""

import pytest

from prepsite.codes import placeofservice
from prepsite.codes.models import PlaceOfService
from prepsite.content.files import ContentError

HEAD = "code,name,description,effective_from\n"
GOOD = "11,Office,A practice room,\n"


def test_the_shipped_table_is_whole():
    rows = {row.code: row for row in placeofservice.read_table()}
    assert len(rows) == 52
    for row in rows.values():
        row.clean_fields()
    assert rows["11"].name == "Office"
    assert rows["11"].effective_from is None
    assert str(rows["10"].effective_from) == "2022-01-01"


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("1,Office,A room,\n", "code"),
        ("١١,Office,A room,\n", "code"),
        (GOOD, "code"),
        ("12,,A room,\n", "name"),
        ("12,Home,,\n", "description"),
        ("12,Home,A room,soon\n", "effective_from"),
        ("12,Home,A room\n", "columns"),
    ],
)
def test_a_bad_line_is_named_with_line_and_field(tmp_path, line, field):
    path = tmp_path / "pos.csv"
    path.write_text(HEAD + GOOD + line, encoding="utf-8")
    with pytest.raises(ContentError, match="line 3") as caught:
        placeofservice.read_table(path)
    assert field in str(caught.value)


@pytest.mark.django_db
def test_a_load_makes_the_stored_table_the_files():
    PlaceOfService.objects.create(code="98", name="Nowhere", description="Gone")
    PlaceOfService.objects.create(code="11", name="Changed", description="Changed")
    assert placeofservice.load() == placeofservice.load() == 52
    assert PlaceOfService.objects.count() == 52
    assert PlaceOfService.objects.get(code="11").name == "Office"
