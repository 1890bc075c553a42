"""The central records service: HTTP, accounts, devices, grants, the ledger and its command line.

`service.Council` holds the parts; `http.create_app` shows them to laptops; `serve` runs them.
"""
