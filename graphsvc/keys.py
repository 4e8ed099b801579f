"""API keys: who calls, and as what. A key is shown once; the graph keeps only the SHA-256 of its secret.

A key reads `gs_<id>_<secret>`. The id is public, finds the key and may be logged; the secret is 256 random bits, which is why
a plain SHA-256 is enough: there is nothing to guess, so nothing to slow down.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass, field
from enum import StrEnum

from graphsvc import network
from graphsvc.errors import Code, Refused, nearest
from graphsvc.people import Who, person
from graphsvc.query.runner import Database

_TEXT = re.compile(r"gs_([0-9a-f]{12})_([0-9a-f]{64})", re.ASCII)
_NOBODY = "0" * 64  # what a secret is compared with when its id is unknown, so that both refusals do the same work


class Role(StrEnum):
    """What a key is for."""

    CABINET = "cabinet"
    COMPLIANCE = "compliance"
    INTEGRATION = "integration"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is calling: a valid key. `partner_id` is the partner whose subtree a cabinet key opens, None for other roles; `person`
    is whose key it is, '' for nobody's."""

    key_id: str
    role: Role
    partner_id: str | None
    digest: str = field(repr=False)
    person: str = ""

    @property
    def who(self) -> Who:
        """Whom an act of this caller is recorded with."""
        return Who(self.key_id, self.person)


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made; `text` is the only place where its secret ever stands."""

    id: str
    role: Role
    partner_id: str | None
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeyRow:
    """A key as listed: everything but the secret."""

    id: str
    role: Role
    partner_id: str | None
    person: str
    created_at: dt.datetime
    revoked_at: dt.datetime | None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def create(database: Database, role: str, partner_id: str | None = None, person_name: str | None = None) -> NewKey:
    """Make a key; a cabinet key needs the partner whose subtree it opens, the other roles take none and may be a person's own."""
    if role not in set(Role):
        raise Refused(Code.KEY_ROLE, f"There is no role {role!r}; the roles are {', '.join(Role)}.")
    if role == Role.CABINET:
        if partner_id is None:
            raise Refused(Code.KEY_ROLE, "A cabinet key opens one partner's subtree; say whose with --partner ID.")
        if network.visible(database, partner_id) is None:
            raise network.unknown(database, partner_id)
    elif partner_id is not None:
        raise Refused(Code.KEY_ROLE, f"A key of the role {role} is not tied to a partner; leave --partner out.")
    if role == Role.CABINET and person_name is not None:
        raise Refused(Code.KEY_ROLE, "A cabinet key acts for its partner, not for a person of the company; leave --person out.")
    whose = "" if person_name is None else person(person_name)
    key_id, secret = secrets.token_hex(6), secrets.token_hex(32)
    database.one("keys.create", id=key_id, digest=_digest(secret), role=role, partner_id=partner_id, person=whose)
    return NewKey(key_id, Role(role), partner_id, f"gs_{key_id}_{secret}")


def authenticate(database: Database, text: str) -> Caller | None:
    """The caller behind a key as sent, or None; malformed, unknown, wrong and revoked keys look the same."""
    match = _TEXT.fullmatch(text)
    if match is None:
        return None
    row = database.one("keys.get", id=match[1])
    right = hmac.compare_digest(_digest(match[2]), row["digest"] if row else _NOBODY)
    if row is None or not right or row["revoked"]:
        return None
    return Caller(match[1], Role(row["role"]), row["partner_id"], row["digest"], row["person"])


def listed(database: Database) -> list[KeyRow]:
    """Every key, oldest first."""
    return [
        KeyRow(row["id"], Role(row["role"]), row["partner_id"], row["person"], row["created_at"], row["revoked_at"])
        for row in database.run("keys.list")
    ]


def revoke(database: Database, key_id: str) -> dt.datetime:
    """Make a key worthless at once; since when it is. Twice is the same as once."""
    row = database.one("keys.revoke", id=key_id)
    if row is None:
        known = nearest(key_id, [key.id for key in listed(database)])
        raise Refused(Code.KEY_UNKNOWN, f"There is no API key {key_id!r}; {known}. `graphsvc key list` shows them all.")
    revoked_at: dt.datetime = row["revoked_at"]
    return revoked_at
