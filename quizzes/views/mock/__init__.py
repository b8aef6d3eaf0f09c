"""Pages of the mock exam: its start, its questions, its report."""
