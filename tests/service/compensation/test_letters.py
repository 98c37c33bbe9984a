"""The letter follows the approval: set in both languages, kept as a document, told to the customer's people (R1)."""

import pytest

from mainstay.domain.actor import Actor
from mainstay.platform.documents import queries as documents
from mainstay.platform.messages.models import Message
from mainstay.service.compensation import letters
from mainstay.service.compensation.actions import deciding
from mainstay.service.compensation.models import Claim, Letter
from mainstay.service.compensation.queries import claims as queries
from tests.cast import World
from tests.service.compensation.stage import SWEEPER, clauses, close, faulty_september
from tests.service.service_levels.stage import OVER


@pytest.fixture
def granted(world: World, leader: Actor) -> Claim:
    """Grant what September gives."""
    clauses(world)
    faulty_september(world)
    close()
    return deciding.approve(Claim.objects.get().pk, at=OVER, by=leader)


def test_it_works(world: World, granted: Claim, customer: Actor, outsider: Actor) -> None:
    assert letters.write_due(at=OVER, by=SWEEPER) == 1
    rows = list(Letter.objects.all())
    assert [row.language for row in rows] == ["zh-hans", "en"]
    for row in rows:
        found, content = documents.content(customer, row.document_id)
        assert content.startswith(b"%PDF")
        assert (found.customer_id, found.month, found.number) == (world.bank.pk, granted.month, granted.number)
        assert found.sent_at == OVER
        assert not documents.visible_to(outsider).exists()
    message = Message.objects.get(object_kind="compensation")
    assert (message.contact_id, message.subject) == (world.bank_contact.pk, message.subject)
    assert "440.00" in message.subject
    assert len(queries.claim(customer, granted.pk).letters) == 2


def test_it_is_written_and_told_once(granted: Claim) -> None:
    assert [letters.write_due(at=OVER, by=SWEEPER) for _ in range(2)] == [1, 0]
    assert Message.objects.filter(object_kind="compensation").count() == 1


def test_what_was_not_granted_gets_no_letter(world: World, leader: Actor) -> None:
    clauses(world)
    faulty_september(world)
    close()
    assert letters.write_due(at=OVER, by=SWEEPER) == 0


@pytest.mark.parametrize("language", letters.LANGUAGES)
def test_it_says_the_derivation_in_its_language(granted: Claim, language: str) -> None:
    claim = Claim.objects.select_related(*letters.FETCHED).get(pk=granted.pk)
    facts = letters.facts_of(claim, language, at=OVER)
    assert len(facts["letter"]["lines"]) == len(claim.lines)
    assert [o["lasted"] for o in facts["outages"]] == {
        "zh-hans": ["2 小时 40 分", "1 小时 20 分"], "en": ["2 h 40 min", "1 h 20 min"],
    }[language]  # fmt: skip
    assert facts["letter"]["circuit"] == "WH-HS-E1-0001"
