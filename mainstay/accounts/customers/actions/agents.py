"""Agents and resellers, and which customers they look after, from when until when (A1)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from mainstay.accounts.customers.choices import AgentKind
from mainstay.accounts.customers.errors import BadCustomer, NoSuchAgent
from mainstay.accounts.customers.models import Agency, Agent
from mainstay.accounts.customers.queries import visible_customer
from mainstay.domain.actor import Actor
from mainstay.domain.errors import msgid
from mainstay.platform.identity.actions import require
from mainstay.platform.identity.choices import Permission
from mainstay.platform.identity.queries import may_see, scope
from mainstay.platform.journal import actions as journal
from mainstay.platform.journal.actions import Change
from mainstay.platform.places.models import Region

CHANGEABLE = frozenset({"name", "kind", "region_id", "contact_name", "phone", "note", "since_on", "ended_on"})


@transaction.atomic
def add_agent(code: str, given: Mapping[str, Any], *, at: datetime, by: Actor) -> Agent:
    """Take on an agent or reseller; `given` holds fields of CHANGEABLE. Raises BadCustomer."""
    require(by, Permission.WRITE_CUSTOMERS)
    agent = Agent(code=code.strip(), **given)
    if not agent.code or Agent.objects.filter(code=agent.code).exists():
        raise BadCustomer(msgid("Agent “{code}” exists already or has no code; choose another code."), code=code)
    _check(agent)
    if by.customer_ids is None and not may_see(by, customer_id=None, region_code=agent.region_id):
        raise BadCustomer(msgid("Region {code} is not yours; choose one that is."), code=agent.region_id)
    agent.save()
    journal.record("agent.add", [_change(agent, None, {"code": agent.code, **given})], at=at, by=by)
    return agent


@transaction.atomic
def change_agent(agent_id: int, given: Mapping[str, Any], *, at: datetime, by: Actor) -> Agent:
    """Change fields of CHANGEABLE; `ended_on` ends the relation. Raises NoSuchAgent, BadCustomer."""
    require(by, Permission.WRITE_CUSTOMERS)
    agent = visible_agent(by, agent_id)
    before, after = journal.differences({name: getattr(agent, name) for name in given}, dict(given))
    for name, value in after.items():
        setattr(agent, name, value)
    _check(agent)
    if after:
        agent.save(update_fields=list(after))
        journal.record("agent.change", [_change(agent, before, after)], at=at, by=by)
    return agent


@transaction.atomic
def assign_agent(customer_id: int, agent_id: int, *, on: date, note: str = "", at: datetime, by: Actor) -> Agency:
    """Let an agent look after a customer from a day on. Raises NoSuchCustomer, NoSuchAgent, BadCustomer."""
    require(by, Permission.WRITE_CUSTOMERS)
    customer, agent = visible_customer(by, customer_id), agent_by_id(agent_id)
    if agent.ended_on is not None and agent.ended_on <= on:
        raise BadCustomer(msgid("{name} is no agent any more since {day}."), name=agent.name, day=agent.ended_on)
    if Agency.objects.filter(customer=customer, agent=agent, until_on=None).exists():
        raise BadCustomer(msgid("{name} looks after {customer} already."), name=agent.name, customer=customer.name)
    made = Agency.objects.create(customer=customer, agent=agent, from_on=on, note=note)
    told = {"agent": agent.name, "from_on": on, "note": note}
    change = Change("customer", customer.pk, customer.name, None, told, customer.pk, customer.region_id)
    journal.record("customer.agent", [change], at=at, by=by)
    return made


@transaction.atomic
def end_agency(agency_id: int, *, on: date, at: datetime, by: Actor) -> Agency:
    """Let an agent look after a customer no longer. Raises NoSuchAgent: none, or not of a customer that is seen."""
    require(by, Permission.WRITE_CUSTOMERS)
    mine = Agency.objects.filter(scope(by, customer="customer_id", region="customer__region__code"))
    agency = mine.filter(pk=agency_id, until_on=None).select_related("customer", "agent").first()
    if agency is None:
        raise NoSuchAgent(msgid("This agent looks after the customer no longer; read the page again."))
    agency.until_on = max(on, agency.from_on)
    agency.save(update_fields=["until_on"])
    customer, told = agency.customer, {"agent": agency.agent.name, "until_on": agency.until_on}
    change = Change("customer", customer.pk, customer.name, None, told, customer.pk, customer.region_id)
    journal.record("customer.agent_end", [change], at=at, by=by)
    return agency


def agent_by_id(agent_id: int) -> Agent:
    """Return an agent. Raises NoSuchAgent."""
    agent = Agent.objects.filter(pk=agent_id).select_related("region").first()
    if agent is None:
        raise NoSuchAgent(msgid("There is no agent or reseller {id}; choose one of the list."), id=agent_id)
    return agent


def visible_agent(actor: Actor, agent_id: int) -> Agent:
    """Return an agent whose region the actor may see, or who looks after one of their customers. Raises NoSuchAgent."""
    agent = agent_by_id(agent_id)
    if actor.customer_ids is None:
        seen = may_see(actor, customer_id=None, region_code=agent.region_id)
    else:
        seen = Agency.objects.filter(agent=agent, customer__in=actor.customer_ids).exists()
    if not seen:
        raise NoSuchAgent(msgid("There is no agent or reseller {id}; choose one of the list."), id=agent_id)
    return agent


def _check(agent: Agent) -> None:
    if not agent.name.strip():
        raise BadCustomer(msgid("Agent “{code}” needs a name; give one."), code=agent.code)
    if agent.kind not in AgentKind.values or not Region.objects.filter(pk=agent.region_id).exists():
        raise BadCustomer(msgid("Agent “{code}” needs a known kind and region; correct them."), code=agent.code)


def _change(agent: Agent, before: dict[str, Any] | None, after: dict[str, Any]) -> Change:
    return Change("agent", agent.pk, agent.name, before, after, region_code=agent.region_id)
