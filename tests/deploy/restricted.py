"""Pod Security's profile "restricted", rule by rule, as Kubernetes' documentation lists it."""

from collections.abc import Iterator
from typing import Any

VOLUMES = {
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "persistentVolumeClaim",
    "projected",
    "secret",
}
_OF_HOST = ("hostNetwork", "hostPID", "hostIPC")
_SECCOMP = ("RuntimeDefault", "Localhost")
_LISTS = ("initContainers", "containers", "ephemeralContainers")


def violations(spec: dict[str, Any]) -> Iterator[str]:
    """Yield what the profile does not allow in a pod."""
    pod = spec.get("securityContext", {})
    yield from (word for word in _OF_HOST if spec.get(word))
    for volume in spec.get("volumes", []):
        if not volume.keys() - {"name"} <= VOLUMES:
            yield f"volume {volume['name']}"
    yield from _of_pod(pod)
    annotations = spec.get("annotations", {})
    yield from (name for name in annotations if "apparmor" in name)
    for container in (it for name in _LISTS for it in spec.get(name, [])):
        for wrong in _of_container(container, pod):
            yield f"{container['name']}: {wrong}"


def _of_pod(pod: dict[str, Any]) -> Iterator[str]:
    if pod.get("runAsUser") == 0:
        yield "runAsUser"
    if "windowsOptions" in pod or "seLinuxOptions" in pod or pod.get("sysctls"):
        yield "options of the host"


def _of_container(container: dict[str, Any], pod: dict[str, Any]) -> Iterator[str]:
    own = container.get("securityContext", {})
    capabilities = own.get("capabilities", {})
    if own.get("allowPrivilegeEscalation") is not False:
        yield "allowPrivilegeEscalation"
    if capabilities.get("drop") != ["ALL"]:
        yield "capabilities.drop"
    if set(capabilities.get("add", [])) - {"NET_BIND_SERVICE"}:
        yield "capabilities.add"
    if own.get("privileged"):
        yield "privileged"
    if own.get("procMount", "Default") != "Default":
        yield "procMount"
    if own.get("runAsNonRoot", pod.get("runAsNonRoot")) is not True:
        yield "runAsNonRoot"
    if own.get("runAsUser", pod.get("runAsUser")) == 0:
        yield "runAsUser"
    seccomp = own.get("seccompProfile", pod.get("seccompProfile", {}))
    if seccomp.get("type") not in _SECCOMP:
        yield "seccompProfile"
    if any(port.get("hostPort") for port in container.get("ports", [])):
        yield "hostPort"
    if any("host" in probe.get("httpGet", {}) for probe in _probes(container)):
        yield "a probe of another host"


def _probes(container: dict[str, Any]) -> list[dict[str, Any]]:
    names = ("startupProbe", "livenessProbe", "readinessProbe")
    return [container[name] for name in names if name in container]
