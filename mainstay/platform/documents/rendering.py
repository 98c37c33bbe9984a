"""Makes documents of facts: one at once, or many by a pool of processes (R1).

Measured: typst holds Python's lock while it sets a page, so threads bring nothing and processes bring all.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing import current_process, get_context
from typing import Any

from mainstay.domain.errors import MainstayError, msgid
from mainstay.platform.documents import press
from mainstay.platform.documents.errors import PressStopped, TemplateBroken
from mainstay.platform.documents.lettering import FONTS, lettering
from mainstay.platform.documents.registry import template_named
from mainstay.platform.documents.workshop import is_own, own_folder, own_fonts, workshop

MOST_PROCESSES = 4
FEW = 4
"""So many documents are made sooner here than processes begin."""


@dataclass(frozen=True)
class Wanted:
    """A document wanted: by which template, of which facts (what JSON holds), in which language, made when."""

    code: str
    facts: Mapping[str, Any]
    language: str
    at: datetime


@dataclass(frozen=True)
class Set:
    """A document that was set, and the characters no font had."""

    content: bytes
    rare: tuple[str, ...] = ()


def pdf(code: str, facts: Mapping[str, Any], *, language: str, at: datetime) -> bytes:
    """Return a PDF of facts; an operator's own template wins. Raises TemplateBroken, NoSuchTemplate, FontsMissing."""
    order, _rare = _order(Wanted(code, facts, language, at))
    return _made(order, press.press(order))[0]


def pages(code: str, facts: Mapping[str, Any], *, language: str, at: datetime) -> list[bytes]:
    """Return the pages as PNG, 144 dots an inch, to be looked at. Raises as `pdf`."""
    order, _rare = _order(Wanted(code, facts, language, at), format="png")
    return _made(order, press.press(order))


class Presses:
    """Processes that make documents; the same ones for a whole run."""

    def __init__(self, processes: int) -> None:
        self._processes = processes
        self._pool: ProcessPoolExecutor | None = None

    def run(self, wanted: Iterable[Wanted]) -> Iterator[Set | MainstayError]:
        """Give the documents in the order they were wanted, or why one could not be made."""
        orders = [_order_or_error(each) for each in wanted]
        if len(orders) <= FEW or current_process().daemon:
            yield from (_set_here(each) for each in orders)
            return
        pool = self._ready()
        running = [o if isinstance(o, MainstayError) else (o, pool.submit(press.press, o[0])) for o in orders]
        for each in running:
            if isinstance(each, MainstayError):
                yield each
                continue
            (order, rare), future = each
            try:
                yield Set(_made(order, future.result())[0], rare)
            except BrokenProcessPool:
                self.stop()
                yield PressStopped(msgid("The process that made it ended; try it again, or give it more memory."))
            except MainstayError as error:
                yield error

    def stop(self) -> None:
        """End the processes; the next documents begin new ones."""
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.shutdown(wait=False, cancel_futures=True)

    def _ready(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = get_context("spawn")
            self._pool = ProcessPoolExecutor(self._processes, mp_context=context, initializer=press.begin)
        return self._pool


@contextmanager
def presses(processes: int | None = None) -> Iterator[Presses]:
    """Give processes that make documents (default: one for two cores, at most four) and end them afterwards."""
    pool = Presses(processes or max(1, min(MOST_PROCESSES, (os.cpu_count() or 1) // 2)))
    try:
        yield pool
    finally:
        pool.stop()


def _set_here(order: tuple[press.Order, tuple[str, ...]] | MainstayError) -> Set | MainstayError:
    if isinstance(order, MainstayError):
        return order
    try:
        return Set(_made(order[0], press.press(order[0]))[0], order[1])
    except MainstayError as error:
        return error


def _order_or_error(wanted: Wanted) -> tuple[press.Order, tuple[str, ...]] | MainstayError:
    try:
        return _order(wanted)
    except MainstayError as error:
        return error


def _order(wanted: Wanted, *, format: str = "pdf") -> tuple[press.Order, tuple[str, ...]]:  # noqa: A002
    template = template_named(wanted.code)
    rare: dict[str, None] = {}
    facts = lettering(own_fonts()).written(wanted.facts, rare)
    facts["rare"] = [f"U+{ord(character):04X}" for character in rare]
    folders = (str(FONTS), *((str(own_fonts()),) if own_fonts().is_dir() else ()))
    order = press.Order(
        root=str(workshop()), main=f"{template.code}.typ", fonts=folders, facts=press.facts_text(facts),
        language=wanted.language, made=int(wanted.at.timestamp()), format=format,
    )  # fmt: skip
    return order, tuple(rare)


def _made(order: press.Order, result: list[bytes] | press.Fault) -> list[bytes]:
    if isinstance(result, list):
        return result
    own = is_own(result.file)
    problem = f"{result.problem} ({result.hint})" if result.hint else result.problem
    if own:
        told = msgid(
            "Template {file}, line {line}: {problem}. Correct that line, or take the file away and ours is used."
        )
    else:
        told = msgid("Template {file}, line {line}: {problem}. It is ours; tell whoever looks after Mainstay.")
    raise TemplateBroken(
        told, file=str(own_folder() / result.file) if own else result.file, line=result.line, problem=problem
    )
