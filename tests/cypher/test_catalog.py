"""The contract of every query file, judged by the database that runs it.

Columns, mode, parameters, names and plan come from `EXPLAIN`; the words come from the vocabulary. A query that is added is
tested here without another line of Python.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from typing import Any

import neo4j
import pytest

from graphsvc import migrate, vocabulary
from graphsvc.errors import Refused
from graphsvc.query import catalog
from graphsvc.query.runner import Database
from tests import server
from tests.server import Address

QUERIES = catalog.load()
MODES = {"r": "read", "w": "write", "rw": "write", "s": "schema"}
UNKNOWN = {
    "01N50": "a label that does not exist",
    "01N51": "a relationship type that does not exist",
    "01N52": "a property that does not exist",
    "01N60": "a parameter that its header does not declare",
    "01N00": "something deprecated",
    "01N01": "something deprecated",
}
GUARDED = {
    "AllNodesScan",
    "CartesianProduct",
    "DirectedAllRelationshipsScan",
    "DirectedRelationshipTypeScan",
    "NodeByLabelScan",
    "UndirectedAllRelationshipsScan",
    "UndirectedRelationshipTypeScan",
}
QUIET = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.S)
# A value of each type: with values of the types that the product sends, later tests find the plans that were made here.
SAMPLES: Mapping[str, Any] = {
    "STRING": "x",
    "INTEGER": 1,
    "BOOLEAN": True,
    "FLOAT": 1.0,
    "DATE": dt.date(2025, 3, 1),
    "DATETIME": dt.datetime(2025, 3, 1, tzinfo=dt.UTC),
    "MAP": {},
    "LIST": [],
    "ANY": 1,
}
# Upper-case words that may stand after the colon of a map entry and are neither label nor type.
KEYWORDS = {"CASE", "COLLECT", "COUNT", "EXISTS", "FALSE", "NOT", "NULL", "TRUE"}
COMPONENTS = {"day", "epochMillis", "epochSeconds", "month", "offset", "timezone", "year"}


def quiet(text: str) -> str:
    """The text without its comments and strings."""
    return QUIET.sub(" ", text)


TEXTS = {name: quiet(q.text) for name, q in QUERIES.items()}
SCHEMA = {m.name: " ; ".join(quiet(s) for s in m.statements) for m in migrate.load()}


def words_after_colon(text: str) -> set[str]:
    """Every label and relationship type that a text names."""
    found: set[str] = set()
    for group in re.findall(r"(?<!:):(?!:)\s*(!?[A-Z]\w*(?:\s*[|&:]\s*!?[A-Z]\w*)*)", text):
        found |= set(re.findall(r"[A-Z]\w*", group))
    return found - KEYWORDS


def keys_of_maps(text: str) -> set[str]:
    """Names that a text itself gives to entries of maps."""
    return set(re.findall(r"[{,]\s*(\w+)\s*:(?!:)", text))


def properties_read(text: str) -> set[str]:
    """Every `variable.property` of a text, without rows of a parameter, parts of dates, and functions."""
    rows = set(re.findall(r"UNWIND\s+\$\w+\s+AS\s+(\w+)", text, re.I)) | set(re.findall(r"\b(\w+)\s+IN\s+\$\w+", text))
    pairs = re.findall(r"(?<![\w.$])([a-z_]\w*)\.([A-Za-z_]\w*)\b(?!\s*\(|\.)", text)
    return {key for variable, key in pairs if variable not in rows and key not in COMPONENTS}


@pytest.fixture(scope="module")
def known_words(_opened: Database, driver: neo4j.Driver, endpoint: Address) -> None:
    """The database has met every word of the vocabulary, so that only a word beyond it is flagged as unknown."""
    server.empty(driver, endpoint.database)  # plans hang on how much there is
    with driver.session(database=endpoint.database) as session:
        for label, properties in vocabulary.LABELS.items():
            session.run(f"CREATE (n:{label}) SET n = $p DELETE n", p=dict.fromkeys(properties, "word")).consume()
        for kind, properties in vocabulary.RELATIONSHIPS.items():
            made = f"CREATE (a:Partner)-[r:{kind}]->(b:Partner) SET r = $p DELETE r, a, b"
            session.run(made, p=dict.fromkeys(properties, "word")).consume()


def explained(driver: neo4j.Driver, endpoint: Address, text: str, params: Mapping[str, Any]) -> tuple[list[str], Any]:
    with driver.session(database=endpoint.database, notifications_min_severity="INFORMATION") as session:
        result = session.run(f"EXPLAIN {catalog.versioned(text)}", dict(params))
        return list(result.keys()), result.consume()


def operators(plan: Mapping[str, Any]) -> Iterator[str]:
    yield str(plan["operatorType"]).partition("@")[0]
    for child in plan.get("children", []):
        yield from operators(child)


@pytest.mark.parametrize("name", QUERIES)
def test_the_database_agrees_with_the_header(name: str, known_words: None, driver: neo4j.Driver, endpoint: Address) -> None:
    query = QUERIES[name]
    file = f"cypher/{name.replace('.', '/')}.cypher"
    params = {p.name: SAMPLES[p.type] for p in query.header.params}
    columns, summary = explained(driver, endpoint, query.text, params)
    declared = [c.name for c in query.header.returns]
    assert columns == declared, f"{file} returns {columns}; its header says {declared}: make them the same, in this order"
    assert MODES[summary.query_type] == query.header.mode, (
        f"{file} is a {MODES[summary.query_type]} query; write that as its mode"
    )
    for status in summary.gql_status_objects:
        if status.gql_status in UNKNOWN:
            pytest.fail(f"{file} uses {UNKNOWN[status.gql_status]}: {status.status_description}")
    found = set(operators(summary.plan)) & GUARDED
    unasked = found - query.header.allows
    assert not unasked, (
        f"{file} is planned with {', '.join(sorted(unasked))}; find a way in through an index, "
        f"or say why not with `// allows: {', '.join(sorted(unasked))} - reason`"
    )
    if query.header.rows == "packed" and any(param.name.startswith("after") for param in query.header.params):
        assert "Top" not in set(operators(summary.plan)), f"a page of {file} reads all that is left; order by the whole index"
    if query.sent != query.text:
        explained(driver, endpoint, query.sent.removeprefix("CYPHER 25\n"), params)


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_speaks_only_the_vocabulary(name: str) -> None:
    text = TEXTS[name]
    words = words_after_colon(text) - set(vocabulary.LABELS) - set(vocabulary.RELATIONSHIPS)
    assert not words, f"{name} names {', '.join(sorted(words))}; add it to graphsvc/vocabulary or mend the name"
    everything = {p for ps in (*vocabulary.LABELS.values(), *vocabulary.RELATIONSHIPS.values()) for p in ps}
    properties = properties_read(text) - everything - keys_of_maps(text)
    assert not properties, f"{name} reads {', '.join(sorted(properties))}; add it to graphsvc/vocabulary or mend the name"
    for kinds, keys in re.findall(r"[(\[]\s*\w*\s*:\s*([A-Z][\w|&:]*)\s*\{([^{}]*)\}", text):
        allowed = {
            p for kind in re.findall(r"\w+", kinds) for p in {**vocabulary.LABELS, **vocabulary.RELATIONSHIPS}.get(kind, {})
        }
        strange = set(re.findall(r"(\w+)\s*:", keys)) - allowed
        assert not strange, f"{name} matches {kinds} by {', '.join(sorted(strange))}, which the vocabulary does not give it"


@pytest.mark.parametrize("word", [*vocabulary.LABELS, *vocabulary.RELATIONSHIPS])
def test_every_word_of_the_vocabulary_is_used(word: str) -> None:
    texts = [t for t in (*TEXTS.values(), *SCHEMA.values()) if word in words_after_colon(t)]
    assert texts, f"no query names {word}; take it out of graphsvc/vocabulary"
    together = "\n".join(texts)
    for property_ in {**vocabulary.LABELS, **vocabulary.RELATIONSHIPS}[word]:
        assert re.search(rf"\.{property_}\b|\b{property_}\s*:", together), (
            f"no query that names {word} names its {property_}; take it out of graphsvc/vocabulary"
        )


def test_labels_are_never_made_of_values() -> None:
    for name, text in TEXTS.items():
        assert not re.search(r":\s*\$\(", text), f"{name} takes a label from a value; write the label"


def test_every_query_of_a_kind_has_a_name_of_its_own() -> None:
    assert len({q.text for q in QUERIES.values()}) == len(QUERIES)


def test_what_a_header_does_not_declare_is_refused_at_load() -> None:
    head = "// Who?\n// mode: read\n// params: {}\n// rows: many\n// returns: id STRING\n"
    body = "MATCH (p:Partner {id: $id}) WHERE p.name <> '$name' /* $x */ RETURN p.id AS id"
    assert catalog.build("network.who", head.format("id STRING") + body).name == "network.who"
    with pytest.raises(Refused, match=r"cypher/network/who\.cypher: uses undeclared id"):
        catalog.build("network.who", head.format("none") + body)
    with pytest.raises(Refused, match="never uses name"):
        catalog.build("network.who", head.format("id STRING, name STRING") + body)


def test_an_unknown_query_is_refused_with_the_nearest_names() -> None:
    with pytest.raises(Refused, match=r"no query 'schema\.aplied'; the nearest are schema\.applied"):
        catalog.get("schema.aplied")
