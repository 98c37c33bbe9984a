"""A slow, obvious model of the ledger: every point is an object that lies in one place and knows its lot."""

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Point:
    """One point: where it lies, and the lot it came in (its transfer's turn)."""

    place: str
    lot: int
    born: date
    dies: date | None


@dataclass
class Done:
    """What a transfer did, for taking it back."""

    kind: str
    moved: list[Point]
    source: str
    target: str
    taken_back: bool = False


@dataclass
class SlowLedger:
    """The points of one customer, one by one."""

    points: list[Point] = field(default_factory=list)
    done: dict[int, Done] = field(default_factory=dict)
    turn: int = 0

    def count(self, place: str) -> int:
        """Return how many points lie in a place."""
        return sum(point.place == place for point in self.points)

    def held(self) -> int:
        """Return how many points the customer has."""
        return self.count("available") + self.count("frozen")

    def lot_left(self, lot: int) -> int:
        """Return how many points of a lot the customer has left."""
        return sum(point.lot == lot and point.place in ("available", "frozen") for point in self.points)

    def begin(self, amount: int, source: str, born: date, dies: date | None) -> int:
        """Make new points."""
        self.turn += 1
        made = [Point("available", self.turn, born, dies) for _ in range(amount)]
        self.points += made
        self.done[self.turn] = Done("gain", made, source, "available")
        return self.turn

    def end(self, amount: int, place: str, target: str) -> int | None:
        """Use points of a place up, those of the oldest lots first, whatever place these lie in."""
        if amount > self.count(place):
            return None
        self.turn += 1
        # Points of a customer are alike but for their lots: the oldest leave, the younger ones change places with them.
        own = sorted((p for p in self.points if p.place in ("available", "frozen")), key=lambda p: (p.born, p.lot))
        leaving = own[:amount]
        self._swap(leaving, place)
        for point in leaving:
            point.place = target
        self.done[self.turn] = Done("use", leaving, place, target)
        return self.turn

    def _swap(self, leaving: list[Point], place: str) -> None:
        """Let those that leave lie in `place`, and others of it take theirs."""
        wrong = [point for point in leaving if point.place != place]
        others = [p for p in self.points if p.place == place and not any(p is one for one in leaving)]
        for one, other in zip(wrong, others, strict=False):
            one.place, other.place = other.place, one.place

    def shift(self, amount: int, place: str, target: str) -> int | None:
        """Move points between the customer's own places."""
        there = [point for point in self.points if point.place == place]
        if amount > len(there):
            return None
        self.turn += 1
        for point in there[:amount]:
            point.place = target
        self.done[self.turn] = Done("shift", there[:amount], place, target)
        return self.turn

    def expire(self, on: date) -> int:
        """Take what died before the day, as far as points are available; return how many."""
        over = [p for p in self.points if p.place in ("available", "frozen") and p.dies is not None and p.dies < on]
        over.sort(key=lambda point: (point.born, point.lot))
        leaving = over[: min(len(over), self.count("available"))]
        if leaving:
            self.turn += 1
            self._swap(leaving, "available")
            for point in leaving:
                point.place = "expiry"
            self.done[self.turn] = Done("use", leaving, "available", "expiry")
        return len(leaving)

    def take_back(self, turn: int) -> bool:
        """Do the opposite of a transfer, once."""
        done = self.done.get(turn)
        if done is None or done.taken_back:
            return False
        amount = len(done.moved)
        if done.target in ("available", "frozen") and amount > self.count(done.target):
            return False
        done.taken_back = True
        self.turn += 1
        if done.kind == "gain":
            own = [p for p in self.points if p.place in ("available", "frozen")]
            own.sort(key=lambda p: (p.lot != turn, p.born, p.lot))
            leaving = own[:amount]
            self._swap(leaving, "available")
            for point in leaving:
                point.place = done.source
        elif done.kind == "use":
            for point in done.moved:
                point.place = done.source
        else:
            for point in [p for p in self.points if p.place == done.target][:amount]:
                point.place = done.source
        return True
