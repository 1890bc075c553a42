"""Is anything lost, doubled or torn? What must hold of a laptop, of a ledger, and between the two."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from sync.hub.ledger import link
from sync.ops import CHAIN_START, DIGEST_MODULUS, Act, chain, commit, decode_content, record_digest
from sync.sql import Schema
from tests.processes import filing
from tests.processes.laptops import Laptop

WITHHELD = "~withheld"


def waiting(connection: Connection, schema: Schema) -> list[Any]:
    """The ops without a receipt, in the order of their saves."""
    op = schema.own("op")
    queue = schema.own("queue")
    return list(connection.execute(select(op).join(queue, queue.c.pos == op.c.pos).order_by(op.c.pos)))


def faults_of_store(laptop: Laptop, acknowledged: set[str]) -> list[str]:
    """What is wrong with a laptop that was just opened again after a kill, before anything else."""
    found = laptop.broken()
    with laptop.read() as connection:
        op, receipt = laptop.schema.own("op"), laptop.schema.own("receipt")
        ops = set(connection.execute(select(op.c.op_id)).scalars())
        ops |= set(connection.execute(select(receipt.c.op_id)).scalars())
        found += [f"acknowledged save {op_id} is gone" for op_id in acknowledged - ops]
        found += _torn_chain(connection, laptop.schema)
        found += _torn_rows(connection, laptop.schema)
    return found


def _torn_chain(connection: Connection, schema: Schema) -> Iterator[str]:
    op, state = schema.own("op"), schema.own("device_state")
    rows = list(connection.execute(select(op).where(op.c.n > 0).order_by(op.c.n)))
    head = ""
    for before, row in zip([None, *rows], rows, strict=False):
        if before is None and row.n > 1:
            head = row.chain  # what came before has been cleared away
            continue
        if before is not None and row.n != before.n + 1:
            yield f"op {row.n} follows op {before.n}"
        head = chain(head or CHAIN_START, row.op_id, row.commitment or commit(row.salt, bytes(row.content)))
        if head != row.chain:
            yield f"op {row.n} breaks the chain"
    found = connection.execute(select(state.c.n, state.c.chain)).one_or_none()
    if rows and (found is None or (found.n, found.chain) != (rows[-1].n, rows[-1].chain)):
        yield "the end of the chain is not the last op"


def _torn_rows(connection: Connection, schema: Schema) -> Iterator[str]:
    """A row without its op, or an op whose row does not show it."""
    last: dict[tuple[str, str], dict[str, Any]] = {}
    inserted = set()
    for row in waiting(connection, schema):
        if row.kind in (Act.INSERT, Act.UPDATE):
            patch = schema[row.table_name].stored(decode_content(bytes(row.content)).patch)[0]
            last.setdefault((row.table_name, row.record), {}).update(patch)
        if row.kind == Act.INSERT:
            inserted.add((row.table_name, row.record))
    for (name, record), shown in last.items():
        table = schema[name].table
        found = connection.execute(select(table).where(table.c.id == record)).mappings().one_or_none()
        if found is None:
            yield f"{name} of a waiting op is not there"
        elif any(found[column] != value for column, value in shown.items()):
            yield f"{name} does not show its waiting ops"
    for described in schema:
        table = described.table
        new = connection.execute(select(table.c.id).where(table.c.version == 0)).scalars()
        yield from (f"{described.name} has a row without its op" for i in new
                    if (described.name, i) not in inserted)  # fmt: skip


def faults_of_hub(engine: Engine, schema: Schema) -> list[str]:
    """A gap or a break in the ledger, an op twice, a tally that counts wrong, a damaged file."""
    found = []
    ledger, content, tally = (schema.own(name) for name in ("ledger", "ledger_content", "tally"))
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            rows = connection.exec_driver_sql("PRAGMA integrity_check")
            found += [str(row[0]) for row in rows if row[0] != "ok"]
        kept = {row.seq: row for row in connection.execute(select(content))}
        head = CHAIN_START
        for place, row in enumerate(connection.execute(select(ledger).order_by(ledger.c.seq)).mappings(), 1):
            if row["seq"] != place:
                found.append(f"ledger row {row['seq']} is the {place}th")
                break
            if link(head, row) != row["hash"]:
                found.append(f"ledger row {place} breaks the chain")
            if place in kept and commit(kept[place].salt, bytes(kept[place].content)) != row["commitment"]:
                found.append(f"ledger row {place} does not commit to its content")
            head = row["hash"]
        counted = {(r.scope, r.kind): (r.records, r.digest) for r in connection.execute(select(tally))}
        for key, value in _counted(connection, schema).items():
            if counted.get(key, (0, "0" * 32)) != value:
                found.append(f"the tally of {key[1]} counts wrong")
        top = connection.execute(select(func.count()).select_from(ledger)).scalar_one()
        if connection.execute(select(schema.own("ledger_head").c.seq)).scalar_one() != top:
            found.append("the head of the ledger is not its end")
        found += filing.faults_of_hub(connection, schema)
    return found


def _counted(connection: Connection, schema: Schema) -> dict[tuple[str, str], tuple[int, str]]:
    sums: dict[tuple[str, str], tuple[int, int]] = {}
    for described in schema:
        c = described.table.c
        for scope, record, version in connection.execute(select(c.scope, c.id, c.version)):
            records, digest = sums.get((scope, described.name), (0, 0))
            sums[scope, described.name] = records + 1, digest + record_digest(record, version)
    return {key: (n, f"{digest % DIGEST_MODULUS:032x}") for key, (n, digest) in sums.items()}


def differences(laptop: Laptop, engine: Engine, schema: Schema, user: str) -> list[str]:
    """Where a laptop at rest is not, record for record, what the hub's grants give its user."""
    grant = schema.own("scope_grant")
    found = []
    with engine.connect() as hub, laptop.read() as mine:
        live = hub.execute(select(grant).where(grant.c.user_id == user, grant.c.to_seq.is_(None)))
        kinds = {row.scope: set(row.kinds.split()) for row in live}
        for described in laptop.schema:
            theirs = schema[described.name].table
            wanted = {
                row["id"]: dict(row)
                for row in hub.execute(select(theirs).where(theirs.c.scope.in_(kinds))).mappings()
                if described.name in kinds[row["scope"]]
            }
            present = {row["id"]: dict(row) for row in mine.execute(select(described.table)).mappings()}
            found += [f"{described.name}: a record is missing" for _ in wanted.keys() - present.keys()]
            found += [f"{described.name}: a record too many" for _ in present.keys() - wanted.keys()]
            for record in wanted.keys() & present.keys():
                found += _differing(described.name, wanted[record], present[record])
        found += ["ops wait for ever" for _ in waiting(mine, laptop.schema)]
    return found


