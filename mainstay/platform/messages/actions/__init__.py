"""Send messages, carry them outside, set up how. The two verbs that other rooms use stand here."""

from mainstay.platform.messages.actions.sending import NewMessage, mark_read, send
from mainstay.platform.messages.addresses import Address

__all__ = ["Address", "NewMessage", "mark_read", "send"]
