"""Two record stores that drift apart and come back together.

Knows no family, no screen and no web framework. Read `ops` (what changed), `policy` and `merge`
(how clashes are settled, pure), `wire` (what travels), `ports` (what a host provides), then
`device` (one round) and `hub` (the same steps seen from the council); `sql`, `http` and `memory`
are drivers.
"""
