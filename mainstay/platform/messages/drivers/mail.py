"""E-mail by SMTP. The Message-ID comes from the delivery's key, so that a repetition can be recognised.

Apprise makes a new Message-ID at every try; hence the standard library (decision 0010). That the server took a mail is
all we know: what bounces later is not read.
"""

import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from mainstay.platform.messages.drivers.parcel import Outcome, Parcel, Way, refused, sent

PORTS = {"smtp": 25, "smtps": 465}


def by_mail(way: Way, parcel: Parcel) -> Outcome:
    """Hand a mail to the server at smtp://[user@]host[:port] or smtps://…; option `starttls`: yes, no, offered."""
    begun = taken = False
    try:
        mail = letter(way, parcel)
        with _connected(way) as server:
            begun = True
            server.send_message(mail)
            taken = True
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()))
        return refused(f"{code} {_text(said)}", final=code >= 500)
    except smtplib.SMTPResponseException as error:
        if taken:  # only the good-bye failed
            return sent(mail["Message-ID"])
        return refused(f"{error.smtp_code} {_text(error.smtp_error)}", final=error.smtp_code in range(550, 556))
    except (OSError, smtplib.SMTPException) as error:
        if taken:
            return sent(mail["Message-ID"])
        return refused(f"{type(error).__name__}: {error}", perhaps=begun)
    except ValueError as error:
        return refused(f"{type(error).__name__}: {error}", final=True)
    return sent(mail["Message-ID"])


def letter(way: Way, parcel: Parcel) -> EmailMessage:
    """Return the mail. Raises ValueError for an address that is none."""
    mail = EmailMessage()
    mail["Subject"] = _line(parcel.subject)
    mail["From"] = Address(_line(way.option("from_name")), addr_spec=way.option("from"))
    mail["To"] = Address(_line(parcel.to_name), addr_spec=parcel.to)
    mail["Date"] = format_datetime(parcel.at)
    mail["Message-ID"] = f"<{parcel.key}@{way.option('from').rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(parcel.body)
    return mail


def _line(text: str) -> str:
    return " ".join(text.split())


def _connected(way: Way) -> smtplib.SMTP:
    url = urlsplit(way.address)
    host, port = url.hostname or "", url.port or PORTS.get(url.scheme, 25)
    trust = ssl.create_default_context(cafile=way.option("ca_file") or None)
    server: smtplib.SMTP
    if url.scheme == "smtps":
        server = smtplib.SMTP_SSL(host, port, timeout=way.timeout_s, context=trust)
    else:
        server = smtplib.SMTP(host, port, timeout=way.timeout_s)
    try:
        _prepare(server, way, trust, user=unquote(url.username or ""), plain=url.scheme != "smtps")
    except BaseException:
        server.close()
        raise
    return server


def _prepare(server: smtplib.SMTP, way: Way, trust: ssl.SSLContext, *, user: str, plain: bool) -> None:
    server.ehlo_or_helo_if_needed()
    wish = way.option("starttls", "yes" if user else "offered")
    if plain and (wish == "yes" or (wish == "offered" and server.has_extn("starttls"))):
        server.starttls(context=trust)
    if user:
        server.login(user, way.secret)


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said
