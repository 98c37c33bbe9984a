"""What does it look like? Takes the screenshots of the README from a demo that runs.

make demo           # in one terminal
make shots          # in another; PORT=… as for the demo, NAME=wall for one of them
"""

import argparse
import sys
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tools import chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "shots"


PASSWORD = "mainstay-demo"  # noqa: S105 -- printed at every start of the demo; the demo serves this machine only


class Shot(NamedTuple):
    """One picture: docs/shots/<name>.png shows to `user` what is at `path`.

    `follow`: goes on to the first such link; `unfold`: clicks the first such element before the picture is taken.
    """

    name: str
    path: str
    user: str = "li.qiang"
    follow: str = ""
    unfold: str = ""
    width_px: int = 1360
    height_px: int = 850
    scheme: Literal["light", "dark"] = "light"


FIRST_ROW = "main table tbody a.row-link"

SHOTS = [
    Shot("wall", "/wall"),
    Shot("ticket", "/tickets?tab=live", follow=FIRST_ROW, unfold=".ms-derivation summary"),
    Shot("circuit", "/circuits?state=unprotected", follow=FIRST_ROW),
    Shot("customer", "/customers?impaired=1&sort=-impaired", user="zhao.lei", follow=FIRST_ROW),
    Shot("portal-phone", "/portal/", user="wu.tong", width_px=390, height_px=844),
]


def take(browser: Browser, url: str, shot: Shot, *, password: str) -> None:
    """Sign in and take one picture; raises LookupError where the page is not there."""
    context = browser.new_context(
        base_url=url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme=shot.scheme,
        viewport={"width": shot.width_px, "height": shot.height_px},
    )
    page = context.new_page()
    _open(page, "/sign-in")
    page.fill("[name=username]", shot.user)
    page.fill("[name=password]", password)
    page.click("form [type=submit]")
    if "/sign-in" in page.url:
        raise LookupError(f"{shot.user} could not sign in; is this the demo, and SHOT_PASSWORD what it printed?")
    _open(page, shot.path)
    if shot.follow:
        found = page.locator(shot.follow)
        if not found.count():
            raise LookupError(f"{shot.path} lists nothing now; try again when the demo has something to show there.")
        _open(page, found.first.get_attribute("href") or shot.path)
    if shot.unfold:
        page.locator(shot.unfold).first.click()
    page.wait_for_timeout(1500)  # the live parts fill in
    page.screenshot(path=FOLDER / f"{shot.name}.png")
    context.close()


def _open(page: Page, path: str) -> None:
    answer = page.goto(path)
    if answer is None or not answer.ok:
        raise LookupError(f"{path} answered {answer.status if answer else 'nothing'}; correct SHOTS in tools/shots.py.")


def main() -> None:
    """Take every picture, or those named."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--url", default="http://localhost:8000")
    parser.add_argument("--user", default="", help="take only the pictures of this user")
    parser.add_argument("--password", default="", help="of all users; that of the demo unless given")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(shot.name for shot in SHOTS))
    wanted = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        for shot in SHOTS:
            if (wanted.names and shot.name not in wanted.names) or wanted.user not in ("", shot.user):
                continue
            try:
                take(browser, wanted.url, shot, password=wanted.password or PASSWORD)
            except LookupError as error:
                sys.exit(f"{shot.name}: {error.args[0]}")
            print(f"· docs/shots/{shot.name}.png")


if __name__ == "__main__":
    main()
