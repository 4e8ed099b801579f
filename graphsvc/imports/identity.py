"""Identifiers of people: normalised, then kept only as a keyed digest.

The key is a secret of the installation. Without it nobody can test a card or a phone number against the graph, and with
it two owners of one value still meet in one node. The value itself never reaches the database.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path

from graphsvc.config import Settings
from graphsvc.errors import Code, Refused
from graphsvc.imports.values import Wrong, name

KEY_FILE = "identifier.key"
_KEY_BYTES = 32


def load_key(settings: Settings) -> bytes:
    """The key of the digests: GRAPHSVC_IDENTIFIER_KEY, or a random one kept in GRAPHSVC_HOME that only its owner reads."""
    if settings.identifier_key is not None:
        return settings.identifier_key.encode()
    path = settings.home / KEY_FILE
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        _create(path)
        text = path.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
    except (OSError, ValueError) as error:
        raise Refused(
            Code.CONFIGURATION, f"The identifier key {path} cannot be read: {error}. Restore it, or set GRAPHSVC_IDENTIFIER_KEY."
        ) from error
    if len(key) < _KEY_BYTES:
        raise Refused(Code.CONFIGURATION, f"The identifier key {path} is too short; restore the file that was there.")
    return key


def _create(path: Path) -> None:
    """Write a new key unless there is one. Written aside and linked, so that two processes at once share one whole key."""
    if path.exists():
        return
    aside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_KEY_BYTES) + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return
    finally:
        aside.unlink()


def _email(text: str) -> str:
    local, at, domain = text.strip().lower().rpartition("@")
    if not (local and at and "." in domain.strip(".")) or re.search(r"\s", local + domain):
        raise Wrong("is not an e-mail address", "write it as name@example.com")
    return f"{local}@{domain}"


def _phone(text: str) -> str:
    bare = re.sub(r"[\s().\-/]", "", text)
    digits = bare[1:] if bare.startswith("+") else bare.removeprefix("00")
    if not (digits.isascii() and digits.isdigit() and 5 <= len(digits) <= 15):
        raise Wrong("is not a phone number", "write it with its country code, such as +49 30 1234567")
    return f"+{digits}"


def _account(text: str) -> str:
    bare = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())
    if len(bare) < 4:
        raise Wrong("has fewer than 4 letters and digits", "give the whole number or its token")
    return bare


def _ip(text: str) -> str:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        raise Wrong("is not an IP address", "write it as 192.0.2.7 or 2001:db8::7") from None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).compressed


def _address(text: str) -> str:
    bare = " ".join(unicodedata.normalize("NFKC", text).casefold().split())
    if not bare:
        raise Wrong("is empty", "fill it in")
    return bare


def _device(text: str) -> str:
    if not text.strip():
        raise Wrong("is empty", "fill it in")
    return text


NORMAL: Mapping[str, Callable[[str], str]] = {
    "card": _account,
    "bank_account": _account,
    "device": _device,
    "address": _address,
    "phone": _phone,
    "email": _email,
    "ip": _ip,
}


def normalise(kind: str, value: str) -> str:
    """The one spelling of a value: e-mail in lower case with its tag kept, phone as + and digits, card and account as letters
    and digits in capitals, IP in its shortest form, address in lower case with single spaces, device as it is."""
    return NORMAL[kind](name(value))


def digest(kind: str, value: str, key: bytes) -> str:
    """HMAC-SHA256 of kind and normalised value, in hex; raises `Wrong` when the value is not one of its kind."""
    return hmac.digest(key, f"{kind}:{normalise(kind, value)}".encode(), "sha256").hex()


def masked(value: str) -> str:
    """What may be shown of a value: its last two characters."""
    return f"***{value[-2:]}" if len(value) > 4 else "***"
