"""What does it look like? Takes the screenshots of the README from a demo that runs.

make demo                                       # in one terminal
make shots SHOT_USER=… SHOT_PASSWORD=…          # in another: a user the demo printed
"""

import argparse
import sys
from pathlib import Path
from typing import Literal, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from tools import chromium

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "shots"


class Shot(NamedTuple):
    """One picture: docs/shots/<name>.png shows `path`, after a click on the first `follow` where there is one."""

    name: str
    path: str
    follow: str = ""
    width_px: int = 1440
    height_px: int = 900
    scheme: Literal["light", "dark"] = "light"


SHOTS = [
    Shot("my-day", "/"),
    Shot("wall", "/wall/", scheme="dark"),
    Shot("customers", "/customers/"),
    Shot("customer", "/customers/", follow="main table tbody a"),
    Shot("circuit", "/circuits/", follow="main table tbody a"),
    Shot("ticket", "/tickets/", follow="main table tbody a"),
    Shot("ticket-phone", "/tickets/", follow="main table tbody a", width_px=390, height_px=844),
]


def take(browser: Browser, url: str, shot: Shot, *, user: str, password: str) -> None:
    """Sign in and take one picture; raises LookupError where the page is not there."""
    context = browser.new_context(
        base_url=url,
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        color_scheme=shot.scheme,
        viewport={"width": shot.width_px, "height": shot.height_px},
    )
    page = context.new_page()
    _open(page, f"/sign-in?next={shot.path}")
    page.fill("[name=username]", user)
    page.fill("[name=password]", password)
    page.click("form [type=submit]")
    if "/sign-in" in page.url:
        raise LookupError(f"{user} could not sign in; give a user the demo printed (SHOT_USER, SHOT_PASSWORD).")
    _open(page, shot.path)
    if shot.follow:
        _open(page, page.locator(shot.follow).first.get_attribute("href") or shot.path)
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
    parser.add_argument("--user", required=True)
    parser.add_argument("--password", required=True)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(shot.name for shot in SHOTS))
    wanted = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        for shot in SHOTS:
            if wanted.names and shot.name not in wanted.names:
                continue
            try:
                take(browser, wanted.url, shot, user=wanted.user, password=wanted.password)
            except LookupError as error:
                sys.exit(f"{shot.name}: {error.args[0]}")
            print(f"· docs/shots/{shot.name}.png")


if __name__ == "__main__":
    main()
