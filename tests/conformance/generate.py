#!/usr/bin/env python3
"""Makes a random scenario: the same seed always gives the same one.

usage: tests/conformance/generate.py SEED…            prints the scenario of each seed
       tests/conformance/generate.py --out DIR SEED…  writes DIR/seed-SEED.yaml
       tests/conformance/generate.py --check DIR      says which of its scenarios in DIR it would make otherwise today

Steps are drawn so that they mostly do something: a rough model of the controllers tells which Pods exist and how they
are. It decides nothing about what is right; that is what the recording on the real control plane is for. What a real
cluster leaves to chance (which of two equal nodes, the order of several Pods that go at once) is avoided, or the step
is marked `unordered`.
"""
import pathlib
import random
import sys

NAMES = ["web", "db", "mysql", "zk", "cache", "kv-store", "kafka"]
IMAGE = "registry.k8s.io/nginx-slim"


def indent(text, by):
    return "\n".join(" " * by + line if line else line for line in text.splitlines())


class Pod:
    """What the model knows of a Pod: its phase and the template it was made from."""

    def __init__(self, image, state="pending"):
        self.image, self.state = image, state  # pending, running, ready, bad, over, going


class StatefulSet:
    """A StatefulSet, as its manifest says and as its controller would roughly act."""

    def __init__(self, rng, name, auto):
        self.rng, self.name, self.auto = rng, name, auto
        self.replicas = rng.choice([0, 1, 1, 2, 2, 3, 3, 3, 4])
        self.policy = rng.choice(["OrderedReady", "OrderedReady", "", "Parallel"])
        self.start = rng.choice([0, 0, 0, 0, 1, 2, 5])
        self.image = 21
        self.partition = self.max_unavailable = None
        self.on_delete = rng.random() < 0.15
        if not self.on_delete and rng.random() < 0.5:
            self.partition = rng.choice([None, 0, 1, 2])
            self.max_unavailable = rng.choice([None, None, "1", "2", "50%", "100%"])
        self.retention = {}
        self.claims = rng.choice([0, 0, 1, 1, 1])
        if self.claims and rng.random() < 0.7:
            for when in ("whenDeleted", "whenScaled"):
                value = rng.choice(["", "Delete", "Delete", "Retain"])
                if value:
                    self.retention[when] = value
        self.history = rng.choice([None, None, None, 0, 1, 2])
        self.min_ready = 0 if auto else rng.choice([0, 0, 0, 0, 0, 6])
        self.grace = rng.choice([None, None, None, 0, 5])
        self.service = rng.choice([True, True, True, False])
        self.finalizer = rng.random() < 0.06
        self.probe = rng.random() < 0.1
        self.pods, self.exists, self.orphaned = {}, False, False

    @property
    def parallel(self):
        return self.policy == "Parallel"

    def manifest(self):
        spec = [f"serviceName: {self.name}", f"replicas: {self.replicas}"]
        if self.policy:
            spec.append(f"podManagementPolicy: {self.policy}")
        rolling = []
        if self.partition is not None:
            rolling.append(f"partition: {self.partition}")
        if self.max_unavailable is not None:
            rolling.append(f"maxUnavailable: {self.max_unavailable}")
        if self.on_delete:
            spec.append("updateStrategy: {type: OnDelete}")
        elif rolling:
            spec.append("updateStrategy: {type: RollingUpdate, rollingUpdate: {" + ", ".join(rolling) + "}}")
        if self.retention:
            spec.append("persistentVolumeClaimRetentionPolicy: {"
                        + ", ".join(f"{k}: {v}" for k, v in self.retention.items()) + "}")
        if self.start:
            spec.append(f"ordinals: {{start: {self.start}}}")
        if self.history is not None:
            spec.append(f"revisionHistoryLimit: {self.history}")
        if self.min_ready:
            spec.append(f"minReadySeconds: {self.min_ready}")
        meta = f"labels: {{app: {self.name}}}"
        if self.finalizer:
            meta += ", finalizers: [example.com/hold]"
        pod = []
        if self.grace is not None:
            pod.append(f"terminationGracePeriodSeconds: {self.grace}")
        container = ["- name: main", f"  image: {IMAGE}:0.{self.image}", "  ports: [{containerPort: 80, name: web}]"]
        if self.probe:
            container.append("  readinessProbe: {httpGet: {path: /, port: web}, periodSeconds: 5}")
        if self.claims:
            container.append("  volumeMounts: [{name: data, mountPath: /data}]")
        pod += ["containers:"] + container
        text = ["apiVersion: apps/v1", "kind: StatefulSet",
                f"metadata: {{name: {self.name}, labels: {{app: {self.name}}}}}", "spec:"]
        text += ["  " + line for line in spec]
        text += [f"  selector: {{matchLabels: {{app: {self.name}}}}}", "  template:", f"    metadata: {{{meta}}}",
                 "    spec:"]
        text += ["      " + line for line in pod]
        if self.claims:
            text += ["  volumeClaimTemplates:",
                     "  - {metadata: {name: data}, spec: {accessModes: [ReadWriteOnce], "
                     "resources: {requests: {storage: 1Gi}}}}"]
        return "\n".join(text)

    def service_manifest(self):
        return (f"apiVersion: v1\nkind: Service\nmetadata: {{name: {self.name}}}\nspec: {{clusterIP: None, "
                f"selector: {{app: {self.name}}}, ports: [{{port: 80, name: web}}]}}")

    def wanted(self):
        return range(self.start, self.start + self.replicas)

    def settle(self):
        """Roughly what the controller does until it rests."""
        if not self.exists or self.orphaned:
            return
        for _ in range(40):
            if not self.turn():
                return

    def turn(self):
        for n in sorted(self.pods):
            if self.pods[n].state == "over":
                del self.pods[n]
                return True
        for n in self.wanted():
            if n not in self.pods:
                self.pods[n] = Pod(self.image, "ready" if self.auto else "pending")
                return True
            if not self.parallel and self.pods[n].state != "ready":
                return False
        for n in sorted(self.pods, reverse=True):
            if n in self.wanted():
                continue
            if self.pods[n].state != "going":
                self.remove(n)
                return True
            if not self.parallel:
                return False
        if self.on_delete or any(p.state != "ready" for p in self.pods.values()):
            return False
        for n in sorted(self.pods, reverse=True):
            if n >= (self.partition or 0) and self.pods[n].image != self.image:
                self.remove(n)
                return True
        return False

    def remove(self, n):
        if self.auto and not self.finalizer:
            del self.pods[n]
        else:
            self.pods[n].state = "going"


