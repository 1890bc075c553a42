"""A package by name, since one of our dependencies installs a `tests` of its own."""
