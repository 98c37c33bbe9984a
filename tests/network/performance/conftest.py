"""A source that samples every five minutes, and a loop that has done all that is due."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from mainstay.domain.actor import system
from mainstay.network.performance.actions import intake
from mainstay.network.performance.actions.intake import NewSample
from mainstay.network.performance.actions.sources import save_source
from mainstay.network.performance.loop import catch_up
from mainstay.network.performance.models import SampleSource
from tests.cast import NOW, World

PROBE = system("probe")


class Line:
    """Samples of the bank's circuit by minutes after NOW (08:00 in Shanghai, full hour)."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.source: SampleSource = save_source("probe", "探针", 5, at=NOW, by=PROBE)

    def send(self, values: dict[int, int], metric: str = "delay_rt", *, side: str = "", at: float = 0) -> None:
        """Let samples come in `at` so many minutes after NOW; 0: just after the last period."""
        came = after(at or max(values) + 5)
        number = self.world.circuit.number
        samples = [NewSample(number, metric, after(minute), value, side) for minute, value in values.items()]
        assert intake.accept(self.source, samples, at=came, by=PROBE).refused == {}

    def work(self, minute: float) -> int:
        """Let the loop do all that is due so many minutes after NOW."""
        return catch_up(at=after(minute), by=PROBE)


def after(minute: float) -> datetime:
    """Return the instant so many minutes after NOW."""
    return NOW + timedelta(minutes=minute)


@pytest.fixture(autouse=True)
def _patience(settings: Any) -> None:
    """Let doors stay open, however long a test lets things wait."""
    settings.SAMPLES_LONGEST_S = settings.QUEUE_LONGEST_S = 0


@pytest.fixture
def line(world: World) -> Line:
    """The bank's circuit, sampled."""
    return Line(world)
