"""Stages run in order; the first that fails ends the run, unless everything is asked for."""

import sys

import pytest

from tools.verify import Stage, run

GOOD = [sys.executable, "-c", ""]
BAD = [sys.executable, "-c", "raise SystemExit(3)"]


def test_it_works() -> None:
    assert run(iter([Stage("one", GOOD), Stage("two", GOOD)]), to_the_end=False) == []


def test_the_first_failure_ends_the_run(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(iter([Stage("one", BAD), Stage("two", BAD)]), to_the_end=False) == ["one"]
    assert "two" not in capfd.readouterr().out


def test_to_the_end_names_every_failure_before_the_last_stage(capfd: pytest.CaptureFixture[str]) -> None:
    stages = [Stage("one", BAD), Stage("two", GOOD), Stage("tests", GOOD)]
    assert run(iter(stages), to_the_end=True) == ["one"]
    printed = capfd.readouterr().out
    assert printed.index("✗ failed before the tests: one") < printed.index("── tests")
    assert printed.endswith("── tests\n")
