"""Reads the operator's log: alarms in order of time, links as device pairs."""

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mainstay.domain.errors import Refused, msgid


@dataclass(frozen=True, slots=True)
class LoggedAlarm:
    """One line: type, device (index into the topology), seconds from the log's beginning."""

    alarm_type: str
    device: int
    start_s: int
    end_s: int


@dataclass(frozen=True)
class Log:
    """The whole log."""

    alarms: list[LoggedAlarm]
    devices: int
    links: list[tuple[int, int]]


def read_log(folder: Path) -> Log:
    """Read Alarm.csv and Topology.npy of a folder; Refused names the file that is missing or not as expected."""
    for name in ("Alarm.csv", "Topology.npy"):
        if not (folder / name).is_file():
            raise Refused(
                msgid("{folder} has no file {name}; give the folder that holds Alarm.csv and Topology.npy."),
                folder=folder,
                name=name,
            )
    matrix = np.load(folder / "Topology.npy", allow_pickle=False)
    if matrix.ndim != 2 or matrix.shape[0] != matrix.shape[1]:
        raise Refused(msgid("Topology.npy is not a square matrix but {shape}."), shape=matrix.shape)
    first, second = np.nonzero(np.triu(matrix | matrix.T, 1))
    with (folder / "Alarm.csv").open(newline="", encoding="utf-8") as file:
        alarms = [
            LoggedAlarm(row["alarm_id"], int(row["device_id"]), int(row["start_timestamp"]), int(row["end_timestamp"]))
            for row in csv.DictReader(file)
        ]
    alarms.sort(key=lambda alarm: alarm.start_s)
    return Log(alarms, len(matrix), list(zip(first.tolist(), second.tolist(), strict=True)))
