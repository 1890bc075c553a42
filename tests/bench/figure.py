"""One figure of design 9: what was measured, beside what it must reach."""

import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True, slots=True)
class Figure:
    """ours, raw: seconds unless `unit` says otherwise; raw None: there is nothing to compare with.

    target: what design 9 asks for, in words. met: whether this run reached it.
    """

    name: str
    what: str
    ours: float
    raw: float | None
    target: str
    met: bool
    unit: str = "s"

    @property
    def ratio(self) -> float | None:
        return None if not self.raw else self.ours / self.raw

    def as_json(self) -> dict[str, object]:
        return {
            "name": self.name,
            "what": self.what,
            "ours": round(self.ours, 5),
            "raw": None if self.raw is None else round(self.raw, 5),
            "unit": self.unit,
            "ratio": None if self.ratio is None else round(self.ratio, 2),
            "target": self.target,
            "met": self.met,
        }

    def line(self) -> str:
        raw = "-" if self.raw is None else f"{self.raw:.4g}"
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = "met" if self.met else "NOT MET"
        return (
            f"{self.name:<5}{self.what:<66}{self.ours:>9.4g} {self.unit:<8}{raw:>8}{ratio:>7}  "
            f"{verdict:<8} {self.target}"
        )


HEAD = f"{'':<5}{'':<66}{'ours':>9} {'':<8}{'raw':>8}{'ratio':>7}"


def timed(work: Callable[[], object]) -> float:
    """Seconds one run takes."""
    start = perf_counter()
    work()
    return perf_counter() - start


def tell(what: str) -> None:
    """Say on stderr what a long part is doing."""
    print(what, file=sys.stderr, flush=True)


def p95(samples: Sequence[float]) -> float:
    """The value 95 of 100 samples stay under."""
    return statistics.quantiles(samples, n=20)[-1]
