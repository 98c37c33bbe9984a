"""By which ways does a contact get word: the portal, e-mail, short message (K8)?"""

from dataclasses import dataclass

from mainstay.accounts.customers.models import Contact


@dataclass(frozen=True)
class Address:
    """Where to, by which channel."""

    channel: str
    to: str
    name: str = ""


def addresses_of(contact: Contact) -> tuple[Address, ...]:
    """Return the ways to a contact; none: nobody can be told."""
    found = []
    if contact.user_id is not None:
        found.append(Address("portal", "", contact.name))
    if contact.email:
        found.append(Address("email", contact.email, contact.name))
    if contact.phone:
        found.append(Address("sms", contact.phone, contact.name))
    return tuple(found)
