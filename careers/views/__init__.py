"""Views of the salary and outlook guide."""

from careers.views.changes import changes, feed
from careers.views.estimate import estimate
from careers.views.states import compare, state, states
from careers.views.topic import index, topic

__all__ = ["changes", "compare", "estimate", "feed", "index", "state", "states", "topic"]
