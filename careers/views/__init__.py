"""Views of the salary and outlook guide."""

from careers.views.states import compare, state, states
from careers.views.topic import index, topic

__all__ = ["compare", "index", "state", "states", "topic"]