class Scenario:
    """Draws the steps, and writes them down."""

    def __init__(self, seed):
        self.seed, self.rng, self.steps = seed, random.Random(seed), []
        rng = self.rng
        self.auto = rng.random() < 0.35
        self.manual_provisioner = rng.random() < 0.15
        self.cordoned = False
        names = rng.sample(NAMES, 2)
        self.sets = [StatefulSet(rng, names[0], self.auto)]
        kind = rng.choice(["sts"] * 7 + ["two sts", "sts+deploy", "sts+deploy", "sts+ds", "deploy", "ds", "sts+node"])
        if kind == "two sts":
            self.sets.append(StatefulSet(rng, names[1], self.auto))
        if kind in ("deploy", "ds"):
            self.sets = []
        self.kind = kind
        self.deploy = Deployment(rng) if "deploy" in kind else None
        self.daemon = DaemonSet(rng) if "ds" in kind.split("+") else None
        self.nodes = 2 if kind == "sts+node" else 1
        self.down = False
        self.budget = False

    # ---- writing

    def kubectl(self, line, stdin="", unordered=False):
        quoted = line
        if any(c in line for c in "{}'\"#:"):
            quoted = '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'
        text = f"- kubectl: {quoted}"
        if stdin:
            text += "\n  stdin: |\n" + indent(stdin, 4)
        self.add(text, unordered)

    def add(self, text, unordered=False):
        self.steps.append(text + ("\n  unordered: true" if unordered else ""))
        for s in self.sets:
            s.settle()

    def event(self, pod, event):
        quoted = f'"{pod}"' if "{" in pod else pod
        self.add(f"- kubelet: {{pod: {quoted}, event: {event}}}", self.chance())
        if event in ("ready", "restart") and any(s.min_ready for s in self.sets):
            self.add("- wait: 8", self.chance())  # no timer is left running: when it ends must not be left to chance

    def request(self, method, path, body, content="application/merge-patch+json"):
        self.add(f"- request: {{method: {method}, path: {path}, contentType: {content}, body: {body}}}", self.chance())

    def chance(self):
        """Whether several Pods may change at the same time, in an order that is nobody's decision."""
        return any(s.parallel or s.max_unavailable not in (None, "1") for s in self.sets)

    # ---- what a person may do to a StatefulSet

    def start(self):
        for s in self.sets:
            self.create(s, first=True)
        if self.deploy:
            self.deploy.create(self)
        if self.daemon:
            self.daemon.create(self)
        if self.kind == "sts+node":
            self.kubectl("cordon node-2")
            self.cordoned = True
            # What runs before node-2 is closed would land on either: the sets come after it.
            self.steps.insert(0, self.steps.pop())

    def create(self, s, first=False):
        text = s.manifest()
        if first and s.service:
            text = s.service_manifest() + "\n---\n" + text
        s.exists, s.orphaned = True, False
        how = self.rng.choice(["apply -f -", "apply -f -", "create -f -"]) if first or self.rng.random() < 0.3 else "apply -f -"
        self.kubectl(how, text, self.chance())

    def progress(self, s):
        """A kubelet event that leads on, where the model knows one."""
        going = [n for n, p in s.pods.items() if p.state == "going"]
        waiting = [n for n, p in s.pods.items() if p.state in ("pending", "running", "bad")]
        if self.manual_provisioner and s.claims and waiting and self.rng.random() < 0.5:
            self.add(f"- provision: data-{s.name}-{min(waiting)}", self.chance())
            return
        if going and (not waiting or self.rng.random() < 0.5):
            n = self.rng.choice(going)
            if not s.finalizer:
                del s.pods[n]
            self.event(f"{s.name}-{n}", "terminated")
        elif waiting:
            n = min(waiting) if self.rng.random() < 0.7 else self.rng.choice(waiting)
            event = "running" if s.pods[n].state == "pending" and self.rng.random() < 0.2 else "ready"
            s.pods[n].state = event
            self.event(f"{s.name}-{n}", event)
        else:
            self.trouble(s)

    def trouble(self, s):
        if not s.pods:
            return self.scale(s)
        n = self.rng.choice(sorted(s.pods))
        event = self.rng.choice(["unready", "unready", "crash", "failed", "failed", "succeeded", "restart"])
        state = {"unready": "running", "crash": "bad", "failed": "over", "succeeded": "over", "restart": "ready"}[event]
        if s.pods[n].state != "going":
            s.pods[n].state = state
        self.event(f"{s.name}-{n}", event)

    def scale(self, s):
        s.replicas = self.rng.choice([0, 1, 1, 2, 2, 3, 3, 4, 5])
        path = f"/apis/apps/v1/namespaces/default/statefulsets/{s.name}"
        how = self.rng.random()
        if how < 0.5:
            self.kubectl(f"scale sts {s.name} --replicas={s.replicas}", unordered=self.chance())
        elif how < 0.7:
            self.request("PATCH", path + "/scale", f'{{"spec": {{"replicas": {s.replicas}}}}}')
        elif how < 0.85:
            self.kubectl("apply -f -", s.manifest(), self.chance())
        else:
            self.kubectl(f"scale sts/{s.name} --current-replicas={self.rng.choice([s.replicas, 3])} "
                         f"--replicas={s.replicas}", unordered=self.chance())

    def update(self, s):
        s.image = self.rng.choice([21, 22, 23, 24])
        how = self.rng.random()
        if how < 0.5:
            self.kubectl(f"set image sts/{s.name} main={IMAGE}:0.{s.image}", unordered=self.chance())
        elif how < 0.65:
            self.kubectl(f"patch sts {s.name} --type=json -p "
                         f"'[{{\"op\":\"replace\",\"path\":\"/spec/template/spec/containers/0/image\","
                         f"\"value\":\"{IMAGE}:0.{s.image}\"}}]'", unordered=self.chance())
        elif how < 0.85:
            self.kubectl("apply -f -", s.manifest(), self.chance())
        else:
            key = self.rng.choice(["tier", "note"])
            self.kubectl(f"patch sts {s.name} -p '{{\"spec\":{{\"template\":{{\"metadata\":{{\"annotations\":"
                         f"{{\"{key}\":\"{self.rng.randrange(3)}\"}}}}}}}}}}'", unordered=self.chance())

    def strategy(self, s):
        kind = self.rng.choice(["partition", "partition", "partition", "maxUnavailable", "onDelete", "rolling"])
        if kind == "partition":
            s.partition, s.on_delete = self.rng.choice([0, 1, 2, 3]), False
            body = f'"type":"RollingUpdate","rollingUpdate":{{"partition":{s.partition}}}'
        elif kind == "maxUnavailable":
            value = self.rng.choice(["1", "2", '"50%"', '"100%"', "0", '"many"'])
            s.max_unavailable = value.strip('"')
            body = f'"rollingUpdate":{{"maxUnavailable":{value}}}'
        elif kind == "onDelete":
            s.on_delete = True
            body = '"type":"OnDelete","rollingUpdate":null'
        else:
            s.on_delete = False
            body = '"type":"RollingUpdate"'
        self.kubectl(f"patch sts {s.name} {self.rng.choice(['', '--type=merge '])}-p "
                     f"'{{\"spec\":{{\"updateStrategy\":{{{body}}}}}}}'", unordered=self.chance())

    def settings(self, s):
        rng = self.rng
        kind = rng.choice(["retention", "retention", "start", "start", "minReady", "history", "refused", "labels"])
        if kind == "retention":
            value = {w: rng.choice(["Delete", "Retain"]) for w in ("whenScaled", "whenDeleted") if rng.random() < 0.8}
            s.retention.update(value)
            body = '"persistentVolumeClaimRetentionPolicy":{' + ",".join(f'"{k}":"{v}"' for k, v in value.items()) + "}"
        elif kind == "start":
            s.start = rng.choice([0, 1, 2, 3])
            body = f'"ordinals":{{"start":{s.start}}}'
        elif kind == "minReady":
            s.min_ready = 0 if self.auto else rng.choice([0, 6])
            body = f'"minReadySeconds":{s.min_ready}'
        elif kind == "history":
            s.history = rng.choice([0, 1, 2])
            body = f'"revisionHistoryLimit":{s.history}'
        elif kind == "refused":
            body = rng.choice(['"selector":{"matchLabels":{"app":"other"}}', '"serviceName":"other"',
                               '"podManagementPolicy":"Parallel"', '"replicas":-1',
                               '"template":{"metadata":{"labels":{"app":"other"}}}'])
        else:
            self.kubectl(f"label sts {s.name} tier={rng.choice(['front', 'back'])} --overwrite")
            return
        self.kubectl(f"patch sts {s.name} -p '{{\"spec\":{{{body}}}}}'", unordered=self.chance())

    def rollout(self, s):
        what = self.rng.choice(["undo", "undo", "history", "restart", "undo --to-revision=1", "status --watch=false"])
        words = what.split(" ", 1)
        line = f"rollout {words[0]} sts/{s.name}" + (" " + words[1] if len(words) > 1 else "")
        self.kubectl(line, unordered=self.chance() and words[0] in ("undo", "restart"))

    def delete_pod(self, s):
        if not s.pods:
            return self.scale(s)
        n = self.rng.choice(sorted(s.pods))
        how = self.rng.choice(["--wait=false"] * 3 + ["--grace-period=0 --force --wait=false", "--now --wait=false"])
        if "force" in how or self.auto:
            if not s.finalizer:
                del s.pods[n]
        else:
            s.pods[n].state = "going"
        self.kubectl(f"delete pod {s.name}-{n} {how}", unordered=self.chance())

    def release(self, s):
        """A Pod leaves its set by a label, and may come back."""
        if not s.pods:
            return self.progress(s)
        n = self.rng.choice(sorted(s.pods))
        self.kubectl(f"label pod {s.name}-{n} app-", unordered=self.chance())
        if self.rng.random() < 0.5:
            self.kubectl("get sts,pods,pvc")
        self.kubectl(f"label pod {s.name}-{n} app={s.name}", unordered=self.chance())

    def delete_set(self, s):
        """The set goes, with its Pods or without them, and comes back.

        Foreground deletion is left to recordings by hand: how often the controller makes its ControllerRevision again
        before the garbage collector is through is chance; so is what a budget's controller sees of Pods that go.
        """
        if self.budget:
            return self.progress(s)
        cascade = self.rng.choice(["", "", " --cascade=orphan", " --cascade=orphan", " --cascade=background"])
        self.kubectl(f"delete sts {s.name}{cascade}", unordered=True)
        if "orphan" in cascade:
            s.orphaned = True
        else:
            for n in sorted(s.pods):
                s.remove(n)
        s.exists = False
        for _ in range(self.rng.randrange(3)):
            self.step(s)
        if not s.exists:
            # A Pod of the old set that is still ending would keep its name from the new one, which tries again and
            # again: at what time is chance.
            for n in sorted(s.pods) if not s.orphaned else []:
                del s.pods[n]
                if not self.auto:
                    self.event(f"{s.name}-{n}", "terminated")
                if s.finalizer:
                    self.release_finalizer(s, n)
            if self.rng.random() < 0.3:
                s.replicas = self.rng.choice([0, 1, 2, 3])
            self.create(s)

    def claims(self, s):
        if not s.claims:
            return self.progress(s)
        n = self.rng.choice(sorted(s.pods) or [0])
        if self.rng.random() < 0.7:
            self.kubectl(f"delete pvc data-{s.name}-{n} --wait=false", unordered=self.chance())
        else:
            self.kubectl(f"label pvc data-{s.name}-{n} keep=yes")

    def finish(self, s):
        """The one who put the finalizer on the Pods takes it away from one of them."""
        if not s.finalizer or not s.pods:
            return self.progress(s)
        n = self.rng.choice(sorted(s.pods))
        if s.pods[n].state == "going":
            del s.pods[n]
        self.release_finalizer(s, n)

    def release_finalizer(self, s, n):
        self.kubectl(f"patch pod {s.name}-{n} --type=merge -p '{{\"metadata\":{{\"finalizers\":null}}}}'",
                     unordered=self.chance())

    def look(self, s):
        self.kubectl(self.rng.choice([
            "get sts,pods", "get sts,pods,pvc", "get pods -o wide", "get pods -L controller-revision-hash",
            "get controllerrevisions", "get pods,pvc,pv", f"get sts {s.name} -o wide",
            f"get endpointslices -l kubernetes.io/service-name={s.name}",
            f"get sts {s.name} -o jsonpath='{{.status}}'", f"rollout status sts/{s.name} --watch=false",
            "get pods --show-labels", f"get pods -l app={s.name} -o name"]))

    def disrupt(self, s):
        if not s.exists or s.orphaned:
            return self.progress(s)
        if not self.budget:
            self.budget = True
            self.kubectl("apply -f -", "apiVersion: policy/v1\nkind: PodDisruptionBudget\n"
                         f"metadata: {{name: {s.name}}}\nspec: {{"
                         + self.rng.choice(["maxUnavailable: 1", "minAvailable: 2", "minAvailable: 50%"])
                         + f", selector: {{matchLabels: {{app: {s.name}}}}}}}")
        elif s.pods:
            n = self.rng.choice(sorted(s.pods))
            self.add(f"- request: {{method: POST, path: /api/v1/namespaces/default/pods/{s.name}-{n}/eviction, body: "
                     f'{{"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {{"name": "{s.name}-{n}"}}}}}}',
                     self.chance())
            if s.pods[n].state == "ready":
                s.pods[n].state = "going"

    def node(self, s):
        """node-1 falls silent or comes back; node-2 is closed as long as node-1 is there: never are both to choose from."""
        rng = self.rng
        if self.nodes == 1:
            self.kubectl(rng.choice(["cordon node-1", "uncordon node-1", "uncordon node-1"]), unordered=self.chance())
        elif self.down:
            self.down = False
            self.kubectl("cordon node-2")
            self.add("- node: {name: node-1, event: recovered}", True)
        elif rng.random() < 0.5:
            self.down = True
            self.add("- node: {name: node-1, event: unreachable}", True)
            self.add("- wait: 25", True)
            self.kubectl("uncordon node-2", unordered=True)
        else:
            self.kubectl("get nodes")

    def wait(self, s):
        if s.min_ready:
            self.add("- wait: 8", self.chance())
        else:
            self.look(s)

    def status(self, s):
        path = f"/apis/apps/v1/namespaces/default/statefulsets/{s.name}"
        self.request("PATCH", path + "/status", '{"status": {"readyReplicas": 0}}')

    def step(self, s):
        rng = self.rng
        steps = [(self.progress, 4 if self.auto else 40), (self.trouble, 8), (self.scale, 10), (self.update, 9),
                 (self.strategy, 6), (self.settings, 6), (self.rollout, 5), (self.delete_pod, 9), (self.release, 2),
                 (self.claims, 4), (self.finish, 6 if s.finalizer else 0), (self.look, 5), (self.disrupt, 3),
                 (self.node, 18 if self.nodes == 2 else 2), (self.wait, 8 if s.min_ready else 0), (self.status, 1)]
        if s.exists:
            steps.append((self.delete_set, 5))
        choice = rng.choices([f for f, _ in steps], [w for _, w in steps])[0]
        choice(s)

    def text(self):
        self.start()
        length = self.rng.randrange(12, 22)
        actors = [lambda s=s: self.step(s) for s in self.sets for _ in range(2)]
        if self.deploy:
            actors.append(lambda: self.deploy.step(self))
        if self.daemon:
            actors.append(lambda: self.daemon.step(self))
        while len(self.steps) < length:
            self.rng.choice(actors)()
        self.kubectl("get sts,deploy,rs,ds,pods,pvc")
        cluster = [f"kubelet: {'auto' if self.auto else 'manual'}"]
        if self.manual_provisioner:
            cluster.append("provisioner: manual")
        if self.nodes > 1:
            cluster.insert(0, f"nodes: {self.nodes}")
        return (f"name: seed-{self.seed}\nsummary: made by generate.py {self.seed} ({self.kind})\n"
                f"cluster: {{{', '.join(cluster)}}}\nsteps:\n" + "\n".join(self.steps) + "\n")


