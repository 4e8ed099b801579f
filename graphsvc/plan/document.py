"""A plan file as plain values: mappings, lists, texts, whole numbers, true and false.

YAML guesses types, and its guesses cost money: `0.1` becomes a binary float, `010` eight, `no` false, `1e3` a thousand, and
a key said twice silently wins. Here the parser's events are read directly and only what cannot be misread is converted:
a plain whole number, true, false and null. Everything else stays the text that was written, for the checks to judge.
Each value's line is kept, so that every finding says where it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from graphsvc.errors import BadInput, Code, Finding, Refused

Step = str | int
Place = tuple[Step, ...]

BYTES_MAX = 256 * 1024
DEPTH_MAX = 16
NODES_MAX = 20_000

_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "~": None, "": None}
# Control characters and lone surrogates would travel into JSON, terminals and the database.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")


class Document(dict[str, Any]):
    """The top mapping of a plan, with the line of every value below it (none when it did not come from a file)."""

    def __init__(self, values: dict[str, Any], lines: dict[Place, int] | None = None) -> None:
        super().__init__(values)
        self.lines = lines or {}


def dotted(place: Place) -> str:
    """A place as people write it: `bonuses[0].levels[1].rate`."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in place)
    return text.removeprefix(".") or "the document"


def where(document: dict[str, Any], place: Place) -> str:
    """A place with its line; of a key that is missing, the line of the mapping it is missing from."""
    lines = document.lines if isinstance(document, Document) else {}
    for length in range(len(place), -1, -1):
        if place[:length] in lines:
            return f"line {lines[place[:length]]}, {dotted(place)}"
    return dotted(place)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    value: dict[str, Any] | list[Any]
    place: Place
    key: str | None = None
    key_line: int = 0
    dropped: bool = False


@dataclass(slots=True)
class _Reader:
    """Builds values from parser events on a stack of its own, so that no nesting can exhaust Python's."""

    findings: list[Finding] = field(default_factory=list)
    lines: dict[Place, int] = field(default_factory=dict)
    stack: list[_Open] = field(default_factory=list)
    top: Any = None
    documents: int = 0
    nodes: int = 0

    def find(self, line: int, place: Place, reason: str, fix: str, value: str = "") -> None:
        """Note a fault; reading goes on, so that all of them are reported at once."""
        self.findings.append(Finding(f"line {line}, {dotted(place)}", reason, value[:80], fix))

    def place(self) -> Place:
        """Where the next value will stand."""
        if not self.stack:
            return ()
        inside = self.stack[-1]
        return (*inside.place, inside.key or "" if isinstance(inside.value, dict) else len(inside.value))

    def key(self, event: yaml.Event, line: int) -> None:
        """Take a mapping's key: a text, said once."""
        inside = self.stack[-1]
        inside.key_line = line
        if not isinstance(event, yaml.ScalarEvent):
            self.find(line, inside.place, "a key is not a text", "write `key: value`, with a plain word before the colon")
            inside.key, inside.dropped = "?", True
            return
        inside.key = str(event.value)
        if inside.key in inside.value:
            first = self.lines[(*inside.place, inside.key)]
            self.find(line, (*inside.place, inside.key), f"stands here a second time, first on line {first}", "keep one of them")
            inside.dropped = True
        if _UNFIT.search(inside.key):
            self.find(line, inside.place, "a key holds a control character", "write it as plain text", repr(inside.key))

    def put(self, value: Any, line: int) -> None:
        """Put a value where it belongs."""
        place = self.place()
        if not self.stack:
            self.top = value
            self.lines[place] = line
            return
        inside = self.stack[-1]
        if isinstance(inside.value, list):
            inside.value.append(value)
            self.lines[place] = line
        elif inside.dropped:
            inside.key, inside.dropped = None, False
        else:
            assert inside.key is not None
            inside.value[inside.key] = value
            self.lines[place] = inside.key_line
            inside.key = None

    def scalar(self, event: yaml.ScalarEvent, line: int) -> Any:
        """The value of a scalar: itself as text, unless it is plainly a whole number, true, false or null."""
        text = str(event.value)
        if _UNFIT.search(text):
            self.find(line, self.place(), "holds a control character", "write it as plain text", repr(text))
            return ""
        if event.style is not None:
            return text
        if _WHOLE.fullmatch(text):
            return int(text)
        return _WORDS.get(text, text)

    def take(self, event: yaml.Event) -> None:
        """Take the parser's next event."""
        assert event.start_mark is not None
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _Stop(Finding(f"line {line}", "a second document starts", "", "keep one plan in one file"))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            done = self.stack.pop()
            self.put(done.value, self.lines.get(done.place, line))
        elif isinstance(event, yaml.NodeEvent):
            self.node(event, line)

    def node(self, event: yaml.NodeEvent, line: int) -> None:
        """Take an event that is, or starts, a value or a key."""
        self.nodes += 1
        if self.nodes > NODES_MAX:
            raise _Stop(Finding(f"line {line}", f"the file holds more than {NODES_MAX} values", "", "a plan is far smaller"))
        tag = getattr(event, "tag", None)
        if tag is not None:
            self.find(line, self.place(), "a tag is not allowed here", "leave the tag out", str(tag))
        inside = self.stack[-1] if self.stack else None
        if inside is not None and isinstance(inside.value, dict) and inside.key is None:
            self.key(event, line)
            if isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
                return
            raise _Stop()  # a mapping as a key: what follows cannot be placed
        if isinstance(event, yaml.AliasEvent):
            self.find(
                line,
                self.place(),
                "an alias is not allowed here",
                "write it out, or name it once under conditions",
                f"*{event.anchor}",
            )
            self.put(None, line)
        elif isinstance(event, yaml.ScalarEvent):
            self.put(self.scalar(event, line), line)
        else:
            if len(self.stack) >= DEPTH_MAX:
                raise _Stop(Finding(f"line {line}", f"is nested more than {DEPTH_MAX} deep", "", "a plan is far flatter"))
            place = self.place()
            self.lines.setdefault(place, inside.key_line if inside and isinstance(inside.value, dict) else line)
            self.stack.append(_Open({} if isinstance(event, yaml.MappingStartEvent) else [], place))


