"""What is said of a symptom? One English msgid per reason, filled with the names of `by` and `via` and the `params`."""

from mainstay.domain.errors import msgid
from mainstay.domain.root_cause.groups import Reason

SENTENCES: dict[Reason, str] = {
    Reason.CAUSE: msgid("The alarm is on the cause itself."),
    Reason.SAME_RESOURCE: msgid("Another, worse or earlier alarm stands on {by} too."),
    Reason.CONTAINED: msgid("It is part of {by}, which failed."),
    Reason.FED: msgid("It runs in or over {by}, which failed."),
    Reason.END_FAILED: msgid("It ends at {by}, which failed."),
    Reason.LINK_FAILED: msgid("It is an end of {via}, which runs in {by}, which failed."),
    Reason.FAR_END: msgid("It is an end of {via}, whose other end is in {by}, which failed."),
    Reason.BOTH_ENDS: msgid("Both ends of {by} alarmed within {window_s:.0f} s."),
    Reason.MOST_OF: msgid("{failing:.0f} of the {of:.0f} that run in {by} failed within {window_s:.0f} s."),
    Reason.NEIGHBOUR: msgid("{via} joins it to {by}, which alarmed within {window_s:.0f} s."),
}
