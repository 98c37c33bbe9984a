"""Make users, give duties, issue and revoke programs' tokens."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from mainstay.domain.actor import Actor
from mainstay.domain.errors import NotAllowed, NotFound, Refused, msgid
from mainstay.platform.identity import registry
from mainstay.platform.identity.choices import GRANTS, Duty, Permission
from mainstay.platform.identity.models import ApiToken, DutyAssignment, User


@dataclass(frozen=True)
class NewUser:
    """What is needed to make a user; `duties` are (duty, region code prefix) pairs; no password, no signing in."""

    username: str
    display_name: str
    password: str
    duties: tuple[tuple[str, str], ...] = ()
    phone: str = ""
    email: str = ""
    language: str = ""
    customer_id: int | None = None


def require(by: Actor, permission: str) -> None:
    """Refuse unless the actor holds the permission."""
    if not by.may(permission):
        raise NotAllowed(
            msgid(
                "You may not do this: it needs the permission “{permission}”. "
                "Ask an administrator for a duty that has it."
            ),
            permission=permission,
        )


@transaction.atomic
def create_users(users: list[NewUser], *, at: datetime, by: Actor) -> list[User]:
    """Create users with their duties, all or none; Refused names a username that is taken or a duty unknown."""
    require(by, Permission.SETTINGS)
    taken = set(User.objects.filter(username__in=[u.username for u in users]).values_list("username", flat=True))
    for new in users:
        _check(new, taken)
    made = []
    for new in users:
        user = User(username=new.username, display_name=new.display_name, phone=new.phone, email=new.email)
        user.language, user.customer_id, user.date_joined = new.language, new.customer_id, at
        user.set_password(new.password or None)
        made.append(user)
    User.objects.bulk_create(made)
    DutyAssignment.objects.bulk_create(
        DutyAssignment(user=user, duty=duty, region_code=region)
        for user, new in zip(made, users, strict=True)
        for duty, region in new.duties
    )
    _record("user.create", made, at=at, by=by)
    return made


def _check(new: NewUser, taken: set[str]) -> None:
    if new.username in taken:
        raise Refused(msgid("The user name “{name}” is taken; choose another."), name=new.username)
    taken.add(new.username)
    for duty, _region in new.duties:
        if duty not in Duty.values:
            raise Refused(msgid("“{duty}” is not a duty; use one of {known}."), duty=duty, known=", ".join(Duty.values))
        if (duty == Duty.CUSTOMER_CONTACT) != (new.customer_id is not None):
            raise Refused(
                msgid("“{name}” cannot have the duty {duty}: a customer's people are contacts, and nobody else is."),
                name=new.username.rstrip("\0"),
                duty=duty,
            )


@transaction.atomic
def set_duties(user: User, duties: list[tuple[str, str]], *, at: datetime, by: Actor) -> None:
    """Replace the duties of a user by (duty, region code prefix) pairs."""
    require(by, Permission.SETTINGS)
    _check(NewUser(user.username + "\0", "", "", tuple(duties), customer_id=user.customer_id), set())
    if user.pk == by.user_id and not any(Permission.SETTINGS in GRANTS[duty] for duty, _region in duties):
        raise Refused(msgid("You cannot take the settings from yourself; ask another administrator."))
    before = sorted(user.duties.values_list("duty", "region_code"))
    user.duties.all().delete()
    DutyAssignment.objects.bulk_create(DutyAssignment(user=user, duty=d, region_code=r) for d, r in set(duties))
    _record("user.duties", [user], at=at, by=by, before={"duties": before}, after={"duties": sorted(set(duties))})


@transaction.atomic
def set_active(user: User, active: bool, *, at: datetime, by: Actor) -> None:
    """Let a user sign in, or no longer; nobody locks themselves out."""
    require(by, Permission.SETTINGS)
    if user.pk == by.user_id and not active:
        raise Refused(msgid("You cannot lock your own account; ask another administrator."))
    before, user.is_active = user.is_active, active
    user.save(update_fields=["is_active"])
    _record("user.active", [user], at=at, by=by, before={"active": before}, after={"active": active})


@transaction.atomic
def issue_token(user: User, name: str, *, at: datetime, by: Actor) -> str:
    """Issue a token and return it; only this once, since only its digest is kept."""
    require(by, Permission.SETTINGS)
    token = "mst_" + secrets.token_urlsafe(32)
    ApiToken.objects.create(user=user, name=name, digest=token_digest(token), created_at=at)
    _record("token.issue", [user], at=at, by=by, after={"name": name})
    return token


@transaction.atomic
def revoke_token(token_id: int, *, at: datetime, by: Actor) -> None:
    """Make a program's token worthless at once; doing it twice changes nothing."""
    require(by, Permission.SETTINGS)
    token = ApiToken.objects.select_related("user").filter(pk=token_id).first()
    if token is None:
        raise NotFound(msgid("There is no such token; look for it in the list of users."))
    if token.revoked_at is None:
        token.revoked_at = at
        token.save(update_fields=["revoked_at"])
        _record("token.revoke", [token.user], at=at, by=by, before={"name": token.name}, after={"revoked_at": at})


def token_digest(token: str) -> str:
    """Return what is kept of a token: its SHA-256 in hex."""
    return hashlib.sha256(token.encode()).hexdigest()


def _record(
    action: str, users: list[User], *, at: datetime, by: Actor, before: object = None, after: object = None
) -> None:
    registry.journal(
        action,
        [("user", user.pk, user.display_name, before, after or {"username": user.username}) for user in users],
        at=at,
        by=by,
    )


@transaction.atomic
def set_password(user_id: int | None, password: str, *, at: datetime, by: Actor) -> None:
    """Give a user a new password: one's own, or anybody's by an administrator; the journal keeps only that it was."""
    user = User.objects.filter(pk=user_id).first() if user_id is not None else None
    if user is None:
        raise NotFound(msgid("There is no such user; look for the name in the list of users."))
    if user.pk != by.user_id:
        require(by, Permission.SETTINGS)
    user.set_password(password)
    user.save(update_fields=["password"])
    _record("user.password", [user], at=at, by=by)


def choose_language(user_id: int, language: str) -> None:
    """Keep the language a user reads; a matter of taste, so the journal is not told."""
    User.objects.filter(pk=user_id).update(language=language)
