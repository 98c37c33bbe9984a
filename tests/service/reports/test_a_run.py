"""A run makes every report asked for, in the asker's scope; what was sent is corrected by a new version only (R1)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from mainstay.accounts.customers.models import Customer
from mainstay.domain.actor import Actor
from mainstay.network.planned_work.models import PlannedWork
from mainstay.platform.documents import queries as documents
from mainstay.platform.documents.models import Document
from mainstay.platform.jobs import queries as jobs
from mainstay.platform.jobs import running
from mainstay.platform.jobs.choices import State
from mainstay.platform.jobs.models import Job
from mainstay.platform.journal.models import Entry
from mainstay.platform.messages.models import Message
from mainstay.service.reports.actions import ask_run
from mainstay.service.reports.choices import Subject
from mainstay.service.reports.errors import BadReport
from mainstay.service.reports.gathering import facts_of_customers
from mainstay.service.reports.making import Asked
from mainstay.service.tickets.models import Ticket
from tests.cast import World
from tests.service.reports.conftest import AT, SEPTEMBER

ASKED = Asked(SEPTEMBER, ("service-report", "sla-report"), ("zh-hans", "en"), ("pdf", "xlsx"))


def run(asked: Asked, by: Actor, *, subject: str = Subject.CUSTOMERS, ids: list[int] | None = None) -> Job:
    job = ask_run(subject, ids, asked, at=AT, by=by, language="zh-hans")
    while running.advance(job.pk, at=AT):
        pass
    job.refresh_from_db()
    return job


def text_of(document: Document) -> str:
    pages = PdfReader(BytesIO(bytes(document.content.content))).pages
    return "".join(page.extract_text() for page in pages)


def test_it_works(september: World, manager: Actor) -> None:
    job = run(ASKED, manager)
    refused = [(row.label, jobs.sentence(row.error, row.error_values)) for row in jobs.refusals(job)]
    assert (job.state, job.done, refused) == (State.DONE, 2, [])
    assert Document.objects.filter(customer_id=september.bank.pk).count() == 8
    report = Document.objects.get(
        customer_id=september.bank.pk, kind="service-report", language="zh-hans", format="pdf"
    )
    text = text_of(report).replace("\n", "")
    assert "99.6296%" in text
    assert "光缆中断" in text
    assert (report.version, report.figures, report.rare, report.sent_at) == (1, "2026-09 v1", [], None)
    assert Entry.objects.filter(action="document.make").count() == 16


def test_the_english_one_is_in_english(september: World, manager: Actor) -> None:
    run(replace(ASKED, languages=("en",), formats=("pdf",)), manager, ids=[september.bank.pk])
    report = Document.objects.get(customer_id=september.bank.pk, kind="sla-report", language="en")
    assert "Service level report" in text_of(report)
    assert "2 h 40 min" in text_of(report)
    assert report.title.startswith("SLA report")


def test_words_within_the_facts_are_in_the_language_of_each_report(september: World, manager: Actor) -> None:
    Customer.objects.filter(pk=september.bank.pk).update(service_grade="gold")
    run(replace(ASKED, reports=("service-report",), formats=("pdf",)), manager, ids=[september.bank.pk])
    english, chinese = Document.objects.order_by("language")
    assert "Gold" in text_of(english)
    assert "金牌" not in text_of(english)
    assert "金牌" in text_of(chinese)
    assert "Asia/Shanghai; an interval" in text_of(english).replace("\n", " ")


def test_nobody_makes_reports_for_whom_they_do_not_see(september: World, manager: Actor) -> None:
    with pytest.raises(BadReport):
        ask_run(Subject.CUSTOMERS, [september.logistics.pk], ASKED, at=AT, by=manager)
    job = run(ASKED, manager, ids=[september.bank.pk, september.logistics.pk])
    assert job.total == 1


def test_made_again_a_draft_is_replaced_and_what_was_sent_stays(september: World, manager: Actor) -> None:
    only = replace(ASKED, reports=("service-report",), languages=("zh-hans",), formats=("pdf",))
    run(only, manager, ids=[september.bank.pk])
    run(only, manager, ids=[september.bank.pk])
    draft = Document.objects.get()
    run(replace(only, send=True, audience="notified"), manager, ids=[september.bank.pk])
    sent = Document.objects.get()
    assert (sent.pk, sent.version, sent.sent_at) == (draft.pk, 1, AT)
    run(only, manager, ids=[september.bank.pk])
    assert Document.objects.get().content_id == sent.content_id


def test_a_correction_is_a_new_version_that_says_so(september: World, manager: Actor) -> None:
    only = replace(
        ASKED, reports=("service-report",), languages=("zh-hans",), formats=("pdf",), send=True, audience="notified"
    )
    run(only, manager, ids=[september.bank.pk])
    Ticket.objects.update(responsibility="other_operator")
    run(replace(only, why="第三方施工所致"), manager, ids=[september.bank.pk])
    first, second = Document.objects.order_by("version")
    assert (second.version, second.corrects, second.why) == (2, first, "第三方施工所致")
    assert "更正版" in text_of(second)
    assert "第三方施工所致" in text_of(second)
    assert "更正版" not in text_of(first)


def test_the_customers_people_are_told_and_read_only_their_own(september: World, manager: Actor) -> None:
    contact = september.bank_contact
    Message.objects.all().delete()
    run(replace(ASKED, send=True, audience="notified"), manager, ids=[september.bank.pk])
    message = Message.objects.get(contact_id=contact.pk)
    assert "报告" in message.subject
    assert "/portal/reports/" in message.body
    own = september.actor("zhou.ying")
    assert documents.document_list(own).count() == 8
    assert documents.document_list(september.actor("wu.tong")).count() == 0


def test_the_portal_does_not_show_what_was_not_sent(september: World, manager: Actor) -> None:
    run(ASKED, manager)
    assert documents.document_list(september.actor("zhou.ying")).count() == 0


def test_a_contract_has_its_own_report(september: World, manager: Actor) -> None:
    job = run(replace(ASKED, languages=("zh-hans",), formats=("pdf",)), manager, subject=Subject.CONTRACTS)
    assert (job.done, job.failed) == (1, 0)
    report = Document.objects.filter(kind="sla-report").get()
    assert report.about == f"contract:{september.contract.pk}"
    assert september.contract.number in text_of(report).replace("\n", "")


def test_what_is_not_closed_is_not_sent(september: World, manager: Actor) -> None:
    october = replace(ASKED, month=SEPTEMBER + timedelta(days=30), send=True, audience="notified")
    with pytest.raises(BadReport):
        ask_run(Subject.CUSTOMERS, None, october, at=AT, by=manager)


def test_planned_work_that_was_announced_stands_in_the_report(september: World, manager: Actor) -> None:
    begin = datetime(2026, 9, 15, 16, tzinfo=UTC)
    work = PlannedWork.objects.create(
        number="GJ-9", title="光缆割接", status="done", from_at=begin, to_at=begin + timedelta(hours=4),
        announced_at=begin - timedelta(days=3), region_code="42",
    )  # fmt: skip
    work.resources.add(september.resources["device-A"])
    run(replace(ASKED, languages=("zh-hans",), formats=("pdf",)), manager, ids=[september.bank.pk])
    text = text_of(Document.objects.get(kind="service-report")).replace("\n", "")
    assert "GJ-9" in text
    assert "光缆割接" in text
    assert "09-16 00:00–04:00" in text


def test_the_facts_of_many_take_no_more_queries_than_those_of_one(september: World) -> None:
    facts_of_customers([september.bank.pk], SEPTEMBER)
    with CaptureQueriesContext(connection) as one:
        facts_of_customers([september.bank.pk], SEPTEMBER)
    everybody = list(Customer.objects.values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as many:
        facts_of_customers(everybody, SEPTEMBER)
    assert len(many) <= len(one) <= 20
