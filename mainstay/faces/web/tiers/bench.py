"""The test bench: this customer, these facts, this grade, because of row 3; also with facts changed by hand."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext

from mainstay.accounts.tiers.queries import explaining, rules
from mainstay.accounts.tiers.queries.register import Fact, Unit, Value, facts, label_of, number_from, value_words
from mainstay.domain.errors import MainstayError, msgid
from mainstay.domain.errors import Refused as Bad
from mainstay.faces.web.door import ConsoleRequest, door
from mainstay.faces.web.listing import number_of
from mainstay.platform.identity.choices import Permission


@door(Permission.READ_REVENUE)
def bench(request: ConsoleRequest, code: str) -> HttpResponse:
    """Judge one customer by a version; `?f-<fact>=` changes a fact for this trial only."""
    owner = rules.rule_set(request.actor, code)
    versions = explaining.versions_to_try(owner)
    wanted = number_of(request.GET.get("version", ""))
    found = next((v for v in versions if v.pk == wanted), None) or next(
        (v for v in versions if v.status == "in_force"), versions[0] if versions else None
    )
    context: dict[str, Any] = {
        "owner": owner, "name": label_of(owner), "versions": versions, "version": found,
        "customer": request.GET.get("customer", ""),
    }  # fmt: skip
    if found is not None and context["customer"]:
        try:
            changed = _changed(request)
            trial = explaining.try_out(request.actor, found, context["customer"], changed, on=timezone.localdate())
            context |= {"trial": trial, "cells": [_cell(*one) for one in trial.facts]}
        except MainstayError as error:
            context["problem"] = error.explain(gettext)
    return render(request, "web/tiers/bench.html", context)


def _changed(request: ConsoleRequest) -> dict[str, Value]:
    known = facts()
    given = {name.removeprefix("f-"): request.GET.get(name, "") for name in request.GET if name.startswith("f-")}
    return {name: _value(known[name], text) for name, text in given.items() if name in known and text.strip()}


def _value(fact: Fact, text: str) -> Value:
    if fact.kind.unit == Unit.FLAG:
        return text == "true"
    if fact.kind.unit == Unit.CHOICE:
        if text not in fact.kind.options:
            raise Bad(msgid("“{text}” is not a number here; write it like 200,000 or 20万."), text=text)
        return text
    return number_from(text, fact.kind.unit)


def _cell(fact: Fact, value: Value, changed: bool) -> dict[str, Any]:
    """Return a fact with its figure and the input that changes it."""
    options = []
    if fact.kind.unit == Unit.FLAG:
        options = [("true", gettext("yes")), ("false", gettext("no"))]
    elif fact.kind.unit == Unit.CHOICE:
        options = [(code, str(label)) for code, label in fact.option_labels.items()]
    plain = value_words(fact, value)
    if fact.kind.is_number and value is not None:
        plain = plain.removeprefix("¥").strip()
    text = str(value).lower() if isinstance(value, bool) else plain if value is not None else ""
    return {"name": f"f-{fact.name}", "label": fact.label, "source": fact.source, "options": options,
            "value": text if changed else "", "found": value_words(fact, value), "changed": changed}  # fmt: skip


urlpatterns = [path("tiers/<slug:code>/bench", bench, name="tier-bench")]
