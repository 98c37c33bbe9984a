"""Send messages, carry them outside, set up how. The verbs that other rooms use stand here."""

from mainstay.platform.messages.actions.forgetting import forget_to_staff, oldest_to_staff
from mainstay.platform.messages.actions.sending import NewMessage, mark_read, move, send
from mainstay.platform.messages.addresses import Address

__all__ = ["Address", "NewMessage", "forget_to_staff", "mark_read", "move", "oldest_to_staff", "send"]
