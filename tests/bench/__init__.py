"""How quick it is, beside the raw parts (design 9). `python -m tests.bench [--json] [--only B1 ...]`.

"Raw" is the same bytes through the same libraries with none of our logic, in the same run on the
same machine: what counts is the ratio.
"""
