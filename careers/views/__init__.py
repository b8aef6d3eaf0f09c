"""Views of the salary and outlook guide."""

from careers.views.changes import changes, feed
from careers.views.topic import index, topic

__all__ = ["changes", "feed", "index", "topic"]
