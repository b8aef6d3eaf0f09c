"""Official wages state by state: table, a page for each state, comparison."""
