"""The way from a laptop to a council that is served at some address."""

from sync.http.client import HubClient, Patience
from sync.http.transport import HttpTransport
from tests.processes.laptops import Notes

PATIENCE = Patience(connect_s=10, silence_s=30, total_s=60)


def way_to(url: str, notes: Notes) -> HttpTransport:
    """A signed-in laptop's way to a council that is served at this address."""
    return HttpTransport(HubClient(url, PATIENCE), notes.token)
