"""Every check of the bank that a program makes, each with an id, a severity and a scope.

``check_content --list`` prints them. A check is a function under ``@item_check`` or
``@bank_check`` in a module named for its subject; its name is its id and its first line
its description.
"""

from quizzes.checks import (
    arithmetic,
    balance,
    blindness,
    codes,
    injuries,
    options,
    patients,
    payers,
    sequencing,
    similarity,
    wording,
)
from quizzes.checks.model import BankCheck, Check, ItemCheck, Problem, Severity

MODULES = (
    codes,
    options,
    wording,
    patients,
    injuries,
    sequencing,
    arithmetic,
    payers,
    blindness,
    similarity,
    balance,
)

# What reading the files itself finds: an item that is none cannot be checked further.
SCHEMA = Check(
    "schema",
    Severity.ERROR,
    "item",
    "The file is well formed: fields, four distinct options, a key, and reasons for the others.",
    (1, 2, 3, 4),
)

CHECKS: tuple[Check, ...] = (
    SCHEMA,
    *(value for module in MODULES for value in vars(module).values() if isinstance(value, Check)),
)
ITEM_CHECKS = [check for check in CHECKS if isinstance(check, ItemCheck)]
BANK_CHECKS = [check for check in CHECKS if isinstance(check, BankCheck)]

# The ids of the checks that compare an item with others.
COMPARING = frozenset(check.id for check in BANK_CHECKS)

__all__ = ["BANK_CHECKS", "CHECKS", "COMPARING", "ITEM_CHECKS", "SCHEMA", "Check", "Problem"]
