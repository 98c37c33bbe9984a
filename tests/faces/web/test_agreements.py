"""A contract is led on by its pages; “which promise holds, and why” is answered for two days; PDFs come out."""

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mainstay.accounts.contracts.actions import NewContract, NewLine, register_contracts
from mainstay.accounts.contracts.models import Attachment, Contract
from mainstay.platform.journal.models import Entry
from mainstay.service.promises.models import PackageUse
from tests.cast import NOW, World
from tests.service.promises.laying import applied, minutes, package


def signed_in(world: World, username: str) -> Client:
    """Return a browser in which somebody is signed in."""
    client = Client()
    client.force_login(world.users[username])
    return client


@pytest.fixture
def manager_page(world: World) -> Client:
    """Return the bank's manager's browser."""
    return signed_in(world, "wang.min")


def test_which_promise_holds_is_shown_for_two_days(world: World, manager_page: Client) -> None:
    applied(world, package(world, "gold", minutes(45)), contract_id=world.contract.pk, valid_from=date(2026, 6, 1))
    address = reverse("web:promises")
    page = manager_page.get(f"{address}?circuit=WH-HS-E1-0001&on=2026-03-03&with=2026-09-01").content.decode()
    for words in ("2026-03-03", "2026-09-01", "45\u2009分钟", "60\u2009分钟", "套餐 gold v1", "有变化"):
        assert words in page
    other = signed_in(world, "liu.fang").get(f"{address}?circuit=WH-HS-E1-0001").content.decode()
    assert "HT-2026-0001" not in other


def test_a_contract_is_changed_and_its_versions_are_compared(world: World, manager_page: Client) -> None:
    address = reverse("web:contract-change", args=[world.contract.pk])
    assert b"8800.00" in manager_page.get(address).content
    sent = {
        "name": "汉江银行专线服务协议", "valid_from": "2026-09-01", "auto_renew_months": "0", "notice_days": "30",
        "why": "议价", "revision": "1", "line_count": "2", "line0-product": "leased-line", "line0-grade": "AAA",
        "line0-price": "8000", "line1-product": "leased-line", "line1-grade": "A", "line1-price": "100",
    }  # fmt: skip
    assert manager_page.post(address, sent).status_code == 302
    again = manager_page.post(address, {**sent, "name": "别的"})
    assert "他人已作更改" in again.content.decode()
    page = manager_page.get(reverse("web:contract-version", args=[world.contract.pk, 2])).content.decode()
    assert "8,800.00" in page
    assert "8,000.00" in page


def test_a_file_goes_in_and_comes_out_to_the_customer(world: World, manager_page: Client) -> None:
    address = reverse("web:contract-attach", args=[world.contract.pk])
    file = SimpleUploadedFile("签署件.pdf", b"%PDF-1.7 x")
    manager_page.post(address, {"file": file, "kind": "signed", "title": "", "for_customer": "on"})
    row = Attachment.objects.get()
    answer = signed_in(world, "zhou.ying").post(reverse("portal:contract-file", args=[row.pk]))
    assert (answer.content, answer["X-Content-Type-Options"]) == (b"%PDF-1.7 x", "nosniff")
    assert "attachment" in answer["Content-Disposition"]
    assert signed_in(world, "wu.tong").post(reverse("portal:contract-file", args=[row.pk])).status_code == 404
    assert Entry.objects.filter(action="contract.read_file").count() == 1


def test_the_document_is_a_pdf_in_both_languages(world: World, manager_page: Client) -> None:
    for language in ("zh-hans", "en"):
        answer = manager_page.get(reverse("web:contract-paper", args=[world.contract.pk]) + f"?language={language}")
        assert answer.content.startswith(b"%PDF-")
    portal = signed_in(world, "zhou.ying").get(reverse("portal:contract-paper", args=[world.contract.pk]))
    assert portal.content.startswith(b"%PDF-")


def test_a_draft_is_nothing_for_the_customer(world: World, manager_page: Client) -> None:
    Contract.objects.filter(pk=world.contract.pk).update(status="draft")
    portal = signed_in(world, "zhou.ying")
    assert "HT-2026-0001" not in portal.get(reverse("portal:contracts")).content.decode()
    for name in ("portal:contract", "portal:contract-paper"):
        assert portal.get(reverse(name, args=[world.contract.pk])).status_code == 404


def test_a_package_is_sold_on_a_line_and_its_discount_waits(world: World, manager_page: Client) -> None:
    version = package(world, "gold", minutes(45))
    address = reverse("web:contract-package", args=[world.contract.pk])
    sent = {"place": "1", "version_id": version.pk, "price": "10", "valid_from": "2026-09-01", "why": "竞争"}
    assert manager_page.post(address, sent).status_code == 302
    use = PackageUse.objects.get()
    assert (use.status, use.line_id) == ("waiting", world.line.pk)
    leader = signed_in(world, "zhao.lei")
    assert "竞争" in leader.get(reverse("web:package-use", args=[use.pk])).content.decode()
    leader.post(reverse("web:package-use-decide", args=[use.pk, "approve"]))
    use.refresh_from_db()
    assert use.status == "approved"


def test_the_portal_lists_contracts_with_few_questions(world: World, django_assert_max_num_queries: Any) -> None:
    new = [NewContract(f"HT-9{n:03d}", "C0001", "协议", date(2026, 1, 1), date(2026, 1, 1),
                       lines=(NewLine(1, "leased-line", "A", 1),)) for n in range(20)]  # fmt: skip
    register_contracts(new, at=NOW, by=world.actor("admin"))
    portal = signed_in(world, "zhou.ying")
    with django_assert_max_num_queries(12):
        assert "HT-9019" in portal.get(reverse("portal:contracts")).content.decode()
