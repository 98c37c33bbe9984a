"""Which ways out of the house there are, how each does, and a test by each (K8)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.settings.pages import show
from mainstay.faces.web.settings.sender_forms import SenderForm
from mainstay.faces.web.whereabouts import ICONS, error_words, whereabouts
from mainstay.platform.identity.choices import Permission
from mainstay.platform.messages import queries
from mainstay.platform.messages.actions import senders as actions
from mainstay.platform.messages.choices import OUTSIDE, SERVES, Channel, SenderKind
from mainstay.platform.messages.secrets_kept import secret_of

KINDS = {
    SenderKind.SMTP: _("Your mail server. Taken by the server counts as sent; what bounces later is not read."),
    SenderKind.HTTP: _("Your own SMS gateway, or anything else that takes a request: described by templates."),
    SenderKind.WECOM: _("Robots in WeCom groups. The groups' robots stand with contacts and users."),
    SenderKind.DINGTALK: _("Robots in DingTalk groups. The groups' robots stand with contacts and users."),
    SenderKind.WEBHOOK: _("Posts JSON to the address that stands with the contact or user."),
    SenderKind.APPRISE: _("Feishu, foreign SMS providers and a hundred other services; tells only taken from failed."),
    SenderKind.TRIAL: _("Writes to the file trial-messages.jsonl. For a trial: nobody gets anything."),
}


@door(Permission.SETTINGS)
def channels(request: ConsoleRequest) -> HttpResponse:
    """List the senders by channel with how they do, and the channels without one."""
    states = queries.sender_states()
    rows = [
        {
            "state": state,
            "sender": state.sender,
            "channel": Channel(state.sender.channel).label,
            "icon": ICONS[Channel(state.sender.channel)],
            "failing": _failing(state.sender),
            "error": error_words(state.sender.last_error),
            "secret_missing": bool(state.sender.secret_name) and not secret_of(state.sender.secret_name),
        }
        for state in states
    ]
    served = {state.sender.channel for state in states if state.serves}
    missing = [channel.label for channel in OUTSIDE if channel.value not in served]
    return show(request, "channels", "settings-channels", rows=rows, missing=missing)


def _failing(sender: Any) -> bool:
    """Say whether the last thing heard of a sender was an error."""
    return sender.last_error_at is not None and (sender.last_ok_at is None or sender.last_ok_at < sender.last_error_at)


@door(Permission.SETTINGS)
def new_channel(request: ConsoleRequest) -> HttpResponse:
    """Set up a sender: first its kind, then its settings."""
    kind = request.GET.get("kind", "")
    if kind not in SERVES:
        kinds = [(value.value, value.label, KINDS[value]) for value in SenderKind]
        return show(request, "channel_kinds", "settings-channels", kinds=kinds)
    form = SenderForm(kind, request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda _given: actions.create_sender(form.settings(), at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Saved. Send a test to yourself."))
        return redirect("web:settings-channels")
    title = SenderKind(kind).label
    return show(
        request, "form", "settings-channels", form=form, title=title, intro=KINDS[SenderKind(kind)],
        verb=_("Set up"), up=_up(),
    )  # fmt: skip


@door(Permission.SETTINGS)
def channel(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show a sender with its last tests, and change it."""
    return _shown(request, pk, SenderForm)


def _shown(request: ConsoleRequest, pk: int, make: Any, *, token: str = "") -> HttpResponse:
    sender = queries.sender(pk)
    posted = request.POST if request.method == "POST" and not token else None
    form = make(sender.kind, posted, sender=sender)
    if posted is not None and accepted(
        form, lambda _given: actions.change_sender(pk, form.settings(), at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("Saved."))
        return redirect("web:settings-channels")
    return show(
        request, "channel", "settings-channels", sender=sender, form=form, up=_up(), token=token,
        title=SenderKind(sender.kind).label, intro=KINDS[SenderKind(sender.kind)],
        tests=[whereabouts(row) for row in queries.newest_tests(pk)],
        secret_missing=bool(sender.secret_name) and not secret_of(sender.secret_name),
        error=error_words(sender.last_error),
        test_to=_own_address(request, sender.channel),
        receipt_url=request.build_absolute_uri(reverse("receipts", args=[pk])),
        takes_receipts=sender.kind == SenderKind.HTTP,
    )  # fmt: skip


def _own_address(request: ConsoleRequest, channel: str) -> str:
    """Return the reader's own address on a channel, "" when none is known."""
    own = queries.own_addresses(request.actor.user_id)
    return next((address.to for address in own if address.channel == channel), "")


class TestForm(forms.Form):
    """Where a test goes."""

    to = forms.CharField(max_length=400)


@require_POST
@door(Permission.SETTINGS)
def channel_test(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Send a test by this sender."""
    form = TestForm(request.POST)
    if form.is_valid():
        actions.send_test(pk, form.cleaned_data["to"], at=timezone.now(), by=request.actor)
        messages.success(request, _("The courier takes it; how it went is shown here in a moment."))
    return back(request, reverse("web:settings-channel", args=[pk]))


@require_POST
@door(Permission.SETTINGS)
def channel_token(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Issue the token for receipts and show it this once."""
    token = actions.issue_receipt_token(pk, at=timezone.now(), by=request.actor)
    response = _shown(request, pk, SenderForm, token=token)
    response.status_code = 201
    return response


def _up() -> dict[str, Any]:
    return {"label": _("Channels"), "url": reverse("web:settings-channels")}


urlpatterns = [
    path("settings/channels", channels, name="settings-channels"),
    path("settings/channels/new", new_channel, name="settings-channel-new"),
    path("settings/channels/<int:pk>", channel, name="settings-channel"),
    path("settings/channels/<int:pk>/test", channel_test, name="settings-channel-test"),
    path("settings/channels/<int:pk>/token", channel_token, name="settings-channel-token"),
]
