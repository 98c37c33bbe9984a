"""Rules of sources, states of runs and differences (E3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from mainstay.domain.reconciling import Kind

LARGEST_EXPORT = 64 << 20
"""Bytes of one export: it is compared whole, in memory."""


class Covers(models.TextChoices):
    """What a source delivers: the kinds of `platform.imports` it is read by."""

    RESOURCES = "resources", _("Resources")
    CIRCUITS = "circuits", _("Circuits")


class Rule(models.TextChoices):
    """Who is right about a field in which source and inventory differ."""

    SOURCE = "source", _("The source wins")
    OURS = "ours", _("Ours is kept")
    ASK = "ask", _("Ask a person")
    IGNORE = "ignore", _("Not compared")


class NewRule(models.TextChoices):
    CREATE = "create", _("Create them")
    ASK = "ask", _("Ask a person")


class VanishedRule(models.TextChoices):
    ASK = "ask", _("Ask a person")
    CEASE = "cease", _("Take them out of service")
    NOTHING = "nothing", _("Leave them")


class Encoding(models.TextChoices):
    AUTO = "auto", _("Found out by itself")
    UTF8 = "utf-8", "UTF-8"
    GB18030 = "gb18030", "GBK / GB 18030"


class RunState(models.TextChoices):
    WAITING = "waiting", _("Waiting")
    RUNNING = "running", _("Running")
    HELD = "held", _("Held: a person must confirm")
    DONE = "done", _("Done")
    TRIED = "tried", _("Tried out")
    REJECTED = "rejected", _("Rejected")
    FAILED = "failed", _("Stopped")


ACTIVE_RUNS = (RunState.WAITING, RunState.RUNNING)


class DifferenceState(models.TextChoices):
    OPEN = "open", _("Open")
    APPLIED = "applied", _("Applied")
    KEPT = "kept", _("Ours kept")
    IGNORED = "ignored", _("Ignored for good")
    EXPIRED = "expired", _("Settled by itself")
    UNDONE = "undone", _("Undone")


LIVE = (DifferenceState.OPEN, DifferenceState.KEPT, DifferenceState.IGNORED)
"""At most one difference per source, object and field is in one of these states."""


class DifferenceKind(models.TextChoices):
    SOURCE_CHANGED = Kind.SOURCE_CHANGED.value, _("The source changed")
    WE_CHANGED = Kind.WE_CHANGED.value, _("We changed")
    CONFLICT = Kind.CONFLICT.value, _("Conflict: both changed")
    NEVER_AGREED = Kind.NEVER_AGREED.value, _("Never agreed")
    NEW = Kind.NEW.value, _("New in the source")
    VANISHED = Kind.VANISHED.value, _("Vanished from the source")
    GONE_HERE = Kind.GONE_HERE.value, _("Out of service here")


class Verdict(models.TextChoices):
    """Why a difference stands as it does."""

    RULE_APPLIES = "rule-applies", _("by rule: the source wins")
    RULE_ASKS = "rule-asks", _("the rule asks a person")
    CAREFUL = "careful", _("touches circuits of a grade that is asked about")
    OUTVOTED = "outvoted", _("another source comes first and says otherwise")
    DISPUTED = "disputed", _("two sources of equal rank disagree")
    REFUSED = "refused", _("the inventory refused it")
    PERSON = "person", _("decided by a person")


class Decision(models.TextChoices):
    """What a person may say to differences."""

    APPLY = "apply", _("Take the source's")
    KEEP = "keep", _("Keep ours")
    IGNORE = "ignore", _("Never ask again")
    LINK = "link", _("It is another object of ours")
    ALWAYS_SOURCE = "always-source", _("Always take the source's for this field")
    ALWAYS_OURS = "always-ours", _("Always keep ours for this field")
