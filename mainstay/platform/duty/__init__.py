"""Who is on duty now, and what one shift tells the next. Not for users (platform.identity)."""