class Deployment:
    """A Deployment; only the first Pod of each ReplicaSet is addressed, since it has a name that can be foretold."""

    def __init__(self, rng):
        self.rng, self.replicas, self.image, self.hashes = rng, rng.choice([1, 1, 2, 3]), 1, 1
        self.recreate = rng.random() < 0.25
        self.surge = rng.choice([None, "{maxSurge: 0, maxUnavailable: 1}", "{maxSurge: 1, maxUnavailable: 0}",
                                 '{maxSurge: "50%", maxUnavailable: "50%"}'])
        self.images = {1}

    def manifest(self):
        strategy = ""
        if self.recreate:
            strategy = "  strategy: {type: Recreate}\n"
        elif self.surge:
            strategy = f"  strategy: {{type: RollingUpdate, rollingUpdate: {self.surge}}}\n"
        return ("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: api}\nspec:\n"
                f"  replicas: {self.replicas}\n{strategy}"
                "  selector: {matchLabels: {app: api}}\n  template:\n    metadata: {labels: {app: api}}\n    spec:\n"
                f"      containers: [{{name: main, image: \"registry.k8s.io/echo:1.{self.image}\"}}]")

    def create(self, scenario):
        scenario.kubectl("apply -f -", self.manifest(), True)

    def step(self, scenario):
        rng = self.rng
        what = rng.choices(["event", "update", "scale", "undo", "pause", "delete", "history"], [10, 5, 4, 2, 2, 2, 1])[0]
        pod = f"api-{{hash-{rng.randint(1, self.hashes)}}}-{{1}}"
        if what == "event":
            events = ["ready", "ready", "ready", "running", "terminated", "terminated", "unready", "failed", "crash"]
            scenario.add(f'- kubelet: {{pod: "{pod}", event: {rng.choice(events)}}}', True)
        elif what == "update":
            self.image = rng.choice([1, 2, 3])
            if self.image not in self.images:
                self.images.add(self.image)
                self.hashes += 1
            scenario.kubectl(f"set image deploy/api main=registry.k8s.io/echo:1.{self.image}", unordered=True)
        elif what == "scale":
            self.replicas = rng.choice([0, 1, 2, 3])
            scenario.kubectl(f"scale deploy api --replicas={self.replicas}", unordered=True)
        elif what == "undo":
            scenario.kubectl("rollout undo deploy/api", unordered=True)
        elif what == "pause":
            scenario.kubectl(f"rollout {rng.choice(['pause', 'resume', 'resume'])} deploy/api", unordered=True)
        elif what == "delete":
            scenario.kubectl(f"delete pod {pod} --wait=false", unordered=True)
        else:
            scenario.kubectl(rng.choice(["rollout history deploy/api", "get rs", "get deploy,rs,pods"]))


