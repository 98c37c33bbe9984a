"""Users, the duties they hold, and how far they see (P1)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.faces.web import listing
from mainstay.faces.web.changes import action_words, changed_fields
from mainstay.faces.web.door import ConsoleRequest, accepted, back, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity import actions, queries
from mainstay.platform.identity.choices import GRANTS, Duty, Permission
from mainstay.platform.journal import queries as journal
from mainstay.platform.places import queries as places

HEAD = (
    _("User name"), _("Name"), _("Duties"), _("Phone"), _("E-mail"), _("Last sign-in"), _("May sign in"),
)  # fmt: skip
STAFF_DUTIES = [choice for choice in Duty.choices if choice[0] != Duty.CUSTOMER_CONTACT]


def duty_rows(user: Any, regions: dict[str, str]) -> list[tuple[object, str]]:
    """Return a user's duties as (duty, where) in words."""
    everywhere = str(_("everywhere"))
    return [
        (Duty(held.duty).label, regions.get(held.region_code, held.region_code) if held.region_code else everywhere)
        for held in user.duties.all()
    ]


class UserForm(forms.Form):
    """A new member of staff."""

    username = forms.CharField(label=_("User name"), max_length=150, help_text=_("Typed at sign-in, e.g. wang.min"))
    display_name = forms.CharField(label=_("Name"), max_length=80)
    phone = forms.CharField(label=_("Phone"), max_length=32, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    duty = forms.ChoiceField(label=_("Duty"), choices=STAFF_DUTIES)
    region = forms.ChoiceField(label=_("Region"), required=False)
    password = forms.CharField(
        label=_("First password"), widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def __init__(self, regions: dict[str, str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = region_choices(regions)  # type: ignore[attr-defined]

    def clean_password(self) -> str:
        """Refuse weak passwords."""
        validate_password(self.cleaned_data["password"])
        return str(self.cleaned_data["password"])


class DutiesForm(forms.Form):
    """All duties a user holds, each with its region."""

    def __init__(self, regions: dict[str, str], held: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = [*held, ("", ""), ("", "")]
        self.pairs = []
        for n, (duty, region) in enumerate(rows):
            label = _("Duty") if n < len(held) else _("Further duty")
            self.fields[f"duty{n}"] = forms.ChoiceField(
                label=label, choices=[("", "—"), *STAFF_DUTIES], initial=duty, required=False
            )
            self.fields[f"region{n}"] = forms.ChoiceField(
                label=_("Region"), choices=region_choices(regions), initial=region, required=False
            )
            self.pairs.append((self[f"duty{n}"], self[f"region{n}"]))

    def duties(self) -> list[tuple[str, str]]:
        """Return the (duty, region code) pairs that were chosen."""
        given = self.cleaned_data
        chosen = [(given[f"duty{n}"], given[f"region{n}"]) for n in range(len(self.pairs))]
        return sorted({pair for pair in chosen if pair[0]})


def region_choices(regions: dict[str, str]) -> list[tuple[str, object]]:
    """Return the regions as choices, everywhere first, indented by level."""
    return [("", _("everywhere")), *((code, "　" * (len(code) // 2 - 1) + name) for code, name in regions.items())]


def region_names() -> dict[str, str]:
    """Return the provinces and cities by code, in the order of the codes (1 query)."""
    return {region.code: region.name for region in places.regions() if len(region.code) <= 4}


@door(Permission.SETTINGS)
def users(request: ConsoleRequest) -> HttpResponse:
    """List the staff and the customers' people who may sign in."""
    given = request.GET
    rows = queries.find_users(text=given.get("q", ""), duty=given.get("duty", ""), locked="locked" in given)
    rows = listing.sorted_by(
        rows,
        request,
        {"username": ("username",), "name": ("display_name",), "seen": ("last_login",)},
        default="username",
    )
    regions = region_names()
    if listing.wants_file(request):
        every = rows.iterator(chunk_size=500)
        return listing.list_file(request, "users", HEAD, every, lambda each: cells(each, regions))
    page = listing.page_of(rows, request)
    page.object_list = [{"user": user, "duties": duty_rows(user, regions)} for user in page.object_list]
    filters = [
        {"name": "q", "label": _("Name or user name"), "kind": "search"},
        {"name": "duty", "label": _("Duty"), "kind": "choice", "options": Duty.choices},
        {"name": "locked", "label": _("Locked only"), "kind": "toggle"},
    ]
    return show(request, "users", "settings-users", page=page, filters=filters, **listing.export_urls(request))


def cells(user: Any, regions: dict[str, str]) -> tuple[object, ...]:
    """Return a user as a row of the export."""
    duties = "; ".join(f"{duty} {where}" for duty, where in duty_rows(user, regions))
    may = gettext("yes") if user.is_active else gettext("no")
    return user.username, user.display_name, duties, user.phone, user.email, user.last_login, may


@door(Permission.SETTINGS)
def new_user(request: ConsoleRequest) -> HttpResponse:
    """Make a user."""
    form = UserForm(region_names(), request.POST or None)

    def make(given: dict[str, Any]) -> None:
        duties = ((given["duty"], given["region"]),)
        keys = ("username", "display_name", "password", "phone", "email")
        new = actions.NewUser(duties=duties, **{key: given[key] for key in keys})
        actions.create_users([new], at=timezone.now(), by=request.actor)

    if request.method == "POST" and accepted(form, make):
        messages.success(request, _("%(name)s may now sign in.") % {"name": form.cleaned_data["display_name"]})
        return redirect("web:settings-users")
    return show(request, "form", "settings-users", form=form, title=_("New user"), verb=_("Create"), up=_up())


@door(Permission.SETTINGS)
def user(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Show one user, change their duties."""
    found = _found(pk)
    held = sorted((duty.duty, duty.region_code) for duty in found.duties.all())
    form = DutiesForm(region_names(), held, request.POST or None)
    if request.method == "POST" and accepted(
        form, lambda _given: actions.set_duties(found, form.duties(), at=timezone.now(), by=request.actor)
    ):
        messages.success(request, _("The duties of %(name)s are set.") % {"name": found.display_name})
        return redirect("web:settings-user", pk)
    history = [
        (entry, action_words(entry.action), changed_fields(entry.before, entry.after))
        for entry in journal.history_of("user", pk, actor=request.actor)[:20]
    ]
    return show(
        request, "user", "settings-users", user_shown=found, form=form, history=history, grants=_grants(found), up=_up()
    )


@door(Permission.SETTINGS)
def user_active(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Lock a user's account or open it again."""
    if request.method == "POST":
        actions.set_active(_found(pk), request.POST.get("active") == "1", at=timezone.now(), by=request.actor)
    return back(request, reverse("web:settings-user", args=[pk]))


def _found(pk: int) -> Any:
    found = queries.user_by_id(pk)
    if found is None:
        raise Http404
    return found


def _grants(found: Any) -> list[object]:
    held = {permission for duty in found.duties.all() for permission in GRANTS.get(duty.duty, ())}
    return [permission.label for permission in Permission if permission in held]


def _up() -> dict[str, Any]:
    return {"label": _("Users and duties"), "url": reverse("web:settings-users")}


urlpatterns = [
    path("settings/users", users, name="settings-users"),
    path("settings/users/new", new_user, name="settings-user-new"),
    path("settings/users/<int:pk>", user, name="settings-user"),
    path("settings/users/<int:pk>/active", user_active, name="settings-user-active"),
]
