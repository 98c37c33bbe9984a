"""Rules of points: what earns how many, how long they live; a version tried out on a customer before it holds (B4)."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog.choices import ServiceGrade
from mainstay.accounts.points.actions import books as actions
from mainstay.accounts.points.queries import books, preview
from mainstay.domain.errors import MainstayError
from mainstay.domain.points.rules import ONE, Book, book_of
from mainstay.faces.web.customer_choice import customer_named, offered
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.faces.web.settings.pages import show
from mainstay.platform.identity.choices import Permission

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
GRADES = [f"grade_{grade}" for grade in ServiceGrade.values]


class BookForm(forms.Form):
    """Rules as people fill them in; sums in yuan."""

    per_yuan = forms.DecimalField(label=_("Points for each yuan paid"), min_value=0, max_value=100, decimal_places=3)
    least = forms.DecimalField(
        label=_("Least paid in a month, yuan"), min_value=0, max_digits=12, decimal_places=2, initial=0,
        help_text=_("Months with less earn nothing."),
    )  # fmt: skip
    products = forms.CharField(
        label=_("Products"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, code and multiplier: leased-line 2"),
    )  # fmt: skip
    years = forms.CharField(
        label=_("Years with us"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line, full years and points on that day: 5 5000"),
    )  # fmt: skip
    birthday = forms.IntegerField(label=_("On a decision maker's birthday, points"), min_value=0, max_value=1_000_000)
    life_years = forms.IntegerField(
        label=_("Points live for years"), min_value=0, max_value=50, help_text=_("0: they never expire.")
    )
    whole_years = forms.BooleanField(label=_("They end with a calendar year, that of earning counted"), required=False)
    warn_days = forms.IntegerField(label=_("Tell the customer so many days before"), min_value=0, max_value=365)
    valid_from = forms.DateField(label=_("Holds from"), widget=DATE)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)
    customer = forms.CharField(
        label=_("Try it on a customer"), required=False, help_text=_("Code or full name."),
        widget=forms.TextInput(attrs={"list": "customers"}),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for grade, word in ServiceGrade.choices:
            self.fields[f"grade_{grade}"] = forms.DecimalField(
                label=_("Multiplier of grade %(grade)s") % {"grade": word}, min_value=0, max_value=100,
                decimal_places=2, initial=1,
            )  # fmt: skip
        self.order_fields(["per_yuan", "least", *GRADES])

    def clean(self) -> dict[str, Any]:
        """Read the lines, and see that the rules make sense."""
        given = super().clean() or {}
        if self.errors:
            return given
        try:
            given["book"] = book_of(
                {
                    "per_yuan": given["per_yuan"], "least_fen": int(given["least"] * 100),
                    "grades": {grade: given[f"grade_{grade}"] for grade in ServiceGrade.values
                               if given[f"grade_{grade}"] != ONE},
                    "products": dict(_pairs(given["products"])), "years": _pairs(given["years"]),
                    "birthday": given["birthday"], "life_years": given["life_years"],
                    "whole_years": given["whole_years"], "warn_days": given["warn_days"],
                }
            )  # fmt: skip
        except MainstayError as error:
            raise forms.ValidationError(error.explain(str)) from error
        except ValueError as error:
            raise forms.ValidationError(_("Write one pair a line: what, a space, how much.")) from error
        return given


def _pairs(text: str) -> list[tuple[str, str]]:
    pairs = [line.rsplit(maxsplit=1) for line in text.splitlines() if line.strip()]
    return [(what.strip().rstrip("=:：").strip(), much) for what, much in pairs]


@door()
def rules(request: ConsoleRequest) -> HttpResponse:
    """Show all versions of the rules, the one that holds first."""
    held = books.book_on(timezone.localdate())
    rows = [{"row": row, "book": book_of(row.terms), "holds": held is not None and row.pk == held.id}
            for row in books.rows()]  # fmt: skip
    return show(
        request, "points", "settings-points", rows=rows, products=preview.product_names(),
        may_keep=request.actor.may(Permission.SETTINGS), grades=dict(ServiceGrade.choices),
    )  # fmt: skip


@door(Permission.SETTINGS)
def new_rules(request: ConsoleRequest) -> HttpResponse:
    """Lay down a version; with `preview` only show what it would give a customer."""
    today = timezone.localdate()
    form = BookForm(request.POST or None, initial=_initial(today))
    tried, problem = None, ""
    trying = "preview" in request.POST
    if request.method == "POST" and trying and form.is_valid():
        tried, problem = _tried(request, form.cleaned_data, today)
    elif request.method == "POST" and accepted(form, lambda given: _lay_down(request, given)):
        messages.success(request, _("The rules are laid down; payments from that day on earn by them."))
        return redirect("web:settings-points")
    return show(
        request, "points_form", "settings-points", form=form, preview=tried, problem=problem,
        offered=offered(request.actor), products=preview.product_names(),
    )  # fmt: skip


def _lay_down(request: ConsoleRequest, given: dict[str, Any]) -> None:
    actions.lay_down(given["book"], given["valid_from"], note=given["note"], at=timezone.now(), by=request.actor)


def _tried(request: ConsoleRequest, given: dict[str, Any], today: date) -> tuple[preview.Preview | None, str]:
    try:
        found = customer_named(request.actor, given["customer"])
    except forms.ValidationError as error:
        return None, error.messages[0]
    return preview.preview(request.actor, found.pk, given["book"], today), ""


def _initial(today: date) -> dict[str, Any]:
    """Return the rules that hold as the form shows them, the example's where none do."""
    held = books.book_on(today)
    book: Book = held.book if held else actions.EXAMPLE
    return {
        "per_yuan": book.per_yuan, "least": Decimal(book.least_fen) / 100,
        **{f"grade_{grade}": book.grades.get(grade, ONE) for grade in ServiceGrade.values},
        "products": "\n".join(f"{code} {times}" for code, times in sorted(book.products.items())),
        "years": "\n".join(f"{full} {given}" for full, given in book.years), "birthday": book.birthday,
        "life_years": book.life_years, "whole_years": book.whole_years, "warn_days": book.warn_days,
        "valid_from": today,
    }  # fmt: skip


urlpatterns = [
    path("settings/points", rules, name="settings-points"),
    path("settings/points/new", new_rules, name="settings-points-new"),
]