class DaemonSet:
    """A DaemonSet on one node; its Pods are numbered by creation, and the model counts along."""

    def __init__(self, rng):
        self.rng, self.count, self.image = rng, 1, 1
        self.strategy = rng.choice(["", "  updateStrategy: {type: OnDelete}\n",
                                    "  updateStrategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}\n"])

    def manifest(self):
        return ("apiVersion: apps/v1\nkind: DaemonSet\nmetadata: {name: agent}\nspec:\n" + self.strategy +
                "  selector: {matchLabels: {app: agent}}\n  template:\n    metadata: {labels: {app: agent}}\n"
                f"    spec:\n      containers: [{{name: main, image: \"registry.k8s.io/agent:1.{self.image}\"}}]")

    def create(self, scenario):
        scenario.kubectl("apply -f -", self.manifest(), scenario.auto)

    def step(self, scenario):
        rng = self.rng
        pod = f"agent-{{{rng.choice([self.count, max(1, self.count - 1)])}}}"
        what = rng.choices(["event", "update", "undo", "delete", "set", "history"], [10, 4, 2, 3, 1, 1])[0]
        if what == "event":
            event = rng.choice(["ready", "ready", "ready", "terminated", "terminated", "unready", "failed", "crash"])
            if event in ("terminated", "failed"):
                self.count += 1
            scenario.add(f'- kubelet: {{pod: "{pod}", event: {event}}}', True)
        elif what == "update":
            self.image = rng.choice([1, 2, 3])
            scenario.kubectl(f"set image ds/agent main=registry.k8s.io/agent:1.{self.image}", unordered=True)
        elif what == "undo":
            scenario.kubectl("rollout undo ds/agent", unordered=True)
        elif what == "delete":
            scenario.kubectl(f"delete pod {pod} --wait=false", unordered=True)
        elif what == "set":
            scenario.kubectl(f"delete ds agent{rng.choice(['', ' --cascade=orphan'])}", unordered=True)
            scenario.kubectl("apply -f -", self.manifest(), True)
            self.count += 1
        else:
            scenario.kubectl(rng.choice(["rollout history ds/agent", "get ds,pods"]))


FIRST_SEED = 2001  # scenarios with smaller ones were made by an earlier generator


def check(folder):
    changed = 0
    for file in sorted(folder.glob("seed-*.yaml")):
        seed = int(file.stem.removeprefix("seed-"))
        if seed >= FIRST_SEED and Scenario(seed).text() != file.read_text(encoding="utf-8"):
            print(f"{file}: generate.py {seed} makes another scenario")
            changed += 1
    return 1 if changed else 0


def main():
    args = sys.argv[1:]
    if args[:1] == ["--check"] and len(args) == 2:
        return check(pathlib.Path(args[1]))
    if not args or args[0] in ("-h", "--help"):
        print(__doc__.strip())
        return 0 if args else 2
    out = None
    if args[0] == "--out":
        out, args = pathlib.Path(args[1]), args[2:]
    for seed in args:
        text = Scenario(int(seed)).text()
        if out:
            (out / f"seed-{seed}.yaml").write_text(text, encoding="utf-8")
        else:
            print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
