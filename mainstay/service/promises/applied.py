"""Which packages are applied to circuits on a day, and what do they promise there? (D2)

A package holds for circuits of the products its version is for. Applied to a customer it holds for those below in the
group, too, unless a nearer one has a package that promises the same.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from mainstay.accounts.catalog.models import Product
from mainstay.accounts.packages.models import PackageTerm
from mainstay.accounts.packages.queries import terms_of
from mainstay.domain.promise_choice import Candidate, Level
from mainstay.network.inventory.models import Circuit
from mainstay.network.inventory.standing import CircuitThen
from mainstay.service.promises.choices import PACKAGE_LEVELS, PLACES, UseStatus
from mainstay.service.promises.holding import Laid
from mainstay.service.promises.models import PackageUse

AnyCircuit = Circuit | CircuitThen


def uses_on(on: date) -> QuerySet[PackageUse]:
    """Return the approved uses that hold on a day, version and package fetched; no scope."""
    until = Q(valid_to__isnull=True) | Q(valid_to__gt=on)
    rows = PackageUse.objects.filter(until, valid_from__lte=on, status=UseStatus.APPROVED)
    return rows.select_related("version__package", "line__contract", "contract", "customer", "circuit", "product")


def use_label(use: PackageUse) -> str:
    """Return a use's package and where it is applied."""
    where = {
        "circuit": lambda: use.circuit.number if use.circuit else "",
        "line": lambda: f"{use.line.contract.number} · {use.line.position}" if use.line else "",
        "contract": lambda: use.contract.number if use.contract else "",
        "customer": lambda: use.customer.name if use.customer else "",
        "product": lambda: use.product.name if use.product else "",
    }[use.place]()
    return f"{use.version} · {where}"


@dataclass(frozen=True)
class AppliedPackages:
    """The uses that may concern some circuits on a day, by place and id there, with their terms by version."""

    uses: Mapping[tuple[str, int], list[PackageUse]]
    terms: Mapping[int, list[PackageTerm]]
    above: Mapping[int, int | None]
    codes: Mapping[int, str]
    on: date

    @classmethod
    def read(
        cls, circuits: Collection[AnyCircuit], above: Mapping[int, int | None], metrics: Collection[str], on: date
    ) -> "AppliedPackages":
        """Read them (1 or 3 queries); circuits as they were on the day, line and contract fetched."""
        lines = [circuit.contract_line for circuit in circuits if circuit.contract_line is not None]
        rows = uses_on(on).filter(
            Q(circuit__among=[circuit.pk for circuit in circuits])
            | Q(line__among={line.pk for line in lines})
            | Q(contract__among={line.contract_id for line in lines})
            | Q(customer__among=above)
            | Q(product__among={circuit.product_id for circuit in circuits})
        )
        found: dict[tuple[str, int], list[PackageUse]] = {}
        for use in rows:
            found.setdefault((use.place, getattr(use, f"{use.place}_id")), []).append(use)
        terms = terms_of({use.version_id for uses in found.values() for use in uses}) if found else {}
        wanted = {version: [t for t in given if t.metric in metrics] for version, given in terms.items()}
        products = {circuit.product_id for circuit in circuits} if found else ()
        codes = dict(Product.objects.filter(pk__among=products).values_list("pk", "code")) if found else {}
        return cls(found, wanted, above, codes, on)

    def packages(self) -> set[int]:
        """Return the ids of the packages that are applied anywhere here."""
        return {use.version.package_id for uses in self.uses.values() for use in uses}

    def at(self, circuit: AnyCircuit) -> list[tuple[Level, PackageUse]]:
        """Return all uses that hold for a circuit, most specific first; a customer's from all of its group."""
        found = [(PACKAGE_LEVELS[place], use) for place, use in self._of(circuit)]
        customer_id = self.above.get(circuit.customer_id)
        while customer_id is not None:
            found += [(Level.CUSTOMER_PACKAGE, use) for use in self._fitting("customer", customer_id, circuit)]
            customer_id = self.above.get(customer_id)
        return found

    def candidates(self, circuit: AnyCircuit, metric: str) -> list[Candidate[Laid]]:
        """Return what packages promise a circuit for a metric."""
        if not self.uses:
            return []
        found: list[Candidate[Laid]] = []
        for place, use in self._of(circuit):
            found += self._candidate(PACKAGE_LEVELS[place], use, circuit, metric)
        customer_id = self.above.get(circuit.customer_id)
        while customer_id is not None and not any(one.level == Level.CUSTOMER_PACKAGE for one in found):
            for use in self._fitting("customer", customer_id, circuit):
                found += self._candidate(Level.CUSTOMER_PACKAGE, use, circuit, metric)
            customer_id = self.above.get(customer_id)
        return found

    def _of(self, circuit: AnyCircuit) -> Iterable[tuple[str, PackageUse]]:
        line = circuit.contract_line
        holds = line is not None and line.holds_on(self.on) and line.contract.holds_on(self.on)
        ids = {
            "circuit": circuit.pk, "customer": circuit.customer_id, "product": circuit.product_id,
            "line": line.pk if line is not None and holds else 0,
            "contract": line.contract_id if line is not None and holds else 0,
        }  # fmt: skip
        for place in PLACES:
            yield from ((place, use) for use in self._fitting(place, ids[place], circuit))

    def _fitting(self, place: str, pk: int, circuit: AnyCircuit) -> list[PackageUse]:
        return [use for use in self.uses.get((place, pk), ()) if use.version.is_for(self.codes[circuit.product_id])]

    def _candidate(self, level: Level, use: PackageUse, circuit: AnyCircuit, metric: str) -> list[Candidate[Laid]]:
        terms = [t for t in self.terms.get(use.version_id, ()) if t.metric == metric and t.grade in ("", circuit.grade)]
        if not terms:
            return []
        term = max(terms, key=lambda one: one.grade != "")
        laid = Laid(term.amount, term.unit, term.calendar.code, edition=term.calendar.stamp, repeat=term.repeat_clause,
                    owner_id=use.pk)  # fmt: skip
        return [Candidate(level, use.pk, laid, use.valid_from, use.valid_to, use_label(use))]
