"""Small files in the official layouts, as tests need them."""

from collections.abc import Iterable
from pathlib import Path

TABULAR = """<?xml version="1.0" encoding="utf-8"?>
<ICD10CM.tabular>
<version>2026</version>
<introduction><introSection type="title"><title>Made for tests</title></introSection></introduction>
<chapter>
<name>1</name><desc>Infections (A00-B99)</desc>
<excludes2><note>something  else (Z00)</note></excludes2>
<section id="A00-A01"><desc>Guts (A00-A01)</desc>
<diag><name>A00</name><desc>Gut fever</desc>
<inclusionTerm><note>Feverish gut</note><note>Hot gut</note></inclusionTerm>
<codeFirst><note>the cause, such as:</note><note>bad fish (T61.-)</note></codeFirst>
<excludes1><note>cold gut (A01)</note></excludes1>
<diag><name>A00.0</name><desc>Mild gut fever</desc></diag>
<diag><name>A00.9</name><desc>Gut fever, unspecified</desc></diag>
</diag>
<diag><name>A01</name><desc>Cold gut</desc></diag>
</section>
<section id="B99"><desc>Other (B99)</desc>
<diag><name>B99</name><desc>Other T/NK infection</desc></diag>
</section>
</chapter>
<chapter>
<name>19</name><desc>Injuries (S00-T88)</desc>
<section id="S06-S07"><desc>Head (S06-S07)</desc>
<diag><name>S06</name><desc>Brain injury</desc>
<sevenChrNote><note>The appropriate 7th character is to be added</note></sevenChrNote>
<sevenChrDef>
<extension char="A">initial encounter</extension><note>\tfirst visit</note>
<extension char="D">subsequent encounter</extension>
<extension char="S">sequela</extension>
</sevenChrDef>
<notes><note>7th characters D and S do not apply to codes in category S06 with 6th character 7 - \
death due to brain injury, or 8 - death due to other cause.</note></notes>
<diag><name>S06.0</name><desc>Shake</desc>
<diag placeholder="true"><name>S06.0X</name><desc>Shake</desc>
<diag><name>S06.0X7</name><desc>Shake, dead by it</desc></diag>
<diag><name>S06.0X8</name><desc>Shake, dead otherwise</desc></diag>
<diag><name>S06.0X9</name><desc>Shake, alive</desc></diag>
</diag></diag>
<diag><name>S06.1</name><desc>Bump</desc></diag>
</diag>
<diag><name>S07</name><desc>Squeeze</desc>
<sevenChrDef><extension char="A">initial encounter</extension></sevenChrDef>
</diag>
</section>
</chapter>
</ICD10CM.tabular>
"""


def write_tabular(folder: Path, text: str = TABULAR) -> Path:
    """Write a tabular list and return its path."""
    path = folder / "icd10cm_tabular_2026.xml"
    path.write_text(text, encoding="utf-8")
    return path


def addenda_line(action: str, billable: int, code: str, title: str, short: str = "") -> str:
    """Return a change in the official layout; codes stand without their dot."""
    return f"{action:<13}{billable} {code:<7} {short or title[:60]:<60} {title}"


def addenda_text(lines: Iterable[str], before: tuple[int, int], after: tuple[int, int]) -> str:
    """Return an order addenda file with the (headers, codes) of both years at its end."""
    return "\r\n".join(
        [
            *lines,
            "",
            "Headers",
            f"  {before[0]} headers in icd10cm_order_2026.txt",
            f"  {after[0]} headers in icd10cm_order_2027.txt",
            "     1 additions",
            "of which",
            "      0 revisions to long title only",
            "",
            "Codes",
            f"  {before[1]} codes in icd10cm_order_2026.txt",
            f"  {after[1]} codes in icd10cm_order_2027.txt",
            "",
        ]
    )


# What TABULAR holds: headers A00, S06, S06.0, S06.0X, S06.0X7-9, S06.1, S07.
BASE = (9, 13)


def anweb_line(
    code: str,
    text: str,
    kind: str = "3",
    added: str = "20260101",
    ends: str = "",
    effective: str = "20260101",
) -> str:
    """Return a record of the quarterly HCPCS file; modifiers are right-aligned."""
    place = f"{code:>5}" if kind in "78" else f"{code:<5}"
    head = f"{place}00100{kind}{text:<80}{text[:28]:<28}"
    return f"{head:<268}{added:<8}{effective:<8}{ends:<8}N{'':<27}"


def write_anweb(folder: Path, *lines: str, name: str = "HCPC2026_OCT_ANWEB.txt") -> Path:
    """Write a quarterly HCPCS file and return its path."""
    path = folder / name
    path.write_bytes("\r\n".join([*lines, ""]).encode("cp1252"))
    return path
