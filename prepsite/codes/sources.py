"""Official files as they are found on disk: what cannot be one is refused before it is read."""

from pathlib import Path

from prepsite.content.files import ContentError

# The largest of them, the tabular list, has some 12 MB.
MAX_BYTES = 60_000_000


def read_text(path: Path, encoding: str) -> str:
    """Return the text of an official file.

    Raises ContentError for what is no readable file, is larger than MAX_BYTES, holds NUL
    bytes as binary files do, or is not in this encoding; the message names the line.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise ContentError(f"{path}: {size:,} bytes are too many, at most {MAX_BYTES:,}.")
        data = path.read_bytes()
    except OSError as error:
        raise ContentError(f"{path}: {error.strerror}.") from error
    if b"\0" in data:
        raise ContentError(f"{path}, line {_line_of(data, data.index(0))}: is binary, not text.")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        place = _line_of(data, error.start)
        raise ContentError(f"{path}, line {place}: is not {encoding}.") from error


def _line_of(data: bytes, offset: int) -> int:
    return data.count(b"\n", 0, offset) + 1
