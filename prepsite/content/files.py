"""Content files: YAML in which every scalar is a string.

``no``, ``1.10`` and ``2026-01-01`` keep the form in which they were written; the schema
of each kind of content gives them their types.
"""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml


class ContentError(Exception):
    """A content file cannot be used; the message names file, item and field."""


class _StringsLoader(yaml.CBaseLoader):
    """A loader that refuses a mapping in which a key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key must be plain text", key_node.start_mark
                )
            if key_node.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key_node.value!r} stands twice", key_node.start_mark
                )
            seen.add(key_node.value)
        return super().construct_mapping(node, deep)


class _StringsDumper(yaml.BaseDumper):
    """The exact counterpart: strings only, long ones folded, nothing said by reference."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


WIDTH = 92
# YAML takes them for ends of lines, and only a double-quoted scalar keeps them.
OTHER_LINE_ENDS = "\x85\u2028\u2029"


def _represent_text(dumper: yaml.BaseDumper, text: str) -> yaml.ScalarNode:
    style = None
    if any(character in text for character in OTHER_LINE_ENDS):
        style = '"'
    elif "\n" in text:
        style = "|"
    elif len(text) > 72 and text == text.strip() and "  " not in text:
        style = ">"
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_StringsDumper.add_representer(str, _represent_text)
_StringsDumper.add_representer(
    list, lambda dumper, data: dumper.represent_sequence("tag:yaml.org,2002:seq", data)
)
_StringsDumper.add_representer(
    dict, lambda dumper, data: dumper.represent_mapping("tag:yaml.org,2002:map", data.items())
)


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file, all scalars as strings.

    Raises ContentError, with file and line, for broken YAML and for repeated keys.
    """
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_StringsLoader)  # noqa: S506
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = f"line {mark.line + 1}: " if mark else ""
        raise ContentError(f"{path}: {line}{error.problem}") from error
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise ContentError(f"{path}: {error}") from error


def to_yaml(data: Any) -> str:
    """Return lists and dicts of strings as YAML that ``read_yaml`` turns back into them."""
    return yaml.dump(
        data,
        Dumper=_StringsDumper,
        sort_keys=False,
        allow_unicode=True,
        width=WIDTH,
        default_flow_style=False,
    )


def digest_of(paths: Iterable[Path]) -> str:
    """Return one SHA-256 over names and contents of files, in the order of their names."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
