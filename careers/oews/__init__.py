"""Official wages: the occupational wage survey (OEWS) of the US Bureau of Labor Statistics."""
