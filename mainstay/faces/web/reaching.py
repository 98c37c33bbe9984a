"""How is one of our own people reached besides the console? Everybody says it for themselves (H3)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web.contacts import ReachForm
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity import queries as identity
from mainstay.platform.identity.choices import Permission
from mainstay.platform.messages import queries
from mainstay.platform.messages.actions.choosing import Reaching, choose_channels
from mainstay.platform.messages.choices import OUTSIDE

INTRO = _("Warnings and escalations come to the console, and to these addresses as well, at any hour.")


class StaffReachForm(ReachForm):
    """A member of staff's addresses; the portal is not for them."""

    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    field_order = ("notify_by", "phone", "email")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["notify_by"]
        chosen.choices = [(channel.value, channel.label) for channel in OUTSIDE]


def _form(request: ConsoleRequest, user: Any) -> StaffReachForm:
    row = queries.staff_channels(user.pk)
    known = {name: getattr(row, name) for name in ("notify_by", "wecom", "dingtalk", "webhook")}
    return StaffReachForm(request.POST or None, initial={**known, "phone": user.phone, "email": user.email})


def _keep(request: ConsoleRequest, user: Any, given: dict[str, Any]) -> None:
    wanted = Reaching(**{**given, "notify_by": tuple(given["notify_by"])})
    choose_channels(user.pk, wanted, at=timezone.now(), by=request.actor)


@door()
def my_channels(request: ConsoleRequest) -> HttpResponse:
    """Say how I am reached."""
    user: Any = request.user
    form = _form(request, user)
    if request.method == "POST" and accepted(form, lambda given: _keep(request, user, given)):
        messages.success(request, _("Saved."))
        return redirect("web:my-channels")
    return render(request, "web/deliveries/my_channels.html", {"form": form, "intro": INTRO})


@door(Permission.SETTINGS)
def user_channels(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Say how another member of staff is reached."""
    user = identity.user_by_id(pk)
    if user is None or user.customer_id is not None:
        raise Http404
    form = _form(request, user)
    if request.method == "POST" and accepted(form, lambda given: _keep(request, user, given)):
        messages.success(request, _("Saved."))
        return redirect("web:settings-user", pk)
    up = {"label": user.display_name, "url": reverse("web:settings-user", args=[pk])}
    title = _("How %(name)s is reached") % {"name": user.display_name}
    return show(request, "form", "settings-users", form=form, title=title, intro=INTRO, verb=_("Save"), up=up)


urlpatterns = [
    path("my-channels", my_channels, name="my-channels"),
    path("settings/users/<int:pk>/channels", user_channels, name="settings-user-channels"),
]