class _Stop(Exception):
    """Reading cannot go on."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__()
        self.findings = findings


def _refused(findings: list[Finding]) -> BadInput:
    return BadInput(Code.BAD_PLAN, "The plan cannot be read.", findings)


def _syntax(error: yaml.YAMLError) -> Finding:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        position, character = getattr(error, "position", 0), getattr(error, "character", "")
        shown = f"U+{character:04X}" if isinstance(character, int) else repr(character)
        return Finding(f"character {position}", "is not allowed in YAML", shown, "write plain text")
    problem = str(getattr(error, "problem", "") or "is not YAML")
    fix = "indent with spaces, not tabs" if "\\t" in problem else "check colons, dashes, quotes and indentation near there"
    return Finding(f"line {mark.line + 1}, column {mark.column + 1}", f"is not YAML: {problem}", "", fix)


def parse(text: str) -> Document:
    """Read a plan from YAML text (JSON is YAML too); refuses what could be misread, all of it at once."""
    if len(text.encode("utf-8", "surrogatepass")) > BYTES_MAX:
        raise _refused([Finding("the document", f"is larger than {BYTES_MAX // 1024} KiB", "", "a plan is far smaller")])
    reader = _Reader()
    try:
        for event in yaml.parse(text, Loader=yaml.SafeLoader):
            reader.take(event)
    except _Stop as stop:
        raise _refused([*reader.findings, *stop.findings]) from None
    except yaml.YAMLError as error:
        raise _refused([*reader.findings, _syntax(error)]) from None
    if not isinstance(reader.top, dict):
        found = "is empty" if reader.top is None else "is not a mapping"
        reader.findings.append(Finding("the document", found, "", "start with `plan: NAME` on a line of its own"))
    if reader.findings:
        raise _refused(reader.findings)
    return Document(reader.top, reader.lines)


def load(source: Path | str) -> Document:
    """Read a plan from a file (`Path`) or from YAML text (`str`)."""
    if isinstance(source, str):
        return parse(source)
    try:
        with source.open("rb") as file:
            raw = file.read(BYTES_MAX + 1)
    except OSError as error:
        raise Refused(Code.BAD_FILE, f"{source} cannot be read: {error.strerror or error}; name a plan file.") from error
    try:
        return parse(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(Code.BAD_FILE, f"{source} is not UTF-8 text (byte {error.start}); save it as UTF-8.") from error
