"""The table of all addresses: who gets which answer. An address that is not here fails the walk.

Answers, one for each of PEOPLE: a status; `in` is the way to sign-in; 302 leads elsewhere.
"""

from dataclasses import dataclass, field

from mainstay.faces.web import customer_tabs
from tests.access.agreement_addresses import AGREEMENTS
from tests.access.archive_table import ARCHIVE
from tests.access.billed_table import BILLED
from tests.access.folio_addresses import FOLIOS
from tests.access.group_table import GROUPS
from tests.access.loyal_table import LOYAL
from tests.access.tier_table import TIERS

PEOPLE = (
    "nobody",
    "wang.min",  # the bank's account manager
    "liu.fang",  # another's account manager
    "li.qiang",  # duty desk of the bank's region
    "huang.wei",  # duty desk of another region
    "sun.li",  # leader in that other region
    "admin",
    "zhou.ying",  # the bank's contact
    "wu.tong",  # another customer's contact
)
OUTSIDERS = ("nobody", "liu.fang", "huang.wei", "sun.li", "wu.tong")
"""Who must read nothing of the bank, wherever they look."""

EVERYBODY = "200 200 200 200 200 200 200 200 200"
STAFF = "in 200 200 200 200 200 200 403 403"
OF_BANK = "in 200 404 200 404 404 200 403 403"
ALARMS = "in 403 403 200 200 200 200 403 403"
ALARM_OF_REGION = "in 403 403 200 404 404 200 403 403"
CONTRACT_WRITING = "in 200 404 403 403 403 200 403 403"
ACCOUNTS_WRITING = "in 200 200 403 403 403 200 403 403"
"""Forms about nothing in particular, for account managers and administrators."""
CUSTOMER_WRITING = "in 200 404 403 403 403 200 403 403"
OWN_IMPORT = "in 200 404 404 404 404 200 403 403"
OWN_IMPORT_LEADS_ON = "in 302 404 404 404 404 302 403 403"
OWN_JOB = "in 200 404 404 404 404 200 403 403"
OWN_FILE = "in 404 404 404 404 404 404 403 403"
"""The job has made no file; administrators see others' jobs and never their files."""
INCIDENT_FORM = "in 403 403 422 404 403 422 403 403"
SETTINGS = "in 403 403 403 403 403 200 403 403"
INVENTORY_LEADS_ON = "in 403 403 403 403 403 302 403 403"
REPORTING = "in 200 200 403 403 200 200 403 403"
AUDIT = "in 403 403 403 403 200 200 403 403"
PORTAL = "in 403 403 403 403 403 403 200 200"
PORTAL_OF_BANK = "in 403 403 403 403 403 403 200 404"
TOKEN = "401 401 401 401 401 401 401 401 401"
POSTED = "405 405 405 405 405 405 405 405 405"
"""Views that answer POST only, and say so before they look who asks."""


@dataclass(frozen=True)
class Address:
    """What everybody gets at an address; `args` name ids of the stage, `queries` are further ways to ask."""

    answers: str
    args: dict[str, str] = field(default_factory=dict)
    queries: tuple[str, ...] = ("",)

    @property
    def by_person(self) -> dict[str, str]:
        """Return the answers by person."""
        return dict(zip(PEOPLE, self.answers.split(), strict=True))


def _of(kind: str) -> dict[str, str]:
    return {"pk": kind}


SEARCHES = (
    "?q=汉江银行",
    "?q=hanjiang",
    "?q=WH-HS-E1-0001",
    "?q=周颖",
    "?q=13800000001",
    "?q=T-000001",
    "?q=HT-2026-0001",
)

