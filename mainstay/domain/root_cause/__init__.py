"""Which alarms have the same cause, which resource is it, and why do we say so? (G3)"""

from mainstay.domain.root_cause.book import CauseBook
from mainstay.domain.root_cause.groups import Alarm, Group, Placement, Reason, Regrouping, Role, Rules
from mainstay.domain.root_cause.sentences import SENTENCES

__all__ = ["SENTENCES", "Alarm", "CauseBook", "Group", "Placement", "Reason", "Regrouping", "Role", "Rules"]
