"""The addresses of contracts, packages and promises: answers as in `table`, ids that fill the path, ways to ask."""

from typing import Any

EVERYBODY = " ".join(["200"] * 9)
STAFF = "in 200 200 200 200 200 200 403 403"
OF_BANK = "in 200 404 200 404 404 200 403 403"
WRITING = "in 200 404 403 403 403 200 403 403"
SETTINGS = "in 403 403 403 403 403 200 403 403"
PORTAL = "in 403 403 403 403 403 403 200 200"
PORTAL_OF_BANK = "in 403 403 403 403 403 403 200 404"
POSTED = " ".join(["405"] * 9)
CONTRACT, FILE, USE = {"pk": "contract"}, {"pk": "contract_file"}, {"pk": "package_use"}
ONE = "?circuit=WH-HS-E1-0001"

AGREEMENTS: dict[str, tuple[Any, ...]] = {
    "api-promises:openapi-json": (EVERYBODY,),
    "api-promises:api-root": (" ".join(["404"] * 9),),
    "api-promises:read_promises": (" ".join(["401"] * 9),),
    "api-promises:ask_promises": (" ".join(["401"] * 9),),
    "portal:contracts": (PORTAL,),
    "portal:contract": (PORTAL_OF_BANK, CONTRACT),
    "portal:contract-paper": (PORTAL_OF_BANK, CONTRACT, ("", "?language=en&view=1")),
    "portal:contract-file": (POSTED, FILE),
    **{f"web:contract-{step}": (WRITING, CONTRACT)
       for step in ("sign", "renew", "notice", "follow", "change", "attach", "package")},
    "web:contract-register": ("in 403 403 403 403 404 200 403 403", CONTRACT),
    "web:contract-version": (OF_BANK, {"pk": "contract", "number": "version_number"}, ("", "?with=1")),
    "web:contract-paper": (OF_BANK, CONTRACT, ("", "?version=1&language=en")),
    "web:contract-file": (POSTED, FILE),
    "web:contract-file-withdraw": (WRITING, FILE),
    "web:promises": (STAFF, {}, ("", ONE, f"{ONE}&on=2026-03-03&with=2026-09-01")),
    "web:promise-overlaps": (STAFF,),
    "web:packages": (STAFF,),
    "web:package": (STAFF, {"pk": "package"}),
    "web:package-new": (SETTINGS,),
    "web:package-propose": ("in 403 403 403 403 200 200 403 403", {"pk": "package"}),
    "web:package-decide": ("in 403 403 403 403 302 302 403 403", {"pk": "asked_version", "word": "word"}),
    "web:package-use": (OF_BANK, USE),
    "web:package-use-end": (WRITING, USE),
    "web:package-use-decide": ("in 403 403 403 403 404 302 403 403", {"pk": "asked_use", "word": "word"}),
    "web:circuit-package": (WRITING, {"pk": "circuit"}),
    "web:customer-package": (WRITING, {"pk": "customer"}),
    "web:settings-reminders": (SETTINGS,),
}  # fmt: skip
