"""The header of a query file: what it may say, and what each mistake is told."""

from __future__ import annotations

import pytest

from graphsvc.errors import Code, Refused
from graphsvc.query import header
from graphsvc.query.header import Field

WHOLE = """\
// Every partner below a sponsor,
// nearest first.
// mode: read
// params: partner_id STRING, level_max INTEGER = 8, kinds LIST<STRING>, cursor STRING?
// rows: many
// returns: partner_id STRING, level INTEGER,
//   joined_at DATETIME?
// allows: CartesianProduct, NodeByLabelScan - one row each
MATCH (p) RETURN p // mode: write
"""


def test_a_whole_header_is_understood() -> None:
    parsed = header.parse("network.downline", WHOLE)
    assert parsed.purpose == "Every partner below a sponsor, nearest first."
    assert (parsed.mode, parsed.rows) == ("read", "many")
    assert parsed.params == (
        Field("partner_id", "STRING"),
        Field("level_max", "INTEGER", default=8, has_default=True),
        Field("kinds", "LIST", of="STRING"),
        Field("cursor", "STRING", optional=True),
    )
    assert [f.declared for f in parsed.returns] == ["STRING", "INTEGER", "DATETIME?"]
    assert parsed.allows == {"CartesianProduct", "NodeByLabelScan"}


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("// Every partner below a sponsor,\n// nearest first.\n", "", "no sentence says which question it answers"),
        ("mode: read\n", "mode: look\n", "mode is 'look'; write one of read, write, schema"),
        ("// mode: read\n", "", "the header has no mode; add `// mode: …`"),
        ("// rows: many\n", "// rows: several\n", "rows is 'several'; write one of none, one, maybe, many, packed"),
        ("// rows: many\n", "// rows: many\n// rows: one\n", "rows stands twice"),
        ("// rows: many\n", "// rows: none\n", "rows and returns disagree"),
        ("STRING?", "TEXT", "'cursor TEXT' under params is not a field"),
        ("LIST<STRING>", "LIST<TEXT>", "'kinds LIST<TEXT>' under params is not a field"),
        ("cursor STRING?", "partner_id STRING", "partner_id stands twice under params"),
        ("= 8", "= 'eight'", "the default \"'eight'\" is not a INTEGER"),
        (" - one row each", "", "allows gives no reason"),
        ("// Every partner", "// colour: blue\n// Every partner", "unknown header key 'colour'"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_its_fix(old: str, new: str, said: str) -> None:
    assert old in WHOLE
    with pytest.raises(Refused) as refused:
        header.parse("network.downline", WHOLE.replace(old, new))
    assert refused.value.code is Code.QUERY_CONTRACT
    assert refused.value.sentence.startswith("cypher/network/downline.cypher: ")
    assert said in refused.value.sentence
    assert ";" in refused.value.sentence, "the sentence says no fix"


def test_defaults_are_values_of_their_type() -> None:
    text = (
        "// Q?\n// mode: read\n// params: a INTEGER = -3, b BOOLEAN = true, c STRING = 'x y'\n// rows: none\n// returns: none\n"
    )
    assert [p.default for p in header.parse("a.b", text).params] == [-3, True, "x y"]
