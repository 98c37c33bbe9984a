"""The same answers for many instants at once: arrays of int64 seconds since 1970 UTC in, arrays of the same shape out."""

import numpy as np
from numpy.typing import NDArray

from mainstay.domain.business_time.calendar import Calendar


def working_seconds_many(calendar: Calendar, starts_s: NDArray[np.int64], ends_s: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count the working seconds of each [starts_s[i], ends_s[i]). Raises CalendarError when any end lies before its start."""
    raise NotImplementedError


def after_working_seconds_many(
    calendar: Calendar, starts_s: NDArray[np.int64], seconds: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Find for each start the earliest instant at which seconds[i] working seconds have passed (as after_working_seconds)."""
    raise NotImplementedError
