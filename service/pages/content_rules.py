"""What a browser may do with a page of ours: show it, in the look that stands in it, and nothing else."""

import base64
import hashlib
import re
from html import unescape

_SHEETS = re.compile(r"<style>(.*?)</style>", re.DOTALL)
_OWN_LOOK = re.compile(r'<[^>]* style="([^"]*)"')
HTML = "text/html; charset=utf-8"


def content_rules(page: str) -> dict[str, str]:
    """
    Return the headers that a page of ours is sent with.

    Its style sheets and the looks of single elements are allowed by their digests, so that nothing that was slipped into a page
    could change what people read, let alone run.
    """
    sheets, looks = set(_SHEETS.findall(page)), {unescape(look) for look in _OWN_LOOK.findall(page)}
    allowed = [_digest(style) for style in sorted(sheets | looks)]
    rule = " ".join([*(["'unsafe-hashes'"] if looks else []), *allowed]) or "'none'"
    return {
        "content-security-policy": f"default-src 'none'; style-src {rule}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "cross-origin-resource-policy": "same-origin",
    }


def _digest(style: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"
