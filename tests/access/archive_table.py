"""Who gets which answer from the customer archive and its consulting; see `table` for how answers are written."""

OF_BANK = "in 200 404 200 404 404 200 403 403"
STAFF = "in 200 200 200 200 200 200 403 403"
WRITING = "in 200 404 403 403 403 200 403 403"
NEW = "in 200 200 403 403 403 200 403 403"
SETTINGS = "in 403 403 403 403 403 200 403 403"
POSTED = "405 405 405 405 405 405 405 405 405"
TOKEN = "401 401 401 401 401 401 401 401 401"


def _of(kind: str) -> dict[str, str]:
    return {"pk": kind}


ARCHIVE: dict[str, tuple[str, dict[str, str], tuple[str, ...]]] = {
    "web:consult": (OF_BANK, _of("customer"), ("", "?field=contact.phone")),
    "web:consultations": (STAFF, {}, ("", "?state=asked", "?q=汉江银行", "?customer={customer}")),
    "web:consultation-decide": (POSTED, _of("consultation"), ("",)),
    "web:consultation-withdraw": (POSTED, _of("consultation"), ("",)),
    "web:customer-field": (OF_BANK, {"pk": "customer", "field": "bank_account"}, ("",)),
    "web:customer-store": (WRITING, _of("customer"), ("",)),
    "web:customer-agent": (WRITING, _of("customer"), ("",)),
    "web:agency-end": (POSTED, _of("agency"), ("",)),
    "web:archive-difference": (POSTED, _of("archive_difference"), ("",)),
    "web:site-new": (WRITING, _of("customer"), ("", "?name=汉江银行&ends={circuit_end}")),
    "web:site-ends": (POSTED, _of("customer"), ("",)),
    "web:site": (WRITING, _of("site"), ("",)),
    "web:site-close": (POSTED, _of("site"), ("",)),
    "web:suggestions": (STAFF, {}, ("", "?state=waiting", "?q=汉江银行")),
    "web:suggestion-new": (OF_BANK, _of("customer"), ("",)),
    "web:suggestion": (OF_BANK, _of("suggestion"), ("",)),
    "web:agents": (STAFF, {}, ("", "?ended=1", "?q=汉江银行")),
    "web:agent-new": (NEW, {}, ("",)),
    "web:agent": (OF_BANK, _of("agent"), ("",)),
    "web:agent-edit": (WRITING, _of("agent"), ("",)),
    "web:settings-sensitive": (STAFF, {}, ("",)),
    "web:settings-sensitive-field": (SETTINGS, {"key": "contact-phone"}, ("",)),
    "web:settings-access-reviews": (SETTINGS, {}, ("",)),
    "web:settings-access-review-begin": (POSTED, {}, ("",)),
    "web:settings-access-review": (SETTINGS, _of("review"), ("",)),
    "web:settings-access-review-judge": (POSTED, _of("review"), ("",)),
    "web:settings-access-review-close": (POSTED, _of("review"), ("",)),
    "web:settings-customer-sources": (SETTINGS, {}, ("",)),
    "web:settings-customer-source-new": (SETTINGS, {}, ("",)),
    "web:settings-customer-source": (SETTINGS, _of("customer_source"), ("",)),
    "tmf-api:customers": (TOKEN, {}, ("",)),
    **{
        f"tmf-api:{verb}{name}": (TOKEN, _of("customer"), ("",))
        for verb in ("", "patch_")
        for name in ("customer", "organization", "individual")
    },
}
