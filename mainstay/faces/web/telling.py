"""Tell the customers of an incident: what to say, how it reads, who gets what; then in one go (H1, K8)."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web import listing
from mainstay.faces.web.causes import told
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.instants import InstantField
from mainstay.faces.web.ticket_story import listed
from mainstay.network.alarms.choices import LIVE_INCIDENTS
from mainstay.network.alarms.queries import incidents
from mainstay.platform.identity.choices import Permission
from mainstay.platform.messages.choices import Channel
from mainstay.service.tickets.actions import telling as actions
from mainstay.service.tickets.actions.telling import Word
from mainstay.service.tickets.choices import TEXT_LANGUAGES
from mainstay.service.tickets.queries import bulletin as bulletins
from mainstay.service.tickets.queries import telling as queries

ROWS = 100


class TellForm(forms.Form):
    """What a person adds to the texts: what is being done, when service is back, when the next word comes."""

    doing = forms.CharField(
        label=_("What is being done"), max_length=500, required=False, strip=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One or two sentences; customers read it as you write it."),
    )  # fmt: skip
    doing_en = forms.CharField(
        label=_("The same in English"), max_length=500, required=False, strip=True,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For those who read English; empty: they read the text above."),
    )  # fmt: skip
    eta_at = InstantField(label=_("Service expected back"), required=False)
    next_update_at = InstantField(
        label=_("Next word by"),
        help_text=_("If nobody writes by then, a holding message goes out by itself."),
    )
    once = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def word(self) -> Word:
        """Return what was filled in so far; what is wrong is left out."""
        given = getattr(self, "cleaned_data", {})
        return Word(
            doing={"zh-hans": given.get("doing", ""), "en": given.get("doing_en", "")},
            eta_at=given.get("eta_at"), next_update_at=given.get("next_update_at"),
            bodies=queries.wordings_of(self.data), once=given.get("once", ""),
        )  # fmt: skip


@door(Permission.READ_ALARMS)
def tell(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show what would go out and to whom; posted: send it. With `look` it only shows how it reads now."""
    at, form = timezone.now(), TellForm(request.POST) if request.method == "POST" else None
    if form is not None and "look" not in request.POST:
        if not request.actor.may(Permission.WORK_INCIDENTS):
            return _page(request, pk, at, form, status=403)
        if accepted(form, lambda _given: _send(request, pk, form.word(), at)):
            return redirect("web:incident-tell", pk)
        return _page(request, pk, at, form, status=422)
    if form is not None:
        form.is_valid()
    return _page(request, pk, at, form)


def _send(request: ConsoleRequest, pk: int, word: Word, at: datetime) -> None:
    done = actions.tell_incident(pk, word, at=at, by=request.actor)
    if done.before and not done.people:
        messages.info(request, _("This was sent already; nobody is told twice."))
        return
    ways = listed(f"{Channel(name).label} {count}" for name, count in done.channels.items())
    said = ngettext(
        "Told %(people)s person at %(customers)s customers: %(ways)s",
        "Told %(people)s people at %(customers)s customers: %(ways)s",
        done.people,
    )
    messages.success(request, said % {"people": done.people, "customers": done.customers, "ways": ways or "—"})
    if done.untold:
        names = listed(done.untold[:5]) + ("…" if len(done.untold) > 5 else "")
        messages.warning(request, gettext("Nobody could be told at: %(names)s") % {"names": names})


def _page(request: ConsoleRequest, pk: int, at: datetime, form: TellForm | None, *, status: int = 200) -> HttpResponse:
    found = told(incidents.visible_incident(request.actor, pk))
    word = form.word() if form is not None else Word(eta_at=_still(found.eta_at, at))
    preview = queries.tell_preview(request.actor, pk, word, at=at)
    next_at = word.next_update_at or preview.next_update_at
    internal = bulletins.bulletin(request.actor, pk, at=at, doing=word.doing, eta_at=word.eta_at, next_at=next_at)
    if form is None:
        start = {"eta_at": word.eta_at, "next_update_at": next_at, "once": uuid4().hex}
        form = TellForm(initial=start)
    form.fields["doing"].required = preview.has_updates
    texts = _own_language_first(internal)
    page = listing.page_of(list(preview.rows), request, size=ROWS)
    context = {
        "incident": found,
        "form": form,
        "preview": preview,
        "samples": _by_what(preview.samples),
        "page": page,
        "bulletin": texts[0][1],
        "other_bulletins": texts[1:],
        "may_send": request.actor.may(Permission.WORK_INCIDENTS) and found.status in LIVE_INCIDENTS,
        "may_add_contacts": request.actor.may(Permission.WRITE_CUSTOMERS),
        "may_word": request.actor.may(Permission.SETTINGS),
        "wants_english": "en" in preview.languages,
        "data_at": at,
    }
    return render(request, "web/incidents/tell.html", context, status=status)


def _still(instant: datetime | None, at: datetime) -> datetime | None:
    return instant if instant and instant > at else None


def _by_what(samples: Any) -> list[tuple[Any, list[Any]]]:
    """Group the samples by what goes out; those nobody reads stand last. Each gets the keys that copy it."""
    found: dict[str, tuple[Any, list[Any]]] = {}
    keys = iter("123456789")
    for sample in samples:
        rows = found.setdefault(sample.what, (sample.what_label, []))[1]
        rows.append((sample, dict(TEXT_LANGUAGES)[sample.language], next(keys, ""), next(keys, "")))
    for _label, rows in found.values():
        rows.sort(key=lambda row: not row[0].readers)
    return list(found.values())


def _own_language_first(internal: bulletins.Bulletin) -> list[tuple[str, str]]:
    """Return the bulletin in each language, by the language's name."""
    names = dict(TEXT_LANGUAGES)
    order = sorted(internal.by_language, key=lambda code: code != get_language())
    return [(names[code], internal.by_language[code]) for code in order]


urlpatterns = [path("incidents/<int:pk>/tell", tell, name="incident-tell")]
