"""Alembic runs this file for each command. Connection and tables come from `migrations.config`."""

from collections.abc import Iterable, MutableMapping
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import CreateTableOp, MigrationScript

from tfworker.council.database import metadata
from tfworker.records.base import Instant

settings = context.config.attributes


def include_name(name: str | None, kind: str, _parents: MutableMapping[Any, Any]) -> bool:
    return kind != "table" or not settings["only"] or name in settings["only"]


def include_object(item: Any, name: str | None, kind: str, _reflected: bool, _other: Any) -> bool:
    return include_name(name, kind, {})


def render(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """A frozen step names plain column types, so that it never changes with our code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    return False


def plain(_context: Any, _revision: Any, directives: Iterable[MigrationScript]) -> None:
    """Leave out what the tables say about merging: a step is about the database only."""
    for script in directives:
        for step in script.upgrade_ops.ops if script.upgrade_ops else ():
            if isinstance(step, CreateTableOp):
                step.info = {}


context.configure(
    connection=settings["connection"],
    target_metadata=metadata(),
    include_name=include_name,
    include_object=include_object,
    render_item=render,
    process_revision_directives=plain,
    compare_type=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
