"""What the demo's archives tell: papers and accounts, sites, agents, suggestions, other systems' words, consultations.

The story: the largest group proposes things; billing and the CRM disagree on an address; an officer asked for an
identity number and waits for the leader; a customer left last month; one review of permissions was closed in spring.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from mainstay.accounts.consulting.actions import asking, reviews
from mainstay.accounts.consulting.queries.reviews import review
from mainstay.accounts.customers.actions import agents, delivering, sites, suggestions
from mainstay.accounts.customers.actions.contacts import change_contact, set_roles
from mainstay.accounts.customers.actions.customers import move_to_archive, update_customer
from mainstay.accounts.customers.choices import Archive
from mainstay.accounts.customers.queries import contacts, visible_to
from mainstay.domain.actor import Actor
from mainstay.network.inventory.actions.sites import place_ends
from mainstay.network.inventory.queries.sites import places
from mainstay.platform.identity import actions as identity
from mainstay.platform.identity.choices import Duty
from mainstay.platform.identity.queries import actor_named

TELLS = 8
"""So many customers' archives are filled in, the largest first."""
BANKS = ("中国工商银行江城支行", "中国建设银行高新支行", "招商银行光谷支行", "湖北银行营业部")
PROPOSED = (
    ("building", "两条主备电路进楼处共用一根管道，建议从东门另敷设一条路由。", "done",
     "已列入本季度改造，新管道 10 月贯通，届时请配合割接。"),
    ("service", "月度服务报告希望在每月 3 日前送达，并附上中断明细。", "working", ""),
    ("management", "割接通知建议同时抄送我方机房值班邮箱。", "open", ""),
    ("service", "希望故障恢复后由同一位工程师电话回访。", "declined", "夜间由值班台统一回访，白天可以指定工程师。"),
)  # fmt: skip
AGENTS = (
    ("AG-001", "江城通达信息技术有限公司", "agent", "陈志强", "027-55509001"),
    ("AG-002", "楚天云联科技有限公司", "reseller", "何雅琴", "027-55509002"),
)


