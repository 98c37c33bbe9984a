"""Which handlers hear which events."""


def register() -> None:
    """Tell the journal who listens."""
