"""Which Chromium do the browser tests and screenshots drive? Found on the machine, or installed on Debian by root."""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
PACKAGES = ["chromium", "fonts-noto-cjk"]
# Without them Chromium looks up hosts of its own at every start; root cannot have the sandbox.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@functools.cache
def find() -> str | None:
    """Return the path of a Chromium that starts ($CHROMIUM first), or None."""
    candidates = [os.environ.get("CHROMIUM", ""), *NAMES]
    return next((path for name in candidates if name and (path := shutil.which(name)) and _starts(path)), None)


def _starts(path: str) -> bool:
    # On Ubuntu the program of that name may be a note that says to install a snap.
    try:
        asked = subprocess.run([path, "--version"], capture_output=True, timeout=30, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0


def install() -> bool:
    """Install Chromium with Debian's own tool where that can be done; return whether it was."""
    release = Path("/etc/os-release")
    debian = release.exists() and "ID=debian" in release.read_text(encoding="utf-8").splitlines()
    if not debian or os.geteuid() != 0:
        return False
    print(f"· installing {' and '.join(PACKAGES)}", flush=True)
    environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
    for command in (["update"], ["install", "--yes", "--no-install-recommends", *PACKAGES]):
        asked = subprocess.run(["apt-get", *command], env=environment, capture_output=True, text=True, check=False)
        if asked.returncode:
            print(asked.stdout[-2000:], asked.stderr[-2000:], sep="\n", file=sys.stderr)
            return False
    find.cache_clear()
    return find() is not None


def main() -> None:
    """Make sure there is a Chromium; say what follows where there is none."""
    if find() or install():
        return
    if os.environ.get("CI") == "true":
        sys.exit("No Chromium was found, and CI=true does not go without: install Debian's package chromium.")
    print("· no Chromium was found: the browser tests will be skipped (install chromium, or set CHROMIUM to its path)")


if __name__ == "__main__":
    main()
