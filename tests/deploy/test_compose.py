"""deploy/compose.yaml, as Docker Compose itself reads it."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.registry import BY_NAME, PLATFORMS
from tests.deploy.files import DEPLOY, output, tool

_SECRETS = {
    **{platform.token: f"1:secret-{platform.name}" for platform in PLATFORMS},
    "TELEGRAM_WEBHOOK_SECRET": "secret-webhook-secret",
    "CAPTIONBOT_HASH_KEY": "secret-hash-key-0123",
    "REDIS_PASSWORD": "secret-redis-password",
    "GRAFANA_PASSWORD": "secret-grafana",
    "CAPTIONBOT_OPENAI_KEY": "secret-openai-key",
    "HF_TOKEN": "secret-hub-token",
}
_OURS = {"run", *BY_NAME, "web", "worker-cpu", "worker-gpu", "worker-model"}

Service = dict[str, Any]


def _read(folder: Path) -> dict[str, Any]:
    command = (tool("docker-compose"), "--profile", "*", "config", "--format", "json")
    read: dict[str, Any] = json.loads(output(*command, folder=folder))
    return read


@pytest.fixture(scope="module")
def compose(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The file as it is read beside an .env with every secret in it."""
    folder = tmp_path_factory.mktemp("deploy")
    shutil.copy(DEPLOY / "compose.yaml", folder)
    (folder / ".env").write_text("".join(f"{name}={said}\n" for name, said in _SECRETS.items()))
    return _read(folder)


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, Service]:
    read: dict[str, Service] = compose["services"]
    return read


def test_it_is_fine_without_an_env_file() -> None:
    assert _read(DEPLOY)["services"].keys() >= _OURS


def test_all_are_confined(services: dict[str, Service]) -> None:
    for name, service in services.items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert not service.get("privileged"), name
        # Caddy is root without root's rights, since its volume belongs to root.
        assert service["user"] == "0:0" if name == "caddy" else service["user"][0] != "0", name
        assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "caddy" else [])
        limits = service["deploy"]["resources"]["limits"]
        assert limits.keys() >= {"cpus", "memory", "pids"}, name


def test_what_is_written_to_is_memory_or_a_volume(services: dict[str, Service]) -> None:
    for name, service in services.items():
        for volume in service.get("volumes", []):
            assert volume["type"] == "volume" or volume["read_only"], name
            assert "docker.sock" not in volume["source"]


def test_only_this_machine_reaches_the_ports(services: dict[str, Service]) -> None:
    published = [(n, p) for n, s in services.items() for p in s.get("ports", [])]
    assert {name for name, _ in published} >= {"web", "run", "caddy"}
    assert all(port["host_ip"] == "127.0.0.1" for name, port in published if name != "caddy")
    assert {port["published"] for name, port in published if name == "caddy"} == {"80", "443"}


def test_redis_and_workers_are_on_no_network_that_leads_out(
    compose: dict[str, Any], services: dict[str, Service]
) -> None:
    assert compose["networks"]["inner"]["internal"] is True
    for name in ("redis", "store", "worker-cpu", "worker-gpu"):
        assert services[name]["networks"].keys() == {"inner"}, name
        assert not services[name].get("ports"), name


def test_a_model_that_others_made_is_fetched_and_kept(services: dict[str, Service]) -> None:
    worker = services["worker-model"]
    assert worker["networks"].keys() == {"front", "inner"}
    assert worker["build"]["args"] == {"EXTRAS": "transformers"}
    assert [(one["type"], one["target"]) for one in worker["volumes"]] == [
        ("volume", "/var/lib/captionbot/models")
    ]


def test_a_secret_goes_to_those_alone_that_use_it(services: dict[str, Service]) -> None:
    def have(secret: str) -> set[str]:
        return {n for n, s in services.items() if _SECRETS[secret] in json.dumps(s)}

    for platform in PLATFORMS:
        assert have(platform.token) == {"run", platform.name}
    assert have("TELEGRAM_WEBHOOK_SECRET") == {"run", "telegram"}
    assert have("CAPTIONBOT_HASH_KEY") == {"run", *BY_NAME, "web"}
    assert have("REDIS_PASSWORD") == {"redis", "store", *_OURS} - {"run"}
    assert have("GRAFANA_PASSWORD") == {"grafana"}
    for secret in ("CAPTIONBOT_OPENAI_KEY", "HF_TOKEN"):
        assert have(secret) == {"run", "worker-cpu", "worker-gpu", "worker-model"}


