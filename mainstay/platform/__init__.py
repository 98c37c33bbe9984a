"""On what everything stands: places, identity, journal, calendars, timers, search, duty, messages."""
