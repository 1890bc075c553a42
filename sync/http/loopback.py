"""Which addresses stay on this machine: only there may records travel in the clear."""

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine itself; a name other than localhost never is."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
