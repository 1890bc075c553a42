"""The words of `tfworker council …`. What they do is in `commands`, loaded only when one is run."""

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

DATABASE = "TFWORKER_DATABASE_URL"
Subparsers = Any  # argparse names its class only in private


def add_commands(council: argparse.ArgumentParser) -> None:
    """Put the council's commands under `tfworker council`; each sets `run` to its function."""
    commands = council.add_subparsers(metavar="COMMAND", required=True)
    _init(commands)
    load = _command(
        commands, "import", "import_records", "import the central records from a folder of CSV files"
    )
    load.add_argument("folder", type=Path, metavar="DIR")
    _serve(commands)
    _users(
        commands.add_parser("user", help="who may sign in").add_subparsers(metavar="COMMAND", required=True)
    )
    _devices(commands.add_parser("device", help="laptops").add_subparsers(metavar="COMMAND", required=True))
    _grants(
        commands.add_parser("grants", help="who has what").add_subparsers(metavar="COMMAND", required=True)
    )
    files = _command(
        commands, "files", "check_files", "compare documents with their bytes; put right what can be"
    )
    files.add_argument("--read-all", action="store_true", help="read every byte again, not only count")
    audit = commands.add_parser("audit", help="who did what").add_subparsers(metavar="COMMAND", required=True)
    show = _command(audit, "show", "show_audit", "list what was done, newest last, never what a record holds")
    show.add_argument("--record", metavar="ID", help="only what was done to this record")
    show.add_argument("--author", metavar="LOGIN", help="only what this worker did")
    show.add_argument("--last", type=int, default=50, metavar="N", help="how many (default 50)")


def _command(under: Subparsers, name: str, function: str, words: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = under.add_parser(name, help=words, description=words)
    parser.add_argument("--database", metavar="URL", help=f"the council's database (or set {DATABASE})")
    parser.set_defaults(run=_later(function))
    return parser


def _later(function: str) -> Callable[[argparse.Namespace], int]:
    def run(given: argparse.Namespace) -> int:
        code: int = getattr(import_module("tfworker.council.commands"), function)(given)
        return code

    return run


def _init(commands: Subparsers) -> None:
    words = "make a council in a database, or bring an older one up to date"
    init = _command(commands, "init", "init", words)
    init.add_argument("--programme", metavar="NAME", help="what the programme is called here")
    init.add_argument("--council", metavar="NAME", help="the council's name")
    numbers = "a number for the lock screen; may be given several times"
    init.add_argument("--emergency", metavar="NAME=PHONE", action="append", help=numbers)


def _serve(commands: Subparsers) -> None:
    serve = _command(commands, "serve", "serve", "serve the council to laptops")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8417, help="0: any free port (default 8417)")
    serve.add_argument(
        "--certificate", type=Path, metavar="FILE", help="PEM; the service then speaks TLS itself"
    )
    serve.add_argument("--key", type=Path, metavar="FILE", help="PEM key of the certificate")
    words = "a proxy at this address (default 127.0.0.1) stands in front and adds TLS"
    serve.add_argument("--behind-proxy", metavar="ADDRESS", nargs="?", const="127.0.0.1", help=words)


def _users(user: Subparsers) -> None:
    login = "staff number or work e-mail"
    words = {
        "add": ("add_user", "let a worker sign in; asks for her first password"),
        "password": ("set_password", "give a worker a new password; ends her sign-ins, keeps her work"),
        "disable": ("disable_user", "refuse a worker from the next request on"),
        "enable": ("enable_user", "let a disabled worker sign in again"),
    }
    for name, (function, help_text) in words.items():
        _command(user, name, function, help_text).add_argument("login", metavar="LOGIN", help=login)
    _command(user, "list", "list_users", "list the workers and who of them may sign in")


def _grants(grants: Subparsers) -> None:
    _command(grants, "show", "show_grants", "say what waits because it would take much from many at once")
    _command(grants, "confirm", "confirm_grants", "let it be taken away: laptops remove it as they sync")
    limit = _command(
        grants, "limit", "limit_grants", "set how much may be taken away without being confirmed"
    )
    limit.add_argument(
        "--percent", type=int, default=50, metavar="N", help="of what one user has (default 50)"
    )
    limit.add_argument(
        "--users", type=int, default=5, metavar="N", help="who may lose so much at once (default 5)"
    )


def _devices(device: Subparsers) -> None:
    code = _command(device, "code", "make_code", "make a one-time code that lets one laptop of a worker in")
    code.add_argument("login", metavar="LOGIN", help="staff number or work e-mail")
    code.add_argument(
        "--minutes", type=int, default=10, metavar="N", help="its life, 10 to 1440 (default 10)"
    )
    _command(device, "list", "list_devices", "list the laptops")
    words = {
        "lost": "refuse a laptop that was lost or stolen",
        "suspend": "refuse a laptop for the time being",
        "activate": "let a refused laptop connect again",
    }
    for name, help_text in words.items():
        parser = _command(device, name, f"{name}_device", help_text)
        parser.add_argument("device", metavar="ID", help="as `device list` shows it")
