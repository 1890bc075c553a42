"""What the killed processes do: a laptop that plays a scene, and a council that serves."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from sync.memory import FakeClock
from tests.processes.bad_disk import endure
from tests.processes.laptops import Notes, open_laptop, share
from tests.processes.nursery import Order
from tests.processes.scenes import SCENES, Sitting, in_small_pages
from tests.processes.ways import way_to
from tfworker.council.serve import Place, run
from tfworker.council.service import Council


def play(order: Order) -> None:
    """Open the store and play the scene; what was acknowledged goes to the file `said` at once."""
    folder = Path(order.folder)
    scene = SCENES[order.given["scene"]]
    said = os.open(folder / "said", os.O_CREAT | os.O_WRONLY | os.O_APPEND)

    def say(name: str, op_ids: list[str]) -> None:
        os.write(said, "\t".join([name, *op_ids]).encode() + b"\n")

    notes = Notes.of(folder)
    kind = order.given["store"]
    laptop = open_laptop(folder, kind)
    sitting = Sitting(laptop, notes, way_to(order.given["url"], notes), say)
    if scene.small:
        in_small_pages(sitting)
    scene.play(sitting)
    laptop.close()


def serve(order: Order) -> None:
    """The council's own service, on a port of its own, until it is killed."""
    council = Council.open(order.given["database"], FakeClock())
    share(council.engine)
    (Path(order.folder) / "armed").write_text("from here on points count")
    run(council, Place(port=0))


WORKS: Mapping[str, Callable[[Order], None]] = {"play": play, "serve": serve, "endure": endure}
