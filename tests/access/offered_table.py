"""Who gets which answer about what is offered, schemes and VIPs.

Catalogue and models are everybody's; the rest is seen as its customer is.
"""

from tests.access.table import ACCOUNTS_WRITING, OF_BANK, POSTED, SETTINGS, STAFF, Address, _of

OFFERED: dict[str, Address] = {
    "web:products": Address(STAFF, queries=("", "?q=数字", "?family=other", "?life=sold", "?export=csv")),
    "web:product": Address(STAFF, _of("product")),
    "web:product-new": Address(SETTINGS),
    "web:product-edit": Address(SETTINGS, _of("product")),
    "web:product-step": Address(POSTED, _of("product")),
    "web:tariffs": Address(
        STAFF, queries=("", "?q=数字", "?product=leased-line", "?region=4201", "?all=1", "?export=csv")
    ),
    "web:tariff": Address(STAFF, _of("tariff")),
    "web:tariff-new": Address(SETTINGS),
    "web:price": Address(STAFF, queries=("", "?product=leased-line&speed=10M&reach=local&region=4201", "?product=x")),
    "web:policies": Address(STAFF, queries=("", "?q=优惠", "?state=in_force", "?product=leased-line", "?export=csv")),
    "web:policy": Address(STAFF, _of("policy")),
    "web:policy-new": Address(SETTINGS),
    "web:policy-edit": Address(SETTINGS, _of("policy")),
    "web:scheme-models": Address(
        STAFF, queries=("", "?q=双归", "?type=vpn", "?kind=group", "?against=某公司", "?trade=J")
    ),
    "web:scheme-model": Address(STAFF, _of("scheme_model")),
    "web:scheme-model-new": Address(SETTINGS),
    "web:scheme-model-edit": Address(SETTINGS, _of("scheme_model")),
    "web:scheme-model-step": Address(POSTED, _of("scheme_model")),
    "web:schemes": Address(STAFF, queries=("", "?q=汉江银行", "?customer={customer}", "?export=csv", "?sort=-total")),
    "web:scheme": Address(OF_BANK, _of("scheme")),
    "web:scheme-new": Address(ACCOUNTS_WRITING, queries=("", "?customer=C0001")),
    "web:scheme-document": Address(POSTED, _of("scheme")),
    "web:vips": Address(STAFF, queries=("", "?q=汉江银行", "?status=proposed", "?source=by_hand", "?export=csv")),
    "web:vip": Address(OF_BANK, _of("nomination")),
    "web:vip-new": Address(ACCOUNTS_WRITING, queries=("", "?customer=C0001")),
    "web:vip-decide": Address(POSTED, _of("nomination")),
    "web:vip-end": Address(POSTED, _of("nomination")),
    "web:vip-filters": Address(STAFF),
    "web:vip-filter": Address(STAFF, _of("vip_filter")),
    "web:vip-filter-new": Address(SETTINGS),
    "web:vip-filter-edit": Address(SETTINGS, _of("vip_filter")),
    "web:vip-filter-run": Address(POSTED, _of("vip_filter")),
    "web:vip-run": Address("in 404 404 404 404 404 200 403 403", _of("vip_run"), ("", "?verdict=new", "?export=csv")),
    "web:balances": Address(STAFF, queries=("", "?region=42", "?days=30", "?export=csv")),
    "web:wave-rules": Address(STAFF),
    "web:wave-rule-new": Address(SETTINGS),
    "web:wave-rule": Address(SETTINGS, _of("wave_rule")),
    "api:create_figures": Address(POSTED),
}
