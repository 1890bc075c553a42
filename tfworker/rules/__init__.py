"""The verbs: pure functions over plain values. No database, no clock, no file.

A record comes in as a mapping {column: value} with Python's own dates and aware moments, as
`records` names its columns; what a council may change comes in through `data`.
"""
