"""Views of the salary and outlook guide."""

from careers.views.estimate import estimate
from careers.views.states import compare, state, states
from careers.views.topic import index, topic

__all__ = ["compare", "estimate", "index", "state", "states", "topic"]