@dataclass
class Filler:
    """Mutable: fills in archives at `at`; the same dice give the same."""

    at: datetime
    dice: Random
    by: Actor

    def fill(self) -> int:
        """Fill in the archives and return how many."""
        wanted = visible_to(self.by).filter(service_grade__in=("gold", "silver")).order_by("service_grade", "code")
        rows = list(wanted[:TELLS])
        for place, row in enumerate(rows):
            self._papers(row)
            self._name_site(row)
            if place < len(PROPOSED):
                self._propose(row, place)
        self._individuals()
        if rows:
            self._agents(rows)
            self._other_systems(rows[0])
            self._consult(rows[0])
            self._review()
        self._one_left()
        return len(rows)

    def _papers(self, row: Any) -> None:
        customer = visible_to(self.by).get(pk=row.pk)
        number = f"91420100MA4K{self.dice.randint(10_000, 99_999)}X"
        papers = {
            "taxpayer_kind": "general", "tax_number": number, "invoice_title": customer.name,
            "bank_name": self.dice.choice(BANKS), "bank_account": f"6222{self.dice.randint(10**14, 10**15 - 1)}",
        }  # fmt: skip
        by, at = self.by.because("合同附件：开票资料"), self.at - timedelta(days=40)
        update_customer(customer.pk, papers, revision=customer.revision, at=at, by=by)
        people = contacts(customer.pk)
        for first, second in pairwise(people):
            number = f"4201{self.dice.randint(10**12, 10**13 - 1)}X"
            given = {"since_on": (at - timedelta(days=self.dice.randint(100, 900))).date(), "deputy_id": second.pk,
                     "identity_number": number, "email": f"lxr{first.pk}@example.com"}  # fmt: skip
            change_contact(first.pk, given, at=at, by=self.by)
        if people:
            set_roles(people[0].pk, ["business"], at=at, by=self.by)

    def _name_site(self, row: Any) -> None:
        pk = row.pk
        found, _left_out = places(self.by, pk, [])
        largest = max(found, key=lambda place: len(place.ends), default=None)
        if largest is None:
            return
        people = contacts(pk)
        given = {"name": largest.name, "address": largest.address, "note": "东门货梯上，提前一天报车牌。",
                 "contact_id": people[0].pk if people else None}  # fmt: skip
        site = sites.add_site(pk, given, at=self.at - timedelta(days=30), by=self.by)
        place_ends(site.pk, [end.pk for end in largest.ends], at=self.at - timedelta(days=30), by=self.by)

    def _propose(self, row: Any, place: int) -> None:
        about, text, state, answer = PROPOSED[place]
        pk, at = row.pk, self.at - timedelta(days=12 - 3 * place)
        people, manager = contacts(pk), actor_named("wang.min")
        new = suggestions.NewSuggestion(
            about, text, at.date(), contact_id=people[0].pk if people else None,
            owner_id=manager.user_id if manager else None, due_on=(at + timedelta(days=5)).date(),
        )  # fmt: skip
        made = suggestions.note_suggestion(pk, new, at=at, by=self.by)
        if state != "open":
            by = actor_named("zhao.lei") or self.by
            suggestions.answer_suggestion(made.pk, state, answer, at=at + timedelta(days=1), by=by)

    def _individuals(self) -> None:
        for customer in visible_to(self.by).filter(kind="individual").order_by("code")[:3]:
            given = {"identity_kind": "id_card", "identity_number": f"4201{self.dice.randint(10**12, 10**13 - 1)}X",
                     "employer": "江城设计院", "birthday_on": self.at.date().replace(year=1979, day=12),
                     "phone": f"1990007{self.dice.randint(1000, 9999)}"}  # fmt: skip
            by = self.by.because("入网登记")
            update_customer(customer.pk, given, revision=customer.revision, at=self.at - timedelta(days=35), by=by)

    def _agents(self, rows: list[Any]) -> None:
        for place, (code, name, kind, person, phone) in enumerate(AGENTS):
            given = {"name": name, "kind": kind, "region_id": "4201", "contact_name": person, "phone": phone,
                     "since_on": (self.at - timedelta(days=700)).date()}  # fmt: skip
            made = agents.add_agent(code, given, at=self.at - timedelta(days=60), by=self.by)
            for row in rows[place::3]:
                since = (self.at - timedelta(days=300)).date()
                agents.assign_agent(row.pk, made.pk, on=since, at=self.at, by=self.by)

    def _other_systems(self, row: Any) -> None:
        callers = identity.create_users(
            [identity.NewUser(code, name, "", ((Duty.SYSTEM_CLIENT, ""),))
             for code, name in (("billing", "计费系统"), ("crm", "CRM 系统"))],
            at=self.at, by=self.by,
        )  # fmt: skip
        billing = delivering.SourceSettings("计费系统", "ask", {"bank_name": "overwrite"}, user_id=callers[0].pk)
        crm = delivering.SourceSettings("CRM 系统", "fill", {"address": "ask"}, user_id=callers[1].pk)
        at = self.at - timedelta(days=2)
        first = delivering.save_source("billing", billing, at=at, by=self.by)
        second = delivering.save_source("crm", crm, at=at, by=self.by)
        pk = row.pk
        word = delivering.Word({"bank_name": BANKS[0]}, at - timedelta(hours=1), "BILL-20931")
        delivering.deliver(first, pk, word, at=at, by=actor_named("billing") or self.by)
        word = delivering.Word({"address": "武汉市江夏区流芳大道 88 号"}, at - timedelta(hours=3), "CRM-7714")
        delivering.deliver(second, pk, word, at=at, by=actor_named("crm") or self.by)

    def _consult(self, row: Any) -> None:
        pk = row.pk
        officer, leader = actor_named("li.qiang"), actor_named("zhao.lei")
        if officer is None or leader is None:
            return
        before = asking.Question(pk, ("customer.bank_account",), "billing", "客户来电核对退款账号")
        asked = asking.ask(before, at=self.at - timedelta(days=3), by=officer)[0]
        asking.decide(asked.pk, grant=True, at=self.at - timedelta(days=3) + timedelta(minutes=9), by=leader)
        now = asking.Question(pk, ("contact.identity_number",), "check", "来访人员登记，需核对证件")
        asking.ask(now, at=self.at - timedelta(minutes=25), by=officer)

    def _review(self) -> None:
        admin = actor_named("admin") or self.by
        began = self.at - timedelta(days=120)
        made = reviews.begin_review(at=began, by=admin)
        _found, lines = review(admin, made.pk)
        reviews.judge_lines(made.pk, [line.pk for line in lines], "kept", at=began + timedelta(hours=2), by=self.by)
        due = (self.at - timedelta(days=2)).date()
        reviews.close_review(made.pk, next_on=due, at=began + timedelta(hours=3), by=self.by)

    def _one_left(self) -> None:
        last = visible_to(self.by).filter(service_grade="standard", subsidiaries=None).order_by("-code").first()
        if last is not None:
            by = self.by.because("公司迁往外省，专线到期未续。")
            move_to_archive(last.pk, Archive.RETAINED, at=self.at - timedelta(days=20), by=by, reason="left")


def fill_archives(*, at: datetime, dice: Random, by: Actor) -> int:
    """Fill in the archives of the demo and return how many."""
    return Filler(at, dice, by).fill()
