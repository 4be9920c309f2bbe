"""
Prints the pack as a PDF with whatever Chromium the machine has: tagged, on A4, as the page's own style says.

The page is the master, and the PDF a copy of it that carries the moment it was printed.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

# Where a Chromium lies that is not found by its usual names.
VARIABLE = "EARLYID_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
REMEDY = f"install a Chromium (apt-get install chromium), or say in {VARIABLE} where one lies"
SECONDS = 180
# No first-run pages, no reports and no calls home; whatever still asks for a host finds none. Tagging is Chromium's default.
_FLAGS = (
    "--headless",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--generate-pdf-document-outline",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--metrics-recording-only",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pdf-header-footer",
    "--password-store=basic",
    "--use-mock-keychain",
)


def found_chromium() -> str | None:
    """Return the path of a Chromium: the one that `EARLYID_CHROMIUM` names, or one by its usual names; None where there is none."""
    named = os.environ.get(VARIABLE)
    return shutil.which(named) if named else next(filter(None, map(shutil.which, NAMES)), None)


def print_pdf(html: Path, pdf: Path) -> bool:
    """
    Print a page beside it; False where there is no Chromium, or the one there is would not print it.

    The browser has a profile of its own, which is gone afterwards, and no network. The PDF is written aside and renamed.
    """
    chromium = found_chromium()
    if chromium is None:
        return False
    with tempfile.TemporaryDirectory(
        dir=pdf.resolve().parent, prefix=".printing-", ignore_cleanup_errors=True
    ) as aside:
        printed = Path(aside) / pdf.name
        if not _ran([chromium, *_flags(aside), f"--print-to-pdf={printed}", html.resolve().as_uri()]):
            return False
        if not (printed.is_file() and printed.read_bytes().startswith(b"%PDF-")):
            return False
        printed.replace(pdf)
    return True


def _flags(aside: str) -> list[str]:
    # Chromium's sandbox refuses to run as root, as in most containers; what is printed is our own page, with no script in it.
    as_root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    return [*_FLAGS, *as_root, f"--user-data-dir={aside}/browser"]


def _ran(command: list[str]) -> bool:
    try:
        ended = subprocess.run(
            command,
            check=False,
            timeout=SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return ended.returncode == 0
