"""Word the outage texts, try them with a real incident; what the house says by itself; the desks' phones (K8)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.domain.placeholders import unknown_in
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.duty import actions as duty
from mainstay.platform.duty import queries as rosters
from mainstay.platform.identity.choices import Permission
from mainstay.service.tickets.actions import texts as actions
from mainstay.service.tickets.choices import TextKind, TextLength
from mainstay.service.tickets.holding import holds
from mainstay.service.tickets.queries import texts as queries
from mainstay.service.tickets.texts import SHIPPED, Key, Wording, gaps_of


class TextForm(forms.Form):
    """A text's words; short texts and bulletins have no subject."""

    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    body = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, *args: Any, key: Key, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not SHIPPED[key].subject:
            del self.fields["subject"]

    def wording(self) -> Wording:
        """Return what was typed."""
        given = getattr(self, "cleaned_data", {})
        return Wording(given.get("body", ""), given.get("subject", ""))


class PhoneForm(forms.Form):
    """The phone that customers are given for a desk."""

    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)


@door(Permission.SETTINGS)
def texts(request: ConsoleRequest) -> HttpResponse:
    """List the texts, what the house sends by itself, and the desks' phones."""
    desks = rosters.desks(request.actor)
    return show(request, "texts", "settings-texts", rows=queries.text_rows(), holding=holds(), desks=desks)


@door(Permission.SETTINGS)
def text(request: ConsoleRequest, kind: str, language: str, length: str) -> HttpResponse:
    """Word one text, and see how it reads; `look` only shows it."""
    key = (kind, language, length)
    row = queries.text_row(key)
    if row is None:
        raise Http404
    start = {"subject": row.wording.subject, "body": row.wording.body}
    form = TextForm(request.POST or None, key=key, initial=start)
    looks = "look" in request.POST
    if (
        request.method == "POST"
        and not looks
        and accepted(form, lambda _given: actions.save_text(key, form.wording(), at=timezone.now(), by=request.actor))
    ):
        messages.success(request, _("Saved; what goes out from now on reads so."))
        return redirect("web:settings-text", *key)
    if looks:
        form.is_valid()
    wording = form.wording() if form.is_bound and form.wording().body else row.wording
    context = {
        "row": row,
        "form": form,
        "gaps": gaps_of(kind).items(),
        "odd": unknown_in(wording.body + wording.subject, gaps_of(kind)),
        "trial": queries.tried(request.actor, key, wording, at=timezone.now()),
        "is_short": length == TextLength.SHORT,
        "is_internal": kind == TextKind.BULLETIN,
        "shipped": SHIPPED[key],
    }
    return show(request, "text", "settings-texts", **context)


@require_POST
@door(Permission.SETTINGS)
def reset(request: ConsoleRequest, kind: str, language: str, length: str) -> HttpResponse:
    """Go back to what was shipped."""
    actions.reset_text((kind, language, length), at=timezone.now(), by=request.actor)
    messages.success(request, _("The shipped text is in force again."))
    return redirect("web:settings-text", kind, language, length)


@require_POST
@door(Permission.SETTINGS)
def holding(request: ConsoleRequest) -> HttpResponse:
    """Turn the holding message on or off."""
    actions.set_holding("holding" in request.POST, at=timezone.now(), by=request.actor)
    messages.success(request, _("Saved."))
    return redirect(reverse("web:settings-texts") + "#rules")


@require_POST
@door(Permission.SETTINGS)
def phone(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Set the phone that customers are given for a desk."""
    form = PhoneForm(request.POST)
    if accepted(form, lambda given: duty.set_desk_phone(pk, given["phone"], at=timezone.now(), by=request.actor)):
        messages.success(request, _("Saved."))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect(reverse("web:settings-texts") + "#desks")


urlpatterns = [
    path("settings/texts", texts, name="settings-texts"),
    path("settings/texts/rules", holding, name="settings-texts-rules"),
    path("settings/texts/desks/<int:pk>", phone, name="settings-desk-phone"),
    path("settings/texts/<slug:kind>/<slug:language>/<slug:length>", text, name="settings-text"),
    path("settings/texts/<slug:kind>/<slug:language>/<slug:length>/reset", reset, name="settings-text-reset"),
]
