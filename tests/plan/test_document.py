"""What YAML would misread is kept as written or refused, and every value knows its line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from graphsvc.errors import BadInput, Refused
from graphsvc.plan import document


def refused(text: str) -> list[str]:
    """The findings of a text that cannot be read."""
    with pytest.raises(BadInput) as caught:
        document.load(text)
    return [finding.sentence() for finding in caught.value.findings]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("5", 5),
        ("-5", -5),
        ("0", 0),
        ("0.1", "0.1"),
        ("10.00", "10.00"),
        ("1e3", "1e3"),
        ("1.5e+3", "1.5e+3"),
        ("0x10", "0x10"),
        ("010", "010"),
        ("0o17", "0o17"),
        ("1_000", "1_000"),
        ("1:30", "1:30"),
        ("１２", "１２"),
        (".inf", ".inf"),
        (".nan", ".nan"),
        ("9" * 18, int("9" * 18)),
        ("9" * 5000, "9" * 5000),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("NO", "NO"),
        ("true", True),
        ("false", False),
        ("True", "True"),
        ("null", None),
        ("~", None),
        ("", None),
        ('"null"', "null"),
        ("'5'", "5"),
        ("2025-01-01", "2025-01-01"),
        ("2025-01-01T00:00:00Z", "2025-01-01T00:00:00Z"),
        ("5%", "5%"),
    ],
)
def test_a_scalar_is_what_was_written(written: str, value: Any) -> None:
    read = document.load(f"key: {written}\n")["key"]
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the document: is empty; start with `plan: NAME` on a line of its own"),
        ("# only a remark\n", "the document: is empty; start with `plan: NAME` on a line of its own"),
        ("- a\n", "the document: is not a mapping; start with `plan: NAME` on a line of its own"),
        ("just words", "the document: is not a mapping; start with `plan: NAME` on a line of its own"),
        ("a: 1\nb: 2\na: 3\n", "line 3, a: stands here a second time, first on line 1; keep one of them"),
        ("a: {b: {c: 1}, b: [2]}", "line 1, a.b: stands here a second time, first on line 1; keep one of them"),
        ("a: &x 1\nb: *x\n", "line 2, b: '*x' an alias is not allowed here; write it out, or name it once under conditions"),
        ("a: !!python/name:os.system x\n", "line 1, a: 'tag:yaml.org,2002:python/name:os.system' a tag is not allowed here"),
        ("a: !!float 1\n", "line 1, a: 'tag:yaml.org,2002:float' a tag is not allowed here; leave the tag out"),
        ("a:\n\t- 1\n", "line 2, column 1: is not YAML: found character '\\t' that cannot start any token; indent with spaces"),
        ("a: [1\n", "is not YAML: expected ',' or ']'"),
        ("a: 1\n---\nb: 2\n", "line 2: a second document starts; keep one plan in one file"),
        ("{a: 1}: 2\n", "line 1, the document: a key is not a text"),
        ("[" * 100_000, "line 1: is nested more than 16 deep; a plan is far flatter"),
        ("a: [" + "1," * 30_000 + "1]", "line 1: the file holds more than 20000 values; a plan is far smaller"),
        ("a: " + "x" * 300_000, "the document: is larger than 256 KiB; a plan is far smaller"),
        ('a: "\\ud800"\n', "holds a control character; write it as plain text"),
        ('a: "bell \\x07"\n', "holds a control character; write it as plain text"),
        ('"k\\x07": 1\n', "a key holds a control character"),
        ("a: \x00", "'U+0000' is not allowed in YAML"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, said: str) -> None:
    told = refused(text)
    assert any(said in sentence for sentence in told), told


def test_a_billion_laughs_stops_at_the_first_alias() -> None:
    lines = ["a: &a [lol, lol]"] + [f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]" for n in range(9)]
    assert "an alias is not allowed here" in refused("\n".join(lines))[0]


def test_all_faults_of_reading_are_told_together() -> None:
    assert len(refused("a: 1\na: 2\nb: *x\nc: !t 3\nd: 4\nd: 5\n")) == 4


def test_every_value_knows_its_line() -> None:
    read = document.load("a: 1\nb:\n  - c: 5%\n    d:\n      e: 2\n  - 7\n")
    assert document.where(read, ("b", 0, "d", "e")) == "line 5, b[0].d.e"
    assert document.where(read, ("b", 1)) == "line 6, b[1]"
    assert document.where(read, ("b", 0, "missing")) == "line 3, b[0].missing"
    assert document.where(read, ("missing",)) == "line 1, missing"
    assert document.where({"a": 1}, ("a",)) == "a"


def test_json_is_a_plan_too() -> None:
    assert document.load('{"a": 1, "b": ["0.5", true, null]}') == {"a": 1, "b": ["0.5", True, None]}


def test_a_file_that_is_no_text_or_not_there_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "plan.yaml"
    binary.write_bytes(b"plan: \xff\xfe")
    with pytest.raises(Refused, match=r"plan\.yaml is not UTF-8 text \(byte 6\)"):
        document.load(binary)
    with pytest.raises(Refused, match=r"none\.yaml cannot be read: No such file or directory; name a plan file"):
        document.load(tmp_path / "none.yaml")
    with pytest.raises(Refused, match="Is a directory"):
        document.load(tmp_path)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_bytes(b"\xef\xbb\xbfplan: sample\r\nversion: 1\r\n")
    assert document.load(file) == {"plan": "sample", "version": 1}
