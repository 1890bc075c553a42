"""The driver that reaches the hub over HTTP: `client.HubClient`, `transport.HttpTransport`.

`packing` is shared with whoever serves the hub.
"""
