"""A kubelet for what ends by itself: runs the pods of Jobs and of `helm test` as processes on this machine,
each with the token of its own service account, and tells the API server how they ended."""

import json
import os
import subprocess
import threading


def ends_by_itself(pod):
    owners = {owner["kind"] for owner in pod["metadata"].get("ownerReferences", [])}
    return "Job" in owners or "helm.sh/hook" in pod["metadata"].get("annotations", {})


class PodRunner:
    """Started by `with`; `ran` has (pod's name, exit code, output) of everything that was run."""

    def __init__(self, plane, namespace, program):
        self.plane, self.namespace, self.program = plane, namespace, program
        self.ran = []
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stopped.set()
        self.thread.join()

    def _follow(self):
        seen = set()
        while not self.stopped.wait(0.3):
            listed = self.plane.kubectl("-n", self.namespace, "get", "pods", "-o", "json",
                                        check=False)
            if listed.returncode != 0:
                continue  # the namespace is not there yet
            for pod in json.loads(listed.stdout)["items"]:
                uid = pod["metadata"]["uid"]
                # The fake node has to have taken the pod first, or it would call it running later.
                if uid not in seen and ends_by_itself(pod) and pod["status"]["phase"] == "Running":
                    seen.add(uid)
                    self._run(pod)

    def _run(self, pod):
        name, spec = pod["metadata"]["name"], pod["spec"]
        token = self.plane.service_account_token(self.namespace, spec["serviceAccountName"])
        kubeconfig = self.plane.write_kubeconfig(self.plane.directory / f"kubeconfig-{name}", token)
        done = subprocess.run([self.program, *spec["containers"][0]["args"]], timeout=60,
                              env=os.environ | {"KUBECONFIG": str(kubeconfig)},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.ran.append((name, done.returncode, done.stdout))
        status = {"phase": "Failed" if done.returncode else "Succeeded"}
        self.plane.kubectl("-n", self.namespace, "patch", "pod", name, "--subresource=status",
                           "--type=merge", "-p", json.dumps({"status": status}))
