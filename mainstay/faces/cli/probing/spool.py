"""What was sampled and not yet delivered: kept in a file, so that neither a lost database nor a crash loses it."""

import json
import os
import threading
from collections import deque
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from mainstay.network.performance.actions.intake import NewSample

MOST = 2_000_000
"""Samples that are kept; beyond that the oldest go, and are counted: the gap shows."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A sample that waits, and the source it is of."""

    source: str
    sample: NewSample


class Spool:
    """Mutable: samples in the order they were taken. What is delivered is sent again after a crash: it replaces itself.

    Safe between the thread that samples and the one that delivers.
    """

    def __init__(self, path: Path, *, most: int = MOST) -> None:
        """Take up what an earlier run left; a line cut off in a crash is left out."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.most, self.dropped = path, most, 0
        self._lock = threading.Lock()
        self._waiting: deque[Kept] = deque(_read(path))

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, samples: list[Kept]) -> None:
        """Keep samples; they are on the disk when this returns."""
        with self._lock:
            self._waiting.extend(samples)
            with self.path.open("a", encoding="utf-8") as file:
                file.writelines(_line(each) for each in samples)
                file.flush()
                os.fsync(file.fileno())
            while len(self._waiting) > self.most:
                self._waiting.popleft()
                self.dropped += 1

    def oldest(self, count: int) -> list[Kept]:
        """Return the samples that wait for longest; they stay until `done`."""
        with self._lock:
            return list(islice(self._waiting, count))

    def done(self, samples: list[Kept]) -> None:
        """Let go of samples that were delivered, as `oldest` gave them."""
        gone = {id(each) for each in samples}
        with self._lock:
            while self._waiting and id(self._waiting[0]) in gone:
                self._waiting.popleft()
            if not self._waiting:
                self.path.write_text("", encoding="utf-8")

    def close(self) -> None:
        """Write down exactly what still waits."""
        with self._lock:
            fresh = self.path.with_suffix(".new")
            fresh.write_text("".join(_line(each) for each in self._waiting), encoding="utf-8")
            fresh.replace(self.path)


def _line(kept: Kept) -> str:
    told = asdict(kept.sample) | {"source": kept.source, "at": kept.sample.at.isoformat()}
    return json.dumps(told, ensure_ascii=False) + "\n"


def _read(path: Path) -> list[Kept]:
    found: list[Kept] = []
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
        try:
            told = json.loads(line)
            at = datetime.fromisoformat(told["at"])
            sample = NewSample(told["circuit"], told["metric"], at, told["value"], told["side"])
            found.append(Kept(told["source"], sample))
        except (ValueError, KeyError, TypeError):
            continue
    return found