def test_a_profile_brings_the_redis_that_it_needs(services: dict[str, Service]) -> None:
    for name in _OURS - {"run"}:
        assert set(services[name]["profiles"]) <= set(services["redis"]["profiles"]), name
        assert services[name]["depends_on"]["redis"]["condition"] == "service_healthy"
        environment = services[name]["environment"]
        assert environment["REDIS_URL"] == "redis://captionbot:secret-redis-password@redis:6379/0"
        if name.startswith("worker"):
            assert "CAPTIONBOT_STORE_URL" not in environment
            continue
        assert set(services[name]["profiles"]) <= set(services["store"]["profiles"]), name
        assert services[name]["depends_on"]["store"]["condition"] == "service_healthy"
        address = environment["CAPTIONBOT_STORE_URL"]
        assert address == "redis://captionbot:secret-redis-password@store:6379/0"


def test_photos_wait_where_there_is_no_disk(services: dict[str, Service]) -> None:
    mounted = {volume["target"] for volume in services["redis"]["volumes"]}
    assert mounted == {"/etc/captionbot-redis"}
    assert "--include" not in services["redis"]["command"]
    assert "/etc/captionbot-redis/persistent.conf" in services["store"]["command"]
    assert "/data" in {volume["target"] for volume in services["store"]["volumes"]}


def test_caddy_finds_the_page_and_the_webhook(services: dict[str, Service]) -> None:
    def named(alias: str) -> set[str]:
        return {
            name
            for name, service in services.items()
            if alias in ((service["networks"].get("front") or {}).get("aliases") or [])
        }

    assert services["caddy"]["environment"]["PAGE"] == "page:8080"
    assert services["caddy"]["environment"]["WEBHOOK"] == "webhook:8081"
    assert named("page") == {"run", "web"}
    assert named("webhook") == {"run", "telegram"}


def test_images_are_targets_of_the_dockerfile(services: dict[str, Service]) -> None:
    targets = set(re.findall(r"^FROM .* AS ([\w-]+)$", (DEPLOY / "Dockerfile").read_text(), re.M))
    for name in _OURS:
        build = services[name]["build"]
        assert build["target"] in targets
        tag = "worker-model" if name == "worker-model" else build["target"]
        assert services[name]["image"] == f"captionbot:{tag}"


def test_published_images_can_be_named(tmp_path: Path) -> None:
    shutil.copy(DEPLOY / "compose.yaml", tmp_path)
    (tmp_path / ".env").write_text("IMAGE=ghcr.io/somebody/captionbot\nIMAGE_VERSION=1.2.3\n")
    services = _read(tmp_path)["services"]
    for name in _OURS - {"worker-model"}:  # which is built, with the packages of the model
        service = services[name]
        target = service["build"]["target"]
        assert service["image"] == f"ghcr.io/somebody/captionbot:{target}-1.2.3"


def test_foreign_images_have_a_version(services: dict[str, Service]) -> None:
    for name in services.keys() - _OURS:
        assert re.search(r":v?\d+\.\d+", services[name]["image"]), name


def test_prometheus_looks_for_the_services_that_there_are() -> None:
    text = (DEPLOY / "compose" / "prometheus.yml").read_text()
    found = re.search(r"names: \[(.*)]", text)
    assert found
    assert set(found[1].split(", ")) == _OURS


@pytest.mark.parametrize("broken", ["read_onli: true", "networks: [nowhere]"])
def test_mistakes_would_be_found(tmp_path: Path, broken: str) -> None:
    text = (DEPLOY / "compose.yaml").read_text()
    assert "    networks: [inner]\n" in text
    (tmp_path / "compose.yaml").write_text(
        text.replace("    networks: [inner]\n", f"    {broken}\n", 1)
    )
    with pytest.raises(AssertionError):
        _read(tmp_path)
