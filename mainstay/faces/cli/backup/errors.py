"""What can be wrong with a backup; each says what to do."""

from mainstay.domain.errors import Refused


class BackupError(Refused):
    """A backup cannot be taken, read, restored or proved."""
