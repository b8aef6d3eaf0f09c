"""The merges of a learner: what accounts itself keeps under one."""

from django.db.models import Q

from prepsite.accounts.models import Learner, Merge
from prepsite.accounts.registry import LearnerData, Tables, isoformat


def _count(learner: Learner) -> dict[str, int]:
    return {}


def _stay(source: Learner, target: Learner) -> None:
    """Leave merges where they are: each tells about two learners and belongs to both."""


def _export(learner: Learner) -> Tables:
    """Return when other browsers' work joined this learner's."""
    return {
        "merges": [
            {"at": merge.at.isoformat(), "undone_at": isoformat(merge.undone_at)}
            for merge in Merge.objects.filter(target=learner)
        ]
    }


def _erase(learner: Learner) -> None:
    Merge.objects.filter(Q(source=learner) | Q(target=learner)).delete()


MERGE_DATA = LearnerData(
    name="merges",
    models=(Merge,),
    count=_count,
    merge=_stay,
    unmerge=_stay,
    export=_export,
    erase=_erase,
)