TABS = ("", *customer_tabs.TABS)
SPANS = ("", "?span=7d", "?span=30d&show=table", "?span=12m", "?export=csv")
TABLE: dict[str, Address] = {
    # anybody
    "set_language": Address(POSTED),
    "healthz": Address(EVERYBODY),
    "readyz": Address("503 503 503 503 503 503 503 503 503"),
    "prometheus-django-metrics": Address(EVERYBODY),
    "ui:gallery": Address(STAFF),
    "ui:gallery-portal": Address(STAFF),
    "ui:gallery-find": Address(STAFF, queries=("", *SEARCHES)),
    "web:sign-in": Address("200 302 302 302 302 302 302 302 302"),
    "web:sign-out": Address(POSTED),
    # programs: by token only, whoever is signed in
    "tmf-api:openapi-json": Address(EVERYBODY),
    "tmf-api:api-root": Address("404 404 404 404 404 404 404 404 404"),
    "tmf-api:create_alarm": Address(POSTED),
    "tmf-api:read_alarm": Address(TOKEN, {"alarm_id": "report"}),
    "api:openapi-json": Address(EVERYBODY),
    "api:api-root": Address("404 404 404 404 404 404 404 404 404"),
    "api:create_alarms": Address(POSTED),
    "api:create_samples": Address(POSTED),
    "receipts": Address(POSTED, _of("sender")),
    "calendar-feed": Address("404 404 404 404 404 404 404 404 404", {"secret": "nobody-knows-this"}),
    # the console: everybody's own
    "web:my-day": Address("in 200 200 200 200 200 200 302 302"),
    "web:password": Address(STAFF),
    "web:inbox": Address(STAFF, queries=("", "?unread=1")),
    "web:inbox-read": Address(POSTED),
    "web:jobs": Address(STAFF, queries=("", "?state=waiting")),
    "web:job": Address(OWN_JOB, _of("job")),
    "web:job-refused": Address(OWN_JOB, _of("job")),
    "web:job-file": Address(OWN_FILE, _of("job")),
    "web:job-cancel": Address(POSTED, _of("job")),
    "web:job-retry": Address(POSTED, _of("job")),
    "web:list-many": Address(POSTED, {"name": "list_name"}),
    "web:view-save": Address(POSTED, {"name": "list_name"}),
    "web:view-change": Address(POSTED, _of("view")),
    "web:inbox-fresh": Address(STAFF),
    "web:find": Address(STAFF, queries=("", *SEARCHES)),
    # accounts
    "web:customers": Address(
        STAFF, queries=("", "?export=csv", "?q=汉江", "?impaired=1", "?region=42", "?sort=-impaired")
    ),
    **{name: Address(*told) for name, told in GROUPS.items()},
    "web:customer": Address(
        OF_BANK,
        _of("customer"),
        tuple(f"?tab={tab}" for tab in TABS),
    ),
    **{name: Address(*told) for name, told in FOLIOS.items()},
    "web:customer-edit": Address(CUSTOMER_WRITING, _of("customer")),
    "web:customer-hand-over": Address(CUSTOMER_WRITING, _of("customer")),
    "web:customer-new": Address(ACCOUNTS_WRITING, queries=("", "?as=member", "?as=group", "?as=individual")),
    "web:customer-term-new": Address(CONTRACT_WRITING, _of("customer")),
    "web:contracts": Address(
        STAFF,
        queries=("", "?export=csv", "?q=汉江银行", "?q=HT-2026-0001", "?soon=1", "?status=active", "?sort=-price"),
    ),
    "web:contract": Address(OF_BANK, _of("contract")),
    "web:contract-new": Address(ACCOUNTS_WRITING, queries=("", "?customer=C0001")),
    "web:contract-term-new": Address(CONTRACT_WRITING, _of("contract"), ("", "?place=line1")),
    "web:contract-circuits": Address(CONTRACT_WRITING, _of("contract")),
    "web:contract-end": Address(CONTRACT_WRITING, _of("contract")),
    "web:special-term-end": Address(CONTRACT_WRITING, _of("special_term")),
    "web:contact-new": Address(CUSTOMER_WRITING, _of("customer")),
    "web:contact": Address(CUSTOMER_WRITING, _of("contact")),
    "web:contact-left": Address("in 302 404 403 403 403 302 403 403", _of("contact")),
    **{name: Address(*given) for name, given in AGREEMENTS.items()},
    # files in and out: imports are read by whoever brought them, here the bank's manager
    "web:imports": Address(STAFF),
    "web:import-new": Address("in 200 200 200 200 403 200 403 403", queries=("", "?kind=customers")),
    "web:import": Address(OWN_IMPORT, _of("import")),
    "web:import-columns": Address(OWN_IMPORT_LEADS_ON, _of("import")),
    "web:import-start": Address(OWN_IMPORT_LEADS_ON, _of("import")),
    "web:import-undo": Address(OWN_IMPORT_LEADS_ON, _of("import")),
    "web:import-discard": Address(OWN_IMPORT_LEADS_ON, _of("import")),
    "web:import-errors": Address(OWN_IMPORT, _of("import")),
    "web:import-template": Address(STAFF, {"name": "import_kind"}),
    "web:export": Address(STAFF, {"name": "import_kind"}),
    "web:circuits": Address(STAFF, queries=("", "?export=csv", "?q=汉江银行", "?state=down", "?sort=customer")),
    "web:circuit": Address(OF_BANK, _of("circuit"), ("", "?on=2026-01-01")),
    "web:circuit-performance": Address(OF_BANK, _of("circuit"), SPANS),
    "web:performance": Address(
        STAFF, queries=("", "?metric=util_out&least=90&days=1", "?export=csv&days=1", "?least=nonsense&days=99")
    ),
    "web:circuit-term-new": Address(
        CONTRACT_WRITING,
        _of("circuit"),
        ("", "?metric=restoration&amount=30&unit=natural_minutes&valid_from=2030-01-01"),
    ),
    "web:circuit-term-end": Address(CONTRACT_WRITING, _of("circuit_term")),
    # compensation: seen as its customer is; billing runs as their region, by who may approve
    "web:compensations": Address(
        STAFF, queries=("", "?q=汉江银行", "?status=open", "?month=2026-09&kind=manual", "?export=csv", "?sort=amount")
    ),
    "web:compensation": Address(OF_BANK, _of("granted_claim")),
    "web:compensation-approve": Address(POSTED, _of("open_claim")),
    "web:compensation-reject": Address(POSTED, _of("open_claim")),
    "web:compensation-reverse": Address(POSTED, _of("granted_claim")),
    "web:compensation-new": Address("in 200 404 404 404 404 200 403 403", {"customer": "customer"}),
    "web:billing-runs": Address("in 403 403 403 403 200 200 403 403"),
    "web:billing-run": Address("in 403 403 403 403 404 200 403 403", _of("billing_run")),
    "web:billing-file": Address("in 403 403 403 403 404 200 403 403", _of("billing_run")),
    "web:billing-export": Address(POSTED),
    "web:settings-clauses": Address(STAFF, queries=("", "?all=on", "?circuit=WH-HS-E1-0001&month=2026-09")),
    "web:settings-clause-new": Address("in 404 404 404 404 404 200 403 403"),
    "web:settings-clause-set": Address(OF_BANK, _of("clauses"), ("", "?circuit=WH-HS-E1-0001&month=2026-09")),
    "web:settings-clause-revise": Address("in 200 404 404 404 404 200 403 403", _of("clauses")),
    "web:settings-clause-end": Address("in 200 404 404 404 404 200 403 403", _of("clauses")),
    # documents: seen as their customer is; schedules by who set them up, here the bank's manager
    "web:documents": Address(
        STAFF, queries=("", "?q=汉江银行", "?customer={customer}", "?month=2020-01", "?state=waiting", "?format=xlsx")
    ),
    "web:document": Address(OF_BANK, _of("document")),
    "web:document-file": Address(OF_BANK, _of("document"), ("", "?view")),
    "web:document-send": Address(POSTED, _of("document_draft")),
    "web:document-runs": Address(STAFF),
    "web:document-run-new": Address(REPORTING, queries=("", "?customer=C0001")),
    "web:document-preview": Address("in 404 404 404 404 404 404 403 403", _of("customer")),
    "web:document-schedules": Address(STAFF),
    "web:document-schedule-new": Address(REPORTING),
    "web:document-schedule": Address("in 200 404 403 403 404 200 403 403", _of("schedule")),
    "web:document-schedule-stop": Address(POSTED, _of("schedule")),
    # tickets
    "web:tickets": Address(
        STAFF,
        queries=(
            "",
            "?tab=all",
            "?tab=all&export=csv",
            "?customer={customer}&tab=all",
            "?q=T-000001",
            "?q=汉江银行",
            "?tab=unclaimed",
        ),
    ),
    "web:ticket": Address(OF_BANK, _of("ticket"), ("", "?do=note", "?do=assign")),
    "web:ticket-do": Address(POSTED, {"pk": "ticket", "verb": "verb"}),
    "web:departments": Address(STAFF, queries=("", "?from=2026-09-01&to=2026-09-30", "?export=csv", "?from=nonsense")),
    "web:ticket-report": Address("in 200 200 200 200 200 200 403 403", queries=("", *SEARCHES)),
    # the network
    "web:wall": Address(
        ALARMS,
        queries=(
            "",
            "?part=bar",
            "?part=storm",
            "?part=causes",
            "?part=causes&by=origin",
            "?part=customers",
            "?part=reports",
        ),
    ),
    "web:wall-causes": Address(ALARMS, queries=("", "?hit=1", "?hit=0&place=4201", "?origin=duct:1:1")),
    "web:wall-claim": Address(POSTED),
    "web:wall-storms": Address(ALARMS),
    "web:wall-storm": Address(ALARMS, _of("storm"), ("", "?show=hit", "?show=circuits", "?show=customers")),
    "web:wall-symptoms": Address(ALARM_OF_REGION, _of("incident")),
    "web:incidents": Address(ALARMS, queries=("", "?status=all", "?customers=1", "?q=CD")),
    "web:incident": Address(ALARM_OF_REGION, _of("incident")),
    "web:incident-tell": Address(ALARM_OF_REGION, _of("incident"), ("", "?page=2")),
    "web:incident-claim": Address(POSTED, _of("incident")),
    "web:incident-promise": Address(INCIDENT_FORM, _of("incident")),
    "web:incident-not-affected": Address(INCIDENT_FORM, _of("incident")),
    "web:incident-close": Address(INCIDENT_FORM, _of("incident")),
    "web:reports": Address(ALARMS, queries=("", "?part=causes", "?part=count&shown=1", "?incident=1")),
    "web:reports-tie": Address(POSTED),
    "web:reports-untie": Address(POSTED),
    "web:incident-reports": Address(ALARM_OF_REGION, _of("incident")),
    "web:incident-end": Address(INCIDENT_FORM, _of("incident")),
    "web:incident-join": Address(INCIDENT_FORM, _of("incident")),
    "web:alarms": Address(ALARMS, queries=("", "?cleared=1", "?q=cable", "?incident={incident}")),
    "web:alarm": Address(ALARM_OF_REGION, _of("alarm")),
    "web:alarms-acknowledge": Address(POSTED),
    "web:quarantine": Address(ALARMS, queries=("", "?status=placed")),
    "web:quarantine-decide": Address(
        "in 403 403 200 200 403 200 403 403", _of("quarantine"), ("", "?q=cable", "?q=WH-HS")
    ),
    "web:resource": Address(ALARM_OF_REGION, _of("resource")),
    "web:sync": Address(ALARMS),
    "web:sync-source": Address(ALARM_OF_REGION, _of("sync_source")),
    "web:sync-source-new": Address(SETTINGS),
    "web:sync-source-settings": Address(SETTINGS, _of("sync_source")),
    "web:sync-source-rules": Address(SETTINGS, _of("sync_source")),
    "web:sync-give": Address(INVENTORY_LEADS_ON, _of("sync_source")),
    "web:sync-look": Address(INVENTORY_LEADS_ON, _of("sync_source")),
    "web:sync-run": Address(ALARM_OF_REGION, _of("sync_run")),
    "web:sync-bad-rows": Address(ALARM_OF_REGION, _of("sync_run")),
    "web:sync-run-decide": Address(INVENTORY_LEADS_ON, {"pk": "sync_run", "verb": "sync_verb"}),
    "web:sync-differences": Address(ALARMS, queries=("", "?q=WH-HS", "?state=applied", "?state=", "?kind=conflict")),
    "web:sync-decide": Address(INVENTORY_LEADS_ON),
    "web:sync-undo": Address(INVENTORY_LEADS_ON, _of("difference")),
    "web:works": Address(ALARMS, queries=("", "?q=汉江银行", "?status=planned")),
    "web:work-new": Address("in 403 403 200 200 403 200 403 403", queries=("", "?resource=cable-AB")),
    "web:work": Address(ALARM_OF_REGION, _of("work")),
    "web:work-look": Address(
        "in 403 403 200 200 403 200 403 403", queries=("", "?resource=cable-AB", "?find=AB&resources=cable-AB")
    ),
    "web:work-words": Address("in 403 403 200 404 403 200 403 403", _of("work")),
    "web:work-calendar": Address(ALARMS, queries=("", "?view=week", "?on=2026-12-01", "?view=week&on=nonsense")),
    "web:what-if": Address(ALARMS, queries=("", "?resource=cable-AB", "?find=AB", "?resource=cable-AB&level=degraded")),
    "web:announcement": Address(OF_BANK, _of("announcement")),
    "web:announcement-note": Address(OF_BANK, _of("announcement")),
    "web:freezes": Address(ALARMS, queries=("", "?show=all")),
    "web:freeze-new": Address("in 403 403 403 403 200 200 403 403"),
    "web:freeze-end": Address("in 403 403 403 403 404 200 403 403", _of("freeze")),
    "web:work-notes": Address("in 403 403 200 200 403 200 403 403"),
    "web:work-note-map": Address(POSTED),
    "web:work-note-forget": Address(POSTED, _of("work")),
    "web:feeds": Address(STAFF),
    "web:feed-new": Address(POSTED),
    "web:feed-revoke": Address(POSTED, _of("work")),
    "web:work-step": Address("in 403 403 404 404 404 404 403 403", {"pk": "work", "verb": "verb"}),
    "web:levels": Address(STAFF, queries=("", "?list=1", "?region=42", "?region=4201", "?affected=1", "?verdict=met")),
    "web:levels-close": Address("in 403 403 403 403 404 404 403 403", {"month": "month"}),
    "web:level": Address(OF_BANK, {"month": "month", "pk": "circuit"}, ("", "?version=1")),
    "web:level-propose": Address(OF_BANK, {"month": "month", "pk": "circuit"}, ("?ticket={ticket}",)),
    "web:level-proposals": Address(STAFF, queries=("", "?state=asked")),
    "web:level-proposal": Address(OF_BANK, _of("proposal")),
    "web:level-decide": Address("in 404 404 404 404 404 404 403 403", {"pk": "proposal", "verb": "verb"}),
    "web:shift-log": Address(ALARMS),
    "web:handover": Address(ALARMS, queries=("", "?shift=1", "?export=csv")),
    "web:handover-write": Address(POSTED),
    "web:handovers": Address(ALARMS),
    "web:handover-record": Address(ALARM_OF_REGION, _of("handover")),
    "web:handover-take": Address(POSTED, _of("handover")),
    "web:shift-log-take-over": Address("in 403 403 404 404 403 404 403 403", _of("desk")),
    # the house
    "web:settings": Address(STAFF),
    "web:settings-roster": Address(STAFF, queries=("", "?from=2026-09-01")),
    "web:settings-shift-new": Address(SETTINGS),
    "web:settings-shift-end": Address("in 403 403 403 403 403 302 403 403", _of("shift")),
    "web:settings-desk-new": Address(SETTINGS),
    "web:settings-departments": Address(STAFF),
    "web:settings-department-new": Address(SETTINGS),
    "web:settings-department": Address(SETTINGS, _of("department")),
    "web:settings-promises": Address(STAFF),
    "web:settings-profile-new": Address(SETTINGS),
    "web:settings-profile": Address(STAFF, _of("profile"), ("", "?all=1")),
    "web:settings-profile-activate": Address("in 403 403 403 403 403 302 403 403", _of("profile")),
    "web:settings-term-new": Address(SETTINGS, _of("profile")),
    "web:settings-term": Address(SETTINGS, _of("term")),
    "web:settings-term-end": Address(SETTINGS, _of("term")),
    "web:settings-calendars": Address(STAFF),
    "web:settings-calendar-new": Address(SETTINGS),
    "web:settings-calendar": Address(SETTINGS, _of("calendar")),
    "web:settings-calendar-import": Address(SETTINGS),
    "web:settings-users": Address(SETTINGS, queries=("", "?q=周颖")),
    "web:settings-user-new": Address(SETTINGS),
    "web:settings-user": Address(SETTINGS, _of("user")),
    "web:settings-user-active": Address("in 403 403 403 403 403 302 403 403", _of("user")),
    "web:settings-sources": Address(ALARMS),
    "web:settings-source-new": Address(SETTINGS),
    "web:settings-source": Address(SETTINGS, _of("source")),
    "web:settings-effects": Address(ALARMS, queries=("", "?type=LOS&severity=critical&kind=port")),
    "web:settings-effect-new": Address(SETTINGS),
    "web:settings-effect": Address(SETTINGS, _of("rule")),
    "web:settings-effect-remove": Address("in 403 403 403 403 403 302 403 403", _of("rule")),
    "web:settings-performance": Address("in 403 403 200 200 200 200 403 403"),
    "web:settings-sample-source-new": Address(SETTINGS),
    "web:settings-sample-source": Address(SETTINGS, _of("sample_source")),
    "web:settings-threshold-new": Address(SETTINGS),
    "web:settings-threshold": Address(SETTINGS, _of("threshold")),
    "web:settings-threshold-remove": Address("in 403 403 403 403 403 302 403 403", _of("threshold")),
    "web:settings-probe-target-new": Address(SETTINGS),
    "web:settings-probe-target": Address(SETTINGS, _of("probe_target")),
    "web:settings-probe-target-remove": Address("in 403 403 403 403 403 302 403 403", _of("probe_target")),
    "web:settings-texts": Address(SETTINGS),
    "web:settings-text": Address(SETTINGS, {"kind": "update", "language": "zh-hans", "length": "long"}),
    "web:settings-text-reset": Address(POSTED, {"kind": "update", "language": "zh-hans", "length": "long"}),
    "web:settings-texts-rules": Address(POSTED),
    "web:settings-desk-phone": Address(POSTED, _of("desk")),
    "web:settings-storm": Address(SETTINGS),
    "web:settings-monitoring": Address(SETTINGS),
    "web:settings-channels": Address(SETTINGS),
    "web:settings-channel-new": Address(SETTINGS, queries=("", "?kind=smtp", "?kind=http", "?kind=wecom")),
    "web:settings-channel": Address(SETTINGS, _of("sender")),
    "web:settings-channel-test": Address(POSTED, _of("sender")),
    "web:settings-channel-token": Address(POSTED, _of("sender")),
    "web:settings-quiet-hours": Address(SETTINGS),
    "web:settings-user-channels": Address(SETTINGS, _of("user")),
    "web:my-channels": Address(STAFF),
    "web:deliveries": Address(STAFF, queries=("", "?state=given_up", "?channel=sms", "?q=汉江银行", "?q=13800000001")),
    "web:delivery": Address(OF_BANK, _of("delivery")),
    "web:delivery-retry": Address(POSTED),
    "web:delivery-drop": Address(POSTED),
    **{name: Address(*each) for name, each in ARCHIVE.items()},
    "web:audit-seals": Address(AUDIT),
    "web:audit": Address(AUDIT, queries=("", "?export=csv", "?q=汉江银行", "?kind=ticket", "?people=1")),
}

from tests.access.offered_table import OFFERED  # noqa: E402  # needs what stands above
from tests.access.portal_table import PORTALS  # noqa: E402  # needs what stands above

TABLE |= OFFERED
TABLE |= PORTALS

ASKED_BY_QUERY: tuple[tuple[str, str, str], ...] = (
    # Addresses that are about an object of the bank only when the query says so: name, query, answers.
    ("web:ticket-report", "?customer={customer}", OF_BANK),
    ("web:ticket-report", "?circuit={circuit}", OF_BANK),
    ("web:ticket-report", "?customer={customer}&circuit={circuit}&contact={contact}", OF_BANK),
)
TABLE |= {name: Address(*row) for name, row in {**BILLED, **LOYAL, **TIERS}.items()}
