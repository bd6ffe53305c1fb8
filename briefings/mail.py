"""A digest as a complete e-mail: plain text and HTML in one message that any mailer can send (RFC 5322, MIME).

The same digest gives the same bytes: Message-ID, Date and the boundary follow from its key and its content. The HTML
is the theme's ``mail.html`` with its style sheet inlined, since mail clients drop or rewrite style elements; it loads
nothing, neither pictures nor fonts, so nobody learns who has opened it. Alone in knowing css-inline.
"""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID, uuid5

from css_inline import CSSInliner

from briefings import digest, urls
from briefings.views import Link

if TYPE_CHECKING:
    from datetime import datetime

    from briefings.desk import Desk
    from briefings.digest import Period
    from briefings.model import Mail
    from briefings.render import Renderer

_INLINER = CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)  # keeps @media, for dark screens


class _Policy(EmailPolicy):
    """Keeps addresses and ids whole and where they are looked for: long ones would become encoded words or be moved."""

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower().startswith(("list-", "message-id")):
            return f"{name}: {value.replace(', ', f',{self.linesep} ')}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _Policy(linesep="\r\n", cte_type="7bit")


def message(desk: Desk, period: Period, mail: Mail, renderer: Renderer, now: datetime) -> bytes:
    """Write the message of a digest, lines ended by CRLF and none longer than 78 octets but in long addresses.

    Args:
        desk: the site's.
        period: the day, week or month.
        mail: who sends to whom, and where to unsubscribe.
        renderer: the theme's.
        now: the reference time; the message is dated at the period's end, or now if that has not come.

    Raises:
        BuildError: the theme's template fails.
    """
    site, name = desk.site, digest.label(period, desk.site.lang)
    host = urlsplit(site.url).hostname or "localhost"
    made = EmailMessage(policy=_POLICY)
    made["From"] = _address(mail.sender)
    made["To"] = _address(mail.to) if mail.to else "undisclosed-recipients:;"
    if mail.reply_to:
        made["Reply-To"] = _address(mail.reply_to)
    made["Subject"] = " ".join(f"{site.name}: {name}".split())
    made["Date"] = format_datetime(min(period.end, now))
    made["Message-ID"] = f"<digest.{period.key}.{uuid5(UUID(site.key), f'mail/{period.key}')}@{host}>"
    made["List-Id"] = f"<{mail.list_id or f'digest.{host}'}>"  # RFC 2919
    made["List-Archive"] = f"<{urls.absolute(site, urls.DIGESTS)}>"
    if mail.unsubscribe:
        made["List-Unsubscribe"] = ", ".join(f"<{where}>" for where in mail.unsubscribe)
    if any(where.startswith("https:") for where in mail.unsubscribe):
        made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    made["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers from people who are away
    made.set_content(text(desk, period, mail), cte="quoted-printable")
    made.add_alternative(html(desk, period, mail, renderer), subtype="html", cte="quoted-printable")
    # The library's own is drawn by chance. "=_" cannot stand in quoted-printable (RFC 2045, 6.7).
    made.set_boundary(f"=_{uuid5(UUID(site.key), f'boundary/{period.key}').hex}")
    for part in made.iter_parts():
        del part["MIME-Version"]  # belongs to the message (RFC 2045, 4)
    made["Content-Language"] = site.lang
    return made.as_bytes()


def _address(words: str) -> Address:
    name, address = parseaddr(words)
    return Address(name, addr_spec=address)


def text(desk: Desk, period: Period, mail: Mail) -> str:
    """The digest as plain text, with the way out."""
    out = "".join(f"Unsubscribe: {where}\n" for where in mail.unsubscribe[:1])
    return digest.text(desk, period) + (f"\n{out}" if out else "")


def html(desk: Desk, period: Period, mail: Mail, renderer: Renderer) -> str:
    """The digest as HTML with inlined styles and absolute addresses."""
    name = digest.label(period, desk.site.lang)
    context = {
        "title": name,
        "count": len(period.briefings),
        "more": max(0, len(period.briefings) - digest.MOST),
        "page": Link(name, urls.digest(period.key)),
        "items": tuple(
            (desk.cards[one.id], desk.maker.line(one), desk.entries[one.id].notice)
            for one in period.briefings[: digest.MOST]
        ),
        "unsubscribe": mail.unsubscribe[0] if mail.unsubscribe else "",
    }
    return _INLINER.inline(renderer.page("mail.html", context).decode("utf-8"))