def _differing(name: str, theirs: dict[str, Any], mine: dict[str, Any]) -> Iterator[str]:
    extra = dict(mine.pop("extra") or {})
    withheld = {*extra.pop(WITHHELD, ()), "extra"}
    for column in mine.keys() - withheld:
        if mine[column] != theirs[column]:
            yield f"{name}.{column} differs"


def outcomes(
    engine: Engine, schema: Schema, saved: Mapping[str, list[str]]
) -> dict[str, list[tuple[str, str | None]]]:
    """What became of the ops of each save; one that the ledger does not have exactly once says so."""
    ledger = schema.own("ledger")
    rows: dict[str, list[tuple[str, str | None]]] = {}
    with engine.connect() as connection:
        query = select(ledger.c.op_id, ledger.c.outcome, ledger.c.reason)
        everything = [op_id for op_ids in saved.values() for op_id in op_ids]
        for op_id, outcome, reason in connection.execute(query.where(ledger.c.op_id.in_(everything))):
            rows.setdefault(op_id, []).append((outcome, reason))

    def became(op_id: str) -> tuple[str, str | None]:
        found = rows.get(op_id, [])
        return found[0] if len(found) == 1 else (f"{len(found)} times in the ledger", None)

    return {name: [became(op_id) for op_id in op_ids] for name, op_ids in saved.items()}


def state(engine: Engine, schema: Schema) -> dict[str, Any]:
    """What the hub holds, without what is drawn anew each time (versions, times, ids of cards)."""
    found: dict[str, Any] = {}
    with engine.connect() as connection:
        for described in schema:
            rows = connection.execute(select(described.table)).mappings()
            if described.name == "conflict":
                found["cards"] = sorted(
                    [r["record"], r["group_name"], r["kind"], r["state"], str(r["base"]),
                     sorted(str(side["values"]) for side in (r["sides"] or {}).values())]
                    for r in rows
                )  # fmt: skip
            elif described.name != "held":
                found[described.name] = {
                    r["id"]: {c: str(v) for c, v in r.items() if c not in ("version", "extra")} for r in rows
                }
    return found
