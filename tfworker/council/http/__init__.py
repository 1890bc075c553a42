"""The council's doors for laptops: enrol, token, push, pull, and two for whoever watches the service."""

from tfworker.council.http.app import create_app

__all__ = ["create_app"]
