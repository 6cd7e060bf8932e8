"""deploy/kubernetes, as kustomize builds it and by Kubernetes' own schemas."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import kubernetes_validate
import pytest
import yaml

from bot.adapters.registry import BY_NAME, PLATFORMS
from bot.adapters.web.capabilities import Facts
from bot.adapters.web.pages import routes
from bot.settings import Settings
from captioner.engines.transformers.hub import hub_model
from captioner.queue.redis.schema import Keys
from tests.deploy.files import DEPLOY, output, tool

KUBERNETES = DEPLOY / "kubernetes"
# An overlay, and after a "+" a component that operators may add in one of theirs.
_OVERLAYS = [
    "cpu", "gpu", "single-node", "cpu+model-hub", "gpu+model-hub", "single-node+model-address",
]  # fmt: skip
_MODEL_SECRETS = {"model-hub": {"HF_TOKEN"}, "model-address": {"CAPTIONBOT_OPENAI_KEY"}}
_VERSIONS = ["1.32", "1.37"]

Object = dict[str, Any]

each_overlay = pytest.mark.parametrize("overlay", _OVERLAYS)
# The validator calls what Python deprecates; that is not ours to change.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:kubernetes_validate")


def _built(folder: Path) -> list[Object]:
    return list(yaml.safe_load_all(output(tool("kubectl"), "kustomize", folder)))


@cache
def _overlay(name: str) -> list[Object]:
    overlay, _, component = name.partition("+")
    if not component:
        return _built(KUBERNETES / "overlays" / overlay)
    with TemporaryDirectory() as folder:
        return _with_component(Path(folder), overlay, component)


def _with_component(folder: Path, overlay: str, component: str) -> list[Object]:
    """An overlay as an operator writes one; kustomize wants relative paths."""
    up = "../" * len(folder.resolve().parts[1:])
    there = up + str(KUBERNETES.relative_to("/"))
    (folder / "kustomization.yaml").write_text(
        f"resources: [{there}/overlays/{overlay}]\ncomponents: [{there}/components/{component}]\n"
    )
    return _built(folder)


def _of(objects: list[Object], kind: str) -> dict[str, Object]:
    return {one["metadata"]["name"]: one for one in objects if one["kind"] == kind}


def _pods(objects: list[Object]) -> dict[str, Object]:
    sets = _of(objects, "Deployment") | _of(objects, "StatefulSet")
    return {name: one["spec"]["template"] for name, one in sets.items()}


@each_overlay
@pytest.mark.parametrize("version", _VERSIONS)
def test_the_schemas_agree(overlay: str, version: str) -> None:
    known = [one for one in _overlay(overlay) if not one["apiVersion"].startswith("keda.sh/")]
    assert len(known) > 15
    for one in known:
        kubernetes_validate.validate(one, version, strict=True)


def test_a_mistake_would_be_found() -> None:
    one = {**_of(_overlay("cpu"), "Deployment")["web"]}
    one["spec"] = {**one["spec"], "replica": 2}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(one, _VERSIONS[0], strict=True)


def test_the_page_under_a_name(tmp_path: Path) -> None:
    """With the component that overlays name if they want it."""
    built = _with_component(tmp_path, "cpu", "ingress")
    ingress = _of(built, "Ingress")["web"]
    kubernetes_validate.validate(ingress, _VERSIONS[0], strict=True)
    paths = [(p["path"], p["pathType"]) for p in ingress["spec"]["rules"][0]["http"]["paths"]]

    def reached(address: str) -> bool:
        return any(
            address == path or (kind == "Prefix" and address.startswith(f"{path}/"))
            for path, kind in paths
        )

    async def facts() -> Facts:
        return Facts()

    files = [route.path for route in routes(facts)]
    assert files
    assert all(map(reached, [*files, "/api/captions", "/ready"]))
    assert not any(map(reached, ["/metrics", "/health"]))
    (settings,) = (
        one for one in built if one["metadata"]["name"].startswith("captionbot-settings")
    )
    assert "CAPTIONBOT_TRUSTED_PROXIES" in settings["data"]


@each_overlay
def test_pods_are_restricted(overlay: str) -> None:
    (namespace,) = _of(_overlay(overlay), "Namespace").values()
    assert namespace["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    pods = _pods(_overlay(overlay))
    assert pods.keys() == {*BY_NAME, "web", "worker", "redis", "store"}
    for name, pod in pods.items():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False, name
        context = spec["securityContext"]
        assert context["runAsNonRoot"] is True, name
        assert context["runAsUser"] > 0, name
        assert context["seccompProfile"] == {"type": "RuntimeDefault"}, name
        assert not {"hostNetwork", "hostPID", "hostIPC"} & spec.keys(), name
        assert all("hostPath" not in volume for volume in spec["volumes"]), name
        for container in spec["containers"]:
            context = container["securityContext"]
            assert context["allowPrivilegeEscalation"] is False, name
            assert context["readOnlyRootFilesystem"] is True, name
            assert context["capabilities"] == {"drop": ["ALL"]}, name
            assert "memory" in container["resources"]["limits"], name


@each_overlay
def test_ours_are_asked_how_they_are(overlay: str) -> None:
    for name in (*BY_NAME, "web", "worker"):
        (container,) = _pods(_overlay(overlay))[name]["spec"]["containers"]
        assert container["livenessProbe"]["httpGet"] == {"path": "/health", "port": "monitoring"}
        assert container["readinessProbe"]["httpGet"] == {"path": "/ready", "port": "monitoring"}
        (port,) = (p for p in container["ports"] if p["name"] == "monitoring")
        said = {one["name"]: one.get("value") for one in container["env"]}
        assert said["CAPTIONBOT_METRICS_PORT"] == str(port["containerPort"])


@each_overlay
def test_secrets_go_to_those_alone_that_use_them(overlay: str) -> None:
    have = {
        name: {
            one["valueFrom"]["secretKeyRef"]["key"]
            for one in pod["spec"]["containers"][0]["env"]
            if "valueFrom" in one
        }
        for name, pod in _pods(_overlay(overlay)).items()
    }
    for_model = _MODEL_SECRETS.get(overlay.partition("+")[2], set())
    assert have["worker"] == {"REDIS_URL"} | for_model
    assert {n for n, keys in have.items() if keys & for_model} <= {"worker"}
    assert have["redis"] == have["store"] == {"REDIS_PASSWORD"}
    assert {n for n, keys in have.items() if "CAPTIONBOT_STORE_URL" in keys} == {*BY_NAME, "web"}
    for platform in PLATFORMS:
        assert {n for n, keys in have.items() if platform.token in keys} == {platform.name}
    explained = (KUBERNETES / "secrets.env.example").read_text()
    needed = {*(platform.token for platform in PLATFORMS), "REDIS_PASSWORD", "REDIS_URL"}
    needed |= for_model
    assert needed <= set().union(*have.values())
    assert all(re.search(f"^{key}=", explained, re.M) for key in needed)


@each_overlay
def test_whatever_is_selected_is_there(overlay: str) -> None:
    objects = _overlay(overlay)
    labels = [pod["metadata"]["labels"] for pod in _pods(objects).values()]

    def selected(selector: dict[str, str]) -> bool:
        return any(selector.items() <= one.items() for one in labels)

    for name, service in _of(objects, "Service").items():
        assert selected(service["spec"]["selector"]), name
    for name, budget in _of(objects, "PodDisruptionBudget").items():
        assert selected(budget["spec"]["selector"]["matchLabels"]), name
    for name, policy in _of(objects, "NetworkPolicy").items():
        assert selected(policy["spec"]["podSelector"].get("matchLabels", {})), name


@each_overlay
def test_nobody_may_talk_but_by_a_rule(overlay: str) -> None:
    nobody = _of(_overlay(overlay), "NetworkPolicy")["nobody"]["spec"]
    assert nobody == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}


def test_budgets_where_there_are_several_nodes() -> None:
    assert _of(_overlay("cpu"), "PodDisruptionBudget").keys() == {"web", "worker"}
    assert not _of(_overlay("single-node"), "PodDisruptionBudget")


@pytest.mark.parametrize("overlay", ["cpu", "gpu"])
def test_workers_follow_all_that_waits(overlay: str) -> None:
    objects = _overlay(overlay)
    scaled = _of(objects, "ScaledObject")["worker"]["spec"]
    assert scaled["scaleTargetRef"]["name"] in _of(objects, "Deployment")
    assert "replicas" not in _of(objects, "Deployment")["worker"]["spec"]
    watched = {one["name"]: one["metadata"]["stream"] for one in scaled["triggers"]}
    assert sorted(watched.values()) == sorted(Keys("captionbot").lanes)
    assert scaled["advanced"]["scalingModifiers"]["formula"] == " + ".join(watched)
    authentications = _of(objects, "TriggerAuthentication")
    for one in scaled["triggers"]:
        assert one["type"] == "redis-streams"
        assert "consumerGroup" not in one["metadata"]  # then the length counts
        assert one["authenticationRef"]["name"] in authentications
        host, port = one["metadata"]["address"].split(":")
        assert host.split(".")[0] in _of(objects, "Service")
        assert port == "6379"


def test_a_worker_on_a_gpu() -> None:
    pod = _pods(_overlay("gpu"))["worker"]["spec"]
    (container,) = pod["containers"]
    assert container["resources"]["limits"]["nvidia.com/gpu"] == "1"
    assert container["image"] == "captionbot:worker-gpu"
    assert {"name": "CAPTIONBOT_DEVICE", "value": "cuda"} in container["env"]
    assert pod["nodeSelector"] == {"nvidia.com/gpu.present": "true"}
    assert pod["tolerations"][0]["key"] == "nvidia.com/gpu"


@pytest.mark.parametrize("overlay", ["cpu+model-hub", "gpu+model-hub"])
def test_a_worker_with_a_model_of_the_hub(overlay: str) -> None:
    """It reads the setting, keeps the model on a volume, has the memory, and is let out to it."""
    objects = _overlay(overlay)
    pod = _pods(objects)["worker"]["spec"]
    (container,) = pod["containers"]
    said = {one["name"]: one.get("value") for one in container["env"]}
    assert hub_model(said["CAPTIONBOT_CHECKPOINT"]) is not None
    mounts = {one["mountPath"]: one["name"] for one in container["volumeMounts"]}
    volume = next(one for one in pod["volumes"] if one["name"] == mounts[said["HF_HOME"]])
    claim = volume["persistentVolumeClaim"]["claimName"]
    assert claim in _of(objects, "PersistentVolumeClaim")
    assert "/tmp" in mounts
    assert container["resources"]["limits"]["memory"] == "8Gi"
    assert ("nvidia.com/gpu" in container["resources"]["limits"]) is overlay.startswith("gpu")
    token = next(one for one in container["env"] if one["name"] == "HF_TOKEN")
    assert token["valueFrom"]["secretKeyRef"]["optional"] is True, "most models need none"
    policy = _of(objects, "NetworkPolicy")["hub"]["spec"]
    assert policy["podSelector"]["matchLabels"] == {"app.kubernetes.io/name": "worker"}
    platforms = _of(objects, "NetworkPolicy")["platforms"]["spec"]
    assert policy["egress"] == platforms["egress"], "nothing inside is its to reach"


def test_a_worker_with_a_model_behind_an_address() -> None:
    objects = _overlay("single-node+model-address")
    (container,) = _pods(objects)["worker"]["spec"]["containers"]
    said = {one["name"]: one.get("value") for one in container["env"]}
    names = ("ENGINE", "OPENAI_URL", "OPENAI_MODEL")
    given = {f"CAPTIONBOT_{name}": said[f"CAPTIONBOT_{name}"] for name in names}
    settings = Settings(_env_file=None, **given)  # type: ignore[call-arg]  # by alias
    assert (settings.engine, settings.allow_remote_model) == ("openai", False)
    assert settings.openai_url is not None
    ((rule,),) = (_of(objects, "NetworkPolicy")["model"]["spec"]["egress"],)
    namespace = rule["to"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"]
    host, port = settings.openai_url.split("/")[2].split(":")
    assert host.split(".")[1:] == [namespace, "svc"]
    assert [one["port"] for one in rule["ports"]] == [int(port)]


@each_overlay
def test_redis_is_started_as_elsewhere(overlay: str) -> None:
    maps = _of(_overlay(overlay), "ConfigMap")
    (files,) = (one["data"] for name, one in maps.items() if name.startswith("captionbot-redis"))
    for name in ("redis.conf", "persistent.conf", "users.acl", "start.sh"):
        assert files[name] == (DEPLOY / "redis" / name).read_text()


@each_overlay
def test_photos_wait_where_there_is_no_disk(overlay: str) -> None:
    objects = _overlay(overlay)
    assert _of(objects, "StatefulSet").keys() == {"store"}
    volumes = _pods(objects)["redis"]["spec"]["volumes"]
    assert all("configMap" in one or one["emptyDir"]["medium"] == "Memory" for one in volumes)
    (container,) = _pods(objects)["store"]["spec"]["containers"]
    assert "/etc/captionbot-redis/persistent.conf" in container["args"]


@each_overlay
def test_bots_alone_reach_the_store(overlay: str) -> None:
    pods = _pods(_overlay(overlay))
    clients = {n for n, pod in pods.items() if "captionbot/store" in pod["metadata"]["labels"]}
    assert clients == {*BY_NAME, "web"}
