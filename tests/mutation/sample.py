"""A module to make faults in, for the tests of the tool itself."""


def is_over(limit: int, value: int) -> bool:
    """Whether a value is over its limit."""
    return value > limit
