"""Read planned work. What other rooms ask for stands here; `what_if`, `freezing`, `suppliers`, `feeds` beside it."""

from mainstay.network.planned_work.queries.works import (
    Window,
    affected_circuits,
    by_ids,
    covering,
    forecast_of,
    visible_to,
    visible_work,
    windows_between,
    work,
    work_list,
    works_between,
    works_matching,
)

__all__ = [
    "Window",
    "affected_circuits",
    "by_ids",
    "covering",
    "forecast_of",
    "visible_to",
    "visible_work",
    "windows_between",
    "work",
    "work_list",
    "works_between",
    "works_matching",
]
