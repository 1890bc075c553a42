"""What every record has in common: the envelope, the types, and what a column says about itself.

A column says in `Column.info` how a clash on it is settled ("merge"), how private it is
("sensitivity", 0 to 4), and where they apply:
    "sealed_by": the boolean column of the same row that makes it as private as life-safety (4),
    "refers":    the table whose id it holds,
    "fixed":     true when it never changes after the insert (a scope may depend on it).
A column that may be withheld from a worker may be empty, and has no default: an insert names its
state, its status and its kind.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any

from sqlalchemy import JSON, Boolean, Date, DateTime, Dialect, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from sync import policy

ENVELOPE = ("id", "version", "scope", "extra")  # sync's own columns; they carry no policy

Id = Annotated[str, "id"]  # 32 hex digits of a UUIDv7, from sync.ops.new_id()
Word = Annotated[str, "word"]  # the value of a StrEnum of records.words, or a code of the reference data
List = list[Any]  # a JSON list
Pairs = dict[str, Any]  # a JSON object


def _for_sqlite(value: datetime | None) -> str | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    moment = value if value.tzinfo is UTC else value.astimezone(UTC)  # most are: they came so
    return moment.isoformat(" ", "microseconds")[:26]


class Instant(TypeDecorator[datetime]):
    """A moment: aware, in UTC. SQLite keeps no zone, so there it is stored as UTC without one.

    Raises ValueError for a moment without a zone: nobody could say when it was.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        """What sync turns a travelled ISO text into."""
        return datetime

    def bind_processor(self, dialect: Dialect) -> Any:
        """What SQLite keeps is written at once, the way SQLAlchemy's own type would: 20,000 rows of a
        sync bring 60,000 moments."""
        return _for_sqlite if dialect.name == "sqlite" else super().bind_processor(dialect)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Record(DeclarativeBase):
    """The base of every table of the product. `Record.metadata` is what sync reads."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        Id: String(32),
        Word: String(40),
        str: Text(),
        int: Integer(),
        bool: Boolean(),
        date: Date(),
        datetime: Instant(),
        List: JSON(none_as_null=True),
        Pairs: JSON(none_as_null=True),
    }


class Synced:
    """The envelope of a record that travels.

    version: the council's version of this row; 0 while the council has none.
    scope: where it lives for ever ("family:<id>", "person:<id>", "worker:<id>", "reference").
    extra: fields that a newer version sent, kept as they came; on a laptop also
        {"~withheld": [names]} of the fields this worker is not given.
    """

    id: Mapped[Id] = mapped_column(primary_key=True, sort_order=-40)
    version: Mapped[int] = mapped_column(default=0, server_default="0", sort_order=-39)
    scope: Mapped[str] = mapped_column(String(80), sort_order=-38)
    extra: Mapped[Pairs | None] = mapped_column(sort_order=-37)


def column(
    merge: policy.Policy,
    sensitivity: int,
    *,
    refers: str | None = None,
    sealed_by: str | None = None,
    fixed: bool = False,
    **settings: Any,
) -> MappedColumn[Any]:
    """A mapped column that says how it merges and how private it is.

    sensitivity: 0 reference, 1 staff, 2 personal, 3 special category, criminal-offence,
        child-protection or domestic-abuse content, 4 life-safety (domain 4.0).
    settings: SQLAlchemy's own (index, unique, default, server_default).
    """
    info: dict[str, Any] = {"merge": merge, "sensitivity": sensitivity}
    if refers is not None:
        info["refers"] = refers
    if sealed_by is not None:
        info["sealed_by"] = sealed_by
    if fixed:
        info["fixed"] = True
    return mapped_column(info=info, **settings)


def of_family() -> MappedColumn[Any]:
    """The family a record belongs to for ever; its scope comes from it."""
    return column(policy.field(), 2, refers="family", fixed=True)


def of_family_once() -> MappedColumn[Any]:
    """As `of_family`, for records that are written once."""
    return column(policy.append(), 2, refers="family", fixed=True)


def synced(
    scope: Callable[[policy.Fields], str],
    *,
    final: str | None = None,
    urgent: bool = False,
    file: policy.FileColumns | None = None,
) -> dict[str, Any]:
    """The table arguments of a record that travels (see sync.policy.Synced)."""
    return {"info": {"sync": policy.Synced(scope=scope, final=final, urgent=urgent, file=file)}}


class Written:
    """Who made the record, and when by the device's clock."""

    @declared_attr
    def written_by(cls) -> Mapped[Id | None]:
        return column(policy.field(), 1, refers="worker", fixed=True, sort_order=90)

    @declared_attr
    def written_at(cls) -> Mapped[datetime | None]:
        return column(policy.field(), 1, fixed=True, sort_order=91)


class WrittenOnce:
    """As `Written`, for records that are written once."""

    @declared_attr
    def written_by(cls) -> Mapped[Id | None]:
        return column(policy.append(), 1, refers="worker", fixed=True, sort_order=90)

    @declared_attr
    def written_at(cls) -> Mapped[datetime | None]:
        return column(policy.append(), 1, fixed=True, sort_order=91)
