"""Renders the chart with real Helm, without a cluster."""

import pathlib
import subprocess
import sys
import tempfile

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHART = ROOT / "charts/edgetide"
sys.path.insert(0, str(ROOT / "tests/cluster"))

from control_plane import programs_directory  # noqa: E402


def helm(*arguments, values=None, env=None, timeout=120):
    """Helm with these arguments and values; the completed process."""
    command = [programs_directory() / "helm", *arguments]
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        if values is not None:
            yaml.safe_dump(values, file)
            file.flush()
            command += ["--values", file.name]
        return subprocess.run([str(word) for word in command], env=env, capture_output=True,
                              text=True, timeout=timeout)


def render(values=None, release="edgetide", namespace="edgetide", hooks=False):
    """The objects that these values come to."""
    done = helm("template", release, CHART, "--namespace", namespace,
                *([] if hooks else ["--no-hooks"]), values=values)
    if done.returncode != 0:
        raise AssertionError(done.stderr)
    return [thing for thing in yaml.safe_load_all(done.stdout) if thing]


def dashboard_queries():
    """Everything that the dashboards ask Prometheus, marks included."""
    for path in sorted((CHART.parent / "dashboards").glob("*.yaml")):
        for part in yaml.safe_load(path.read_text()):
            if "annotation" in part:
                yield part
            for panel in part.get("panels", ()):
                yield from panel["queries"]


def of_kind(objects, kind):
    return [thing for thing in objects if thing["kind"] == kind]


def one_of_kind(objects, kind):
    [found] = of_kind(objects, kind)
    return found


def operator_rules(objects, account="edgetide"):
    """(namespace or "" for all, rule) of everything that is granted to the operator."""
    granted = []
    for binding in of_kind(objects, "ClusterRoleBinding") + of_kind(objects, "RoleBinding"):
        if account not in [subject["name"] for subject in binding["subjects"]]:
            continue
        reference = binding["roleRef"]
        namespace = binding["metadata"].get("namespace", "")
        [role] = [role for role in of_kind(objects, reference["kind"])
                  if role["metadata"]["name"] == reference["name"] and
                  role["metadata"].get("namespace", "") in ("", namespace)]
        granted += [(namespace, rule) for rule in role["rules"]]
    return granted
