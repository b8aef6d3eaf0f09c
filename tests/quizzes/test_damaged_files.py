"""Damaged files: a clean import or a clear refusal, and nothing changed by a refusal."""

import io
import random
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from prepsite.content.files import ContentError
from quizzes import contentload
from quizzes.interchange import formats
from quizzes.models import BlindSolve, Choice, Question, QuestionVersion
from tests.factories import make_question
from tests.quizzes.bankfiles import solved, write_bank

type Damage = Callable[[bytes], bytes]


def flip(content: bytes, chance: random.Random) -> bytes:
    """Change a few bytes at random."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def cut(content: bytes, chance: random.Random) -> bytes:
    """Leave out a piece from the middle or the end."""
    start, end = sorted(chance.choices(range(len(content)), k=2))
    return content[:start] + (content[end:] if chance.random() < 0.5 else b"")


def swap(content: bytes, chance: random.Random) -> bytes:
    """Put two lines in each other's place."""
    lines = content.split(b"\n")
    one, other = chance.choices(range(len(lines)), k=2)
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


def shift(content: bytes, chance: random.Random) -> bytes:
    """Put two columns, or what else stands between commas, in each other's place."""
    first, *rest = content.split(b"\n")
    cells = first.split(b",")
    chance.shuffle(cells)
    return b"\n".join([b",".join(cells), *rest])


def sprinkle(content: bytes, chance: random.Random) -> bytes:
    """Put in what means something to a parser."""
    pieces = [b'"', b"{", b"}", b"\\", b"~", b"=", b"#", b"::", b"\n", b"\r", b"//: ", b"\xed\xa0"]
    pieces += [b"\\ud800", b"\\u0000", b"\0", b"[" * 3_000, b"&a *a", b"- ", b": ", b"!!python"]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(content))
        content = content[:at] + chance.choice(pieces) + content[at:]
    return content


damages: st.SearchStrategy[Damage] = st.builds(
    lambda kind, seed: lambda content: kind(content, random.Random(seed)),
    st.sampled_from([flip, cut, swap, shift, sprinkle]),
    st.integers(0, 2**32),
)


def stored() -> list[Any]:
    """Return all that the bank holds."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Question, QuestionVersion, Choice, BlindSolve)
    ]


class TestDamagedFiles(TestCase):
    def setUp(self) -> None:
        make_question(key="one", note="A note: 1 = 1.", facts={"dose": "5"})
        make_question(key="two", status="draft", blind_solves=[], rationale="=1+1")
        questions = Question.objects.all()
        self.files = {
            name: formats.write(kind, questions, site_name="Site", now=None)  # type: ignore[arg-type]
            for name, kind in formats.IN.items()
        }
        # So a refused row has one beside it that would be written.
        new = Question.objects.get(key="two")
        Question.objects.filter(pk=new.pk).update(current=None)
        new.versions.all().delete()
        Question.objects.filter(pk=new.pk).delete()

    @settings(suppress_health_check=[HealthCheck.too_slow], max_examples=60)
    @given(
        st.sampled_from(list(formats.IN)),
        st.lists(damages, min_size=1, max_size=3),
        st.sampled_from(["keep", "take", "refuse"]),
        st.booleans(),
    )
    def test_items(self, name: str, kinds: list[Damage], conflict: str, dry_run: bool) -> None:
        content = self.files[name]
        for damage in kinds:
            content = damage(content) or b" "
        before = stored()
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"items.{name}"
            path.write_bytes(content)
            args = [path, "--on-conflict", conflict, *(["--dry-run"] if dry_run else [])]
            refusal = ""
            try:
                call_command("import_items", *map(str, args), stdout=io.StringIO())
            except CommandError as error:
                refusal = str(error)
        assert not refusal or (refusal.startswith("Nothing was imported.") and len(refusal) > 30)
        if refusal or dry_run:
            assert stored() == before
        assert Question.objects.filter(key="one").exists()

    @settings(suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(damages, min_size=1, max_size=2))
    def test_content_files(self, kinds: list[Damage]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            path = write_bank(root, solved(key="three"), solved(key="four"))
            content = path.read_bytes()
            for damage in kinds:
                content = damage(content) or b" "
            path.write_bytes(content)
            before = stored()
            refusal = ""
            try:
                contentload.load(root)
            except ContentError as error:
                refusal = str(error)
        if refusal:
            assert str(path) in refusal
            assert stored() == before
