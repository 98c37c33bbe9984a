"""Writing scheme models: words, drawing, parts row by row, counter-schemes row by row (D4)."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from mainstay.accounts.catalog import policies
from mainstay.accounts.catalog import queries as catalog
from mainstay.accounts.customers.choices import CustomerKind
from mainstay.accounts.schemes import queries
from mainstay.accounts.schemes.actions import models as actions
from mainstay.accounts.schemes.choices import Counting, PartKind, SchemeType
from mainstay.faces.web.catalog.policies import TICKS, labelled, lines_of
from mainstay.faces.web.catalog.products import speeds_written
from mainstay.faces.web.catalog.tariffs import SpeedField, fen
from mainstay.faces.web.door import ConsoleRequest, accepted, door
from mainstay.platform.identity.choices import Permission

SPARE, MOST = 2, 40


def text(label: Any, rows: int, hint: Any = "", *, required: bool = False) -> forms.CharField:
    """Return a field for some lines of text."""
    return forms.CharField(label=label, required=required, help_text=hint, max_length=4_000,
                           widget=forms.Textarea(attrs={"rows": rows}))  # fmt: skip


class ModelForm(forms.Form):
    """What a scheme model says, beside its parts and counter-schemes."""

    code = forms.SlugField(label=_("Code"), max_length=32)
    name = forms.CharField(label=_("Name"), max_length=120)
    scheme_type = forms.ChoiceField(label=_("Kind of scheme"), choices=SchemeType.choices)
    customer_kinds = forms.MultipleChoiceField(
        label=_("Kinds of customers"), required=False, widget=TICKS, choices=CustomerKind.choices,
        help_text=_("None ticked: all."),
    )  # fmt: skip
    industries = forms.MultipleChoiceField(label=_("Trades"), required=False,
                                           help_text=_("None chosen: all; Ctrl chooses several."))  # fmt: skip
    summary = text(_("Summary"), 4, required=True)
    drawing = text(_("Drawing"), 4, _("One way a line: node | link | node | link | node."))
    parameters = text(_("Parameters"), 3, _("One a line, as label: value."))
    advantages = text(_("Advantages"), 3, _("One a line."))
    limits = text(_("Conditions and limits"), 3, _("One a line."))
    why = forms.CharField(label=_("What is new"), required=False, max_length=400)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["industries"].choices = policies.top_industries()  # type: ignore[attr-defined]


class PartForm(forms.Form):
    """One part; without a name, or a product, it is none."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PartKind.choices, required=False)
    product = forms.ChoiceField(label=_("Product"), required=False)
    name = forms.CharField(label=_("Called"), required=False, max_length=120)
    technology = forms.CharField(label=_("Technology"), required=False, max_length=80)
    counting = forms.ChoiceField(label=_("Counted"), choices=Counting.choices, required=False)
    quantity = forms.IntegerField(label=_("Quantity"), required=False, min_value=1, max_value=100_000)
    speed = SpeedField(label=_("Speed"), required=False, max_length=20)
    one_time = forms.DecimalField(label=_("Once, yuan"), required=False, min_value=0, max_digits=12, decimal_places=2)
    monthly = forms.DecimalField(label=_("A month, yuan"), required=False, min_value=0, max_digits=12, decimal_places=2)

    def __init__(self, products: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = dict(products)
        self.fields["product"].choices = [("", "—"), *products]  # type: ignore[attr-defined]

    def part(self) -> actions.NewPart | None:
        """Return the part, None for an empty row."""
        given = self.cleaned_data
        name = given["name"] or self.names.get(given["product"], "")
        if not name:
            return None
        kind = given["kind"] or PartKind.PRODUCT.value
        return actions.NewPart(
            kind, name, given["product"] if kind == PartKind.PRODUCT else "", given["technology"],
            given["counting"] or Counting.ONCE.value, given["quantity"] or 1, given["speed"],
            fen(given["one_time"] or 0), fen(given["monthly"] or 0),
        )  # fmt: skip


class CounterForm(forms.Form):
    """One counter-scheme; without a competitor it is none."""

    competitor = forms.CharField(label=_("Competitor"), required=False, max_length=80)
    rival = forms.CharField(label=_("Their scheme"), required=False, max_length=160)
    how = forms.CharField(label=_("How ours answers it"), required=False, max_length=1_000,
                          widget=forms.Textarea(attrs={"rows": 2}))  # fmt: skip


class Rows:
    """The parts and counter-schemes of a form, with spare rows; "more" gives further ones and keeps what was typed."""

    def __init__(self, posted: Any, parts: list[dict[str, Any]], counters: list[dict[str, Any]], *, more: bool) -> None:
        products = [(p.code, p.name) for p in catalog.products()]
        self.parts = [
            PartForm(products, data, initial=initial, prefix=f"part{n}")
            for n, (data, initial) in enumerate(_rows(posted, "part", PartForm, parts, more=more))
        ]
        self.counters = [
            CounterForm(data, initial=initial, prefix=f"counter{n}")
            for n, (data, initial) in enumerate(_rows(posted, "counter", CounterForm, counters, more=more))
        ]

    def are_valid(self) -> bool:
        """Look at every row, so that all that is wrong is shown at once."""
        found = [form.is_valid() for form in (*self.parts, *self.counters)]
        return all(found)

    def wanted_parts(self) -> tuple[actions.NewPart, ...]:
        """Return the parts."""
        return tuple(part for form in self.parts if (part := form.part()) is not None)

    def wanted_counters(self) -> tuple[actions.NewCounter, ...]:
        """Return the counter-schemes."""
        given = [form.cleaned_data for form in self.counters]
        return tuple(actions.NewCounter(**each) for each in given if any(each.values()))


def _rows(
    posted: Any, word: str, form: Any, there: list[dict[str, Any]], *, more: bool
) -> list[tuple[Any, dict[str, Any]]]:
    """Return (data, initial) for each row: as posted; as typed and one more; as it is there and spare ones."""
    count = _count(posted.get(f"{word}_count")) if posted else 0
    if posted and not more:
        return [(posted, {}) for _ in range(count)]
    if posted:
        wanted = min(MOST, count + 1)
        typed = [{name: posted.get(f"{word}{n}-{name}", "") for name in form.base_fields} for n in range(wanted)]
        return [(None, each) for each in typed]
    return [(None, each) for each in (*there, *({} for _ in range(SPARE)))]


def _count(given: str | None) -> int:
    known = given and given.isascii() and given.isdecimal() and len(given) < 4
    return min(int(given or 0), MOST) if known else 0


@door(Permission.WRITE_SCHEMES)
def new_model(request: ConsoleRequest) -> HttpResponse:
    """Write a scheme model down; it begins as a draft."""
    return _edit(request, None)


@door(Permission.WRITE_SCHEMES)
def edit_model(request: ConsoleRequest, pk: int) -> HttpResponse:
    """Write the next version of a scheme model."""
    return _edit(request, queries.model(pk))


def _edit(request: ConsoleRequest, row: Any) -> HttpResponse:
    posted, more = request.POST, "more" in request.POST
    initial = _words(row) if row is not None else {}
    form = ModelForm(None if more or not posted else posted, initial=_typed(posted) if more else initial)
    if row is not None:
        form.fields.pop("code")
    rows, made = Rows(posted, _parts(row), _counters(row), more=more), list[Any]()

    def act(given: dict[str, Any]) -> None:
        by = request.actor.because(given.pop("why"))
        code = given.pop("code", None) or row.code
        lists: dict[str, Any] = {name: tuple(given.pop(name)) for name in ("customer_kinds", "industries")}
        parameters = labelled(given.pop("parameters"))
        new = actions.NewModel(code=code, parts=rows.wanted_parts(), counters=rows.wanted_counters(),
                               parameters=parameters, **lists, **given)  # fmt: skip
        seen = int(posted["version"]) if posted.get("version", "").isdecimal() else None
        made.append(actions.save_model(new, model_id=row.pk if row else None, version=seen, at=timezone.now(), by=by))

    if request.method == "POST" and not more and rows.are_valid() and accepted(form, act):
        messages.success(request, gettext("Saved as version %(n)s.") % {"n": made[0].version})
        return redirect("web:scheme-model", made[0].pk)
    up = (row.name, reverse("web:scheme-model", args=[row.pk])) if row else (_("Scheme models"),
                                                                              reverse("web:scheme-models"))  # fmt: skip
    context = {"form": form, "rows": rows, "row": row, "up": up}
    return render(request, "web/schemes/write.html", context)


def _typed(posted: Any) -> dict[str, Any]:
    lists = {name: posted.getlist(name) for name in ("customer_kinds", "industries")}
    return dict(posted.dict()) | lists


def _words(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in actions.SAID} | {"parameters": lines_of(row.parameters)}


def _parts(row: Any) -> list[dict[str, Any]]:
    if row is None:
        return []
    return [
        {
            "kind": part.kind, "product": part.product.code if part.product else "", "name": part.name,
            "technology": part.technology, "counting": part.counting, "quantity": part.quantity,
            "speed": speeds_written([part.speed_kbps]) if part.speed_kbps else "",
            "one_time": _yuan(part.one_time_fen), "monthly": _yuan(part.monthly_fen),
        }
        for part in row.parts.all()
    ]  # fmt: skip


def _yuan(fen_each: int) -> str:
    return f"{fen_each / 100:.2f}" if fen_each else ""


def _counters(row: Any) -> list[dict[str, Any]]:
    if row is None:
        return []
    return [{"competitor": c.competitor, "rival": c.rival, "how": c.how} for c in row.counters.all()]


urlpatterns = [
    path("schemes/models/new", new_model, name="scheme-model-new"),
    path("schemes/models/<int:pk>/edit", edit_model, name="scheme-model-edit"),
]
