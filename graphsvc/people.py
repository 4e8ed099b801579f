"""Who acts: the account or key an act is recorded with, and the person behind it.

Where two people are asked for, it is the person that counts: two keys of one person are one, and so are a key
and the account of the same name at a terminal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from graphsvc.errors import Code, Refused

_PERSON = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Who:
    """actor: `cli:ACCOUNT` or the id of a key. person: whose it is; '' for a key that is nobody's, such as a machine's."""

    actor: str
    person: str

    def __str__(self) -> str:
        """As a sentence names who acted: the person, and the key or account they did it with."""
        return f"{self.person} ({self.actor})" if self.person else self.actor

    def named(self, act: str) -> str:
        """The person, for an act that asks for one; `act` is what it is about to do, as in `approve a payout batch`."""
        if not self.person:
            raise Refused(
                Code.PERSON_MISSING,
                f"To {act}, it has to be known who does it, and key {self.actor} is nobody's; use a key made with --person NAME.",
            )
        return self.person

    def other_than(self, first: str, act: str, before: str) -> str:
        """The person, if it is another one than `first`, who did what came `before`, as in `made it`."""
        if self.named(act) == first:
            raise Refused(Code.SECOND_PERSON, f"To {act} takes a second person: {first} {before}, and may not do both.")
        return self.person


def person(name: str) -> str:
    """The name of a person as it is kept and compared: in small letters; refuses what is no name or address."""
    found = name.strip().lower()
    if not _PERSON.fullmatch(found):
        raise Refused(
            Code.PERSON_NAME,
            f"{name[:100]!r} cannot name a person; take an account or an address such as `anna` or `anna@example.com` "
            "(letters a to z, digits, . _ @ + -).",
        )
    return found


def at_terminal(account: str) -> Who:
    """Who acts at a terminal under an account of the machine."""
    return Who(f"cli:{account}", re.sub(r"[^a-z0-9._@+-]", "-", account.strip().lower()).lstrip("._@+-")[:100] or "terminal")
