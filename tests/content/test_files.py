"""Content files: YAML that holds strings only, read strictly and written back the same."""

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from prepsite.content.files import ContentError, digest_of, read_yaml, to_yaml


def read(tmp_path: Path, text: str) -> object:
    """Return what the reader makes of a file with this text."""
    path = tmp_path / "file.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    return read_yaml(path)


@pytest.mark.parametrize(
    "scalar",
    [
        *("no", "yes", "on", "null", "~", "true", "1", "1.10", "0x1F", "1e3", ".5", "010"),
        *("2026-01-01", "12:30:45", "2026-01-01 10:00:00", "E11.9", "=", "<<"),
    ],
)
def test_every_scalar_stays_as_it_was_written(tmp_path, scalar):
    assert read(tmp_path, f"value: {scalar}\n") == {"value": scalar}
    assert read(tmp_path, f"- {scalar}\n- [{scalar}]\n") == [scalar, [scalar]]


def test_keys_are_strings_too(tmp_path):
    assert read(tmp_path, "1: a\nno: b\n2026-01-01: c\n") == {
        "1": "a",
        "no": "b",
        "2026-01-01": "c",
    }


def test_an_empty_value_is_an_empty_string(tmp_path):
    assert read(tmp_path, "value:\n") == {"value": ""}


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key 'a' stands twice"),
        ("outer:\n  x: 1\n  y: 2\n  x: 3\n", 4, "the key 'x' stands twice"),
        ("- a: 1\n  a: 2\n", 2, "the key 'a' stands twice"),
        ("{a: 1, a: 2}\n", 1, "the key 'a' stands twice"),
        ("a: [1, 2\nb: 3\n", 2, ""),
        ("a: b: c\n", 1, ""),
        ("a: 1\n\tb: 2\n", 2, ""),
        ("a: 'open\n", 2, ""),
        ("a: 1\n--- \nb: 2\n", 2, ""),
        ("a: *nothing\n", 1, ""),
        ("a: 1\n? [b]\n: c\n", 2, ""),
        ("a: 1\n? {b: c}\n: c\n", 2, ""),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path, text, line, complaint):
    with pytest.raises(ContentError) as caught:
        read(tmp_path, text)
    message = str(caught.value)
    assert f"file.yaml: line {line}: " in message
    assert complaint in message


def test_bytes_that_are_no_text_are_named_with_their_file(tmp_path):
    path = tmp_path / "file.yaml"
    path.write_bytes(b"a: \xff\xfe\n")
    with pytest.raises(ContentError, match=r"file\.yaml"):
        read_yaml(path)


def test_a_control_character_is_named_with_its_file(tmp_path):
    with pytest.raises(ContentError, match=r"file\.yaml"):
        read(tmp_path, "a: x\x01y\n")


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.getcwd []", "!!python/name:os.system"])
def test_a_file_runs_nothing(tmp_path, tag):
    try:
        data = read(tmp_path, f"a: {tag}\n")
    except ContentError:
        return
    assert data in ({"a": []}, {"a": ""})


# Carriage returns and line separators count: YAML must quote what it cannot show.
texts = st.one_of(
    st.text(max_size=120),
    st.text(" \n\t:#-'\"|>&*!%@`[]{},?aé漢😀\r\x85\u2028\u2029\ufeff", max_size=30),
    st.sampled_from(
        ["no", "1.10", "2026-01-01", "- a", "a: b", " lead", "trail ", "\n x", "x\n\n"]
    ),
)
values = st.recursive(
    texts,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(texts, inner, max_size=4)),
    max_leaves=12,
)
nested = st.one_of(st.lists(values, max_size=4), st.dictionaries(texts, values, max_size=4))


@given(data=nested)
@example(data={"long": "word " * 60 + "end"})
@example(data={"two": "a\n  b\n\n c\n"})
@example(data={"tail": "a\n\n\n"})
@example(data={"key: with\ncolon": ["", {}, []]})
@example(data=["  leading\nand more", ""])
@example(data={"long": "word # hash: colon " * 9 + "x"})
@example(data=["x" * 300, "x " * 100 + "x"])
def test_what_is_written_is_read_back_the_same(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "round.yaml"
    path.write_text(to_yaml(data), encoding="utf-8", newline="")
    assert read_yaml(path) == data


@given(data=nested)
def test_writing_is_stable(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "stable.yaml"
    first = to_yaml(data)
    path.write_text(first, encoding="utf-8", newline="")
    assert to_yaml(read_yaml(path)) == first


def test_order_is_kept_and_long_text_is_folded_for_reading():
    text = to_yaml({"b": "1", "a": "word " * 40 + "end"})
    assert text.startswith(("b: '1'\na: >", "b: 1\na: >"))
    assert max(map(len, text.splitlines())) <= 100
    assert "漢" in to_yaml({"a": "漢"})


def test_the_digest_follows_names_and_contents_and_not_the_order(tmp_path):
    one, two = tmp_path / "a", tmp_path / "b"
    one.write_text("1")
    two.write_text("2")
    digest = digest_of([one, two])
    assert digest_of([two, one]) == digest
    assert len(digest) == 64
    two.write_text("3")
    changed = digest_of([one, two])
    assert changed != digest
    two.write_text("2")
    assert digest_of([one, two]) == digest
    two.rename(tmp_path / "c")
    assert digest_of([one, tmp_path / "c"]) != digest


def test_the_digest_tells_where_one_file_ends(tmp_path):
    digests = set()
    for first, second in (("12", "3"), ("1", "23"), ("123", "")):
        (tmp_path / "a").write_text(first)
        (tmp_path / "b").write_text(second)
        digests.add(digest_of([tmp_path / "a", tmp_path / "b"]))
    assert len(digests) == 3
