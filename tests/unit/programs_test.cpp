// What runs in containers: scripts on the virtual clock, servers, probes, hooks, configuration, the ways to fail.
#include "tests/unit/node_fixture.hpp"

using namespace fixture;

namespace {
Value words(std::initializer_list<std::string_view> list) {
  std::vector<Value> out;
  for (std::string_view w : list) out.emplace_back(w);
  return Value::array(std::move(out));
}
Value script(std::string_view text) {
  return Value::object({{key::image, "busybox"}, {key::command, words({"sh", "-c", text})}});
}
Value named(std::string_view kind, std::string_view name) {
  Value v = Value::object({{key::apiVersion, "v1"}, {key::kind, kind}});
  v.set({key::metadata, key::name}, name);
  v.set({key::metadata, key::namespace_}, "default");
  return v;
}
Value configMap(std::string_view name, std::string_view member, std::string_view text) {
  Value v = named("ConfigMap", name);
  v.set({key::data, Key(member)}, text);
  return v;
}
Value volume(std::string_view name, Key type, Value source) {
  return Value::object({{key::name, name}, {type, std::move(source)}});
}
Value mount(std::string_view name, std::string_view path) {
  return Value::object({{key::name, name}, {key::mountPath, path}});
}
}  // namespace

TEST_CASE("a script runs on the virtual clock and speaks to its log") {
  Fixture f;
  f.create(podNamed("loop", script("i=0; while true; do i=$((i+1)); echo line $i; sleep 5; done")));
  f.run(13000);
  CHECK(f.phase("loop") == "Running");
  CHECK(f.logs("loop") == "line 1\nline 2\nline 3\n");
  f.run(5000);
  CHECK(f.logs("loop") == "line 1\nline 2\nline 3\nline 4\n");
  Value tail = Value::object({{Key("tailLines"), 1}});
  CHECK(f.connect("loop", "log", tail).text == "line 4\n");
  Value since = Value::object({{Key("sinceSeconds"), 7}, {Key("timestamps"), true}});
  CHECK(f.connect("loop", "log", since).text.substr(0, 4) == "2027");
  // A copy of the cluster goes on by itself.
  sim::Cluster copy = f.cluster;
  f.run(5000);
  CHECK(f.logs("loop").size() > 28);
  CHECK(copy.now() + 5000 == f.cluster.now());
}

TEST_CASE("scripts end, fail and are restarted with their own exit codes") {
  Fixture f;
  Value pod = podNamed("job", script("echo done; exit 3"));
  pod.set({key::spec, key::restartPolicy}, "Never");
  f.create(pod);
  f.create(podNamed("again", script("echo try; exit 1")));
  f.run(8000);
  CHECK(f.phase("job") == "Failed");
  CHECK(f.container("job").get({key::state, key::terminated, key::exitCode}) == Value(3));
  CHECK(f.logs("job") == "done\n");
  CHECK(f.restarts("again") >= 1);
  CHECK(f.waitingReason("again") == "CrashLoopBackOff");
  CHECK(f.logs("again") == "try\n");
  CHECK(f.connect("again", "log", Value::object({{Key("previous"), true}})).ok());
}

TEST_CASE("what a container writes outside a volume is gone when it restarts; an emptyDir stays until the pod goes") {
  Fixture f;
  Value c = Value::object({{key::volumeMounts, Value::array({mount("cache", "/cache")})}});
  Value pod = podNamed("web", c);
  pod.set({key::spec, key::volumes}, Value::array({volume("cache", key::emptyDir, Value::object({}))}));
  f.create(pod);
  f.run(5000);
  CHECK(f.exec("web", "echo a > /opt/note; echo b > /cache/note; cat /opt/note /cache/note") == "a\nb\n");
  f.input({{"type", "containerCrash"}, {"pod", "web"}});
  f.run(5000);
  CHECK(f.restarts("web") == 1);
  CHECK(f.exec("web", "cat /opt/note; cat /cache/note").find("b\n") != std::string::npos);
  CHECK(f.exec("web", "cat /opt/note").find("No such file") != std::string::npos);
  f.remove("web");
  f.run(5000);
  for (const auto& [name, fact] : f.cluster.facts().all()) CHECK(name.find("emptydir/") == std::string::npos);
}

TEST_CASE("a deleted index.html fails the readiness probe of a web server; a new one mends it") {
  Fixture f;
  Value probe;
  probe.set({key::httpGet, key::port}, 80);
  probe.set({key::httpGet, key::path}, "/index.html");
  probe.set(key::periodSeconds, 2);
  f.create(podNamed("web", Value::object({{key::readinessProbe, probe}})));
  f.run(6000);
  REQUIRE(f.ready("web"));
  f.exec("web", "rm /usr/share/nginx/html/index.html");
  f.run(8000);
  CHECK_FALSE(f.ready("web"));
  CHECK(f.message("Unhealthy") == "Readiness probe failed: HTTP probe failed with statuscode: 404");
  f.exec("web", "echo hi > /usr/share/nginx/html/index.html");
  f.run(4000);
  CHECK(f.ready("web"));
  CHECK(f.logs("web").find("\"GET /index.html HTTP/1.1\" 404") != std::string::npos);
}

TEST_CASE("a liveness probe by exec restarts the container that stops being healthy") {
  Fixture f;
  Value c = script("touch /tmp/healthy; sleep 10; rm -f /tmp/healthy; sleep 600"), probe;
  probe.set({key::exec, key::command}, words({"cat", "/tmp/healthy"}));
  probe.set(key::periodSeconds, 5);
  c.set(key::livenessProbe, probe);
  Value pod = podNamed("live", c);
  pod.set({key::spec, key::terminationGracePeriodSeconds}, 3);
  f.create(pod);
  f.run(14000);
  CHECK(f.restarts("live") == 0);
  f.run(25000);
  CHECK(f.restarts("live") == 1);
  CHECK(f.message("Killing") == "Container main failed liveness probe, will be restarted");
  CHECK(f.message("Unhealthy").find("can't open '/tmp/healthy'") != std::string::npos);
  CHECK(f.container("live").get({key::lastState, key::terminated, key::exitCode}) == Value(137));
}

TEST_CASE("a startup probe holds the others back, and kills what never starts") {
  Fixture f;
  Value c = Value::object({}), startup, liveness;
  startup.set({key::tcpSocket, key::port}, 81);
  startup.set(key::periodSeconds, 1);
  startup.set(key::failureThreshold, 3);
  liveness.set({key::tcpSocket, key::port}, 81);
  c.set(key::startupProbe, startup);
  c.set(key::livenessProbe, liveness);
  f.create(podNamed("web", c));
  f.run(4000);
  CHECK(f.container("web")[key::started] == Value(false));
  f.run(6000);
  CHECK(f.restarts("web") >= 1);
  CHECK(f.message("Unhealthy").find("connect: connection refused") != std::string::npos);
}

TEST_CASE("environment: values, fields, ConfigMaps, Services; what is missing keeps the container from its creation") {
  Fixture f;
  Value c = script("echo $A $B $C; sleep 100");
  Value a = Value::object({{key::name, "A"}, {key::value, "x-$(KUBERNETES_SERVICE_PORT)"}});
  Value b = Value::object({{key::name, "B"}});
  b.set({key::valueFrom, key::fieldRef, key::fieldPath}, "metadata.name");
  Value d = Value::object({{key::name, "C"}});
  d.set({key::valueFrom, key::configMapKeyRef, key::name}, "settings");
  d.set({key::valueFrom, key::configMapKeyRef, key::key}, "colour");
  c.set(key::env, Value::array({a, b, d}));
  f.create(podNamed("env", c));
  f.run(5000);
  CHECK(f.waitingReason("env") == "CreateContainerConfigError");
  CHECK(f.message("Failed") == "Error: configmap \"settings\" not found");
  f.createAs(Resource::configmaps, configMap("settings", "other", "1"));
  f.run(15000);
  CHECK(f.message("Failed") == "Error: couldn't find key colour in ConfigMap default/settings");
  f.createAs(Resource::configmaps, configMap("settings2", "colour", "blue"));
  apiserver::Request patch;
  patch.verb = apiserver::Verb::patch;
  patch.patchType = apiserver::PatchType::merge;
  patch.resource = Resource::configmaps;
  patch.namespace_ = "default";
  patch.name = "settings";
  patch.body.set({key::data, Key("colour")}, "blue");
  REQUIRE(f.cluster.request(patch).ok());
  f.run(15000);
  CHECK(f.logs("env") == "x-443 env blue\n");
  CHECK(f.restarts("env") == 0);
}

TEST_CASE("a volume whose ConfigMap is missing is not mounted until it is there") {
  Fixture f;
  Value pod = podNamed("web", Value::object({{key::volumeMounts, Value::array({mount("c", "/etc/app")})}}));
  Value source = Value::object({{key::name, "settings"}});
  pod.set({key::spec, key::volumes}, Value::array({volume("c", key::configMap, source)}));
  f.create(pod);
  f.run(3000);
  CHECK(f.waitingReason("web") == "ContainerCreating");
  CHECK(f.message("FailedMount") == "MountVolume.SetUp failed for volume \"c\" : configmap \"settings\" not found");
  f.createAs(Resource::configmaps, configMap("settings", "a", "1"));
  f.run(10000);
  CHECK(f.exec("web", "cat /etc/app/a; echo 2 > /etc/app/a").find("1") == 0);
  CHECK(f.exec("web", "echo 2 > /etc/app/a").find("Read-only file system") != std::string::npos);
}

TEST_CASE("images that are not there and commands that are not in them") {
  Fixture f;
  f.create(podNamed("image", Value::object({{key::image, "nginx:1.161"}})));
  f.create(podNamed("command", Value::object({{key::command, words({"nonsense"})}})));
  f.run(1000);
  CHECK(f.waitingReason("image") == "ErrImagePull");
  f.run(1500);
  CHECK(f.waitingReason("image") == "ImagePullBackOff");
  CHECK(f.waitingReason("command") == "RunContainerError");
  CHECK(f.container("command").get({key::lastState, key::terminated, key::reason}) == Value("StartError"));
  f.run(10000);
  CHECK(f.waitingReason("command") == "CrashLoopBackOff");
  CHECK(f.connect("image", "log", Value::object({})).message() ==
        "container \"main\" in pod \"image\" is waiting to start: trying and failing to pull image");
}

TEST_CASE("hooks: postStart that fails restarts the container; preStop counts against the grace period") {
  Fixture f;
  Value c = Value::object({});
  c.set({key::lifecycle, key::postStart, key::exec, key::command}, words({"sh", "-c", "exit 1"}));
  Value bad = podNamed("bad", c);
  f.create(bad);
  Value d = Value::object({});
  d.set({key::lifecycle, key::preStop, key::exec, key::command}, words({"sh", "-c", "sleep 6"}));
  f.create(podNamed("slow", d));
  f.run(8000);
  CHECK(f.message("FailedPostStartHook") == "PostStartHook failed");
  CHECK(f.restarts("bad") >= 1);
  f.remove("slow");
  f.run(5000);
  CHECK(f.phase("slow") == "Running");
  f.run(3000);
  CHECK(f.phase("slow") == "gone");
}

TEST_CASE("init containers run one after the other; one that fails holds the pod back; a sidecar stays") {
  Fixture f;
  Value pod = podNamed("web", Value::object({}));
  Value first = script("echo 1 > /shared/a; sleep 2"), second = script("cat /shared/a"), side = script("sleep 1000");
  first.set(key::volumeMounts, Value::array({mount("work", "/shared")}));
  second.set(key::volumeMounts, Value::array({mount("work", "/shared")}));
  first.set(key::name, "first");
  second.set(key::name, "second");
  side.set(key::name, "side");
  side.set(key::restartPolicy, "Always");
  pod.set({key::spec, key::initContainers}, Value::array({first, side, second}));
  pod.set({key::spec, key::volumes}, Value::array({volume("work", key::emptyDir, Value::object({}))}));
  f.create(pod);
  f.run(3000);
  CHECK(f.phase("web") == "Pending");
  f.run(4000);
  CHECK(f.phase("web") == "Running");
  CHECK(f.connect("web", "log", Value::object({{Key("container"), "second"}})).text == "1\n");
  Value bad = podNamed("bad", Value::object({}));
  Value fails = script("exit 1");
  fails.set(key::name, "fails");
  bad.set({key::spec, key::initContainers}, Value::array({fails}));
  f.create(bad);
  f.run(6000);
  CHECK(f.phase("bad") == "Pending");
  CHECK(f.waitingReason("bad") == "PodInitializing");
  CHECK(f.pod("bad").get({key::status, key::initContainerStatuses})[size_t(0)][key::restartCount].asInt() >= 1);
}

TEST_CASE("exec: kill 1 ends a server, not a shell; sessions go on in the cluster's time and end with the container") {
  Fixture f;
  f.create(podNamed("web", Value::object({})));
  f.run(5000);
  Value options;
  options.set(Key("command"), words({"sh", "-c", "echo a; sleep 3; echo b"}));
  const auto r = f.connect("web", "exec", options);
  CHECK(r.body[Key("stdout")] == Value("a\n"));
  CHECK(r.body[Key("exitCode")].isNull());
  f.run(3500);
  Value on = Value::object({{Key("session"), r.body[Key("session")]}});
  const auto later = f.connect("web", "exec", on);
  CHECK(later.body[Key("stdout")] == Value("b\n"));
  CHECK(later.body[Key("exitCode")] == Value(0));
  options.set(Key("command"), words({"sleep", "100"}));
  const auto sleeping = f.connect("web", "exec", options);
  f.exec("web", "kill 1");
  f.run(5000);
  CHECK(f.restarts("web") == 1);
  CHECK(f.connect("web", "exec", Value::object({{Key("session"), sleeping.body[Key("session")]}}))
            .body[Key("exitCode")] == Value(137));
  options.set(Key("command"), words({"nonsense"}));
  CHECK(f.connect("web", "exec", options).message().find("executable file not found in $PATH") != std::string::npos);
  options.set(Key("container"), "other");
  CHECK(f.connect("web", "exec", options).message() == "container other is not valid for pod web");
  CHECK(f.connect("nobody", "exec", options).message() == "pods \"nobody\" not found");
}

TEST_CASE("an interactive shell waits for what is typed") {
  Fixture f;
  f.create(podNamed("web", Value::object({})));
  f.run(5000);
  Value options = Value::object({{Key("stdin"), true}, {Key("tty"), true}, {Key("command"), words({"sh"})}});
  const auto r = f.connect("web", "exec", options);
  CHECK(r.body[Key("reads")] == Value(true));
  Value typed = Value::object({{Key("session"), r.body[Key("session")]}, {Key("input"), "hostname\n"}});
  CHECK(f.connect("web", "exec", typed).body[Key("stdout")].asString().find("web") != std::string_view::npos);
  typed.set(Key("input"), "exit 4\n");
  CHECK(f.connect("web", "exec", typed).body[Key("exitCode")] == Value(4));
}

TEST_CASE("containers reach each other by name, through Services in turn, or not at all") {
  Fixture f;
  for (std::string_view name : {"web-0", "web-1"}) {
    Value pod = podNamed(name, Value::object({}));
    pod.set({key::metadata, key::labels, Key("app")}, "web");
    f.create(pod);
  }
  f.create(podNamed("client", script("sleep 10000")));
  Value service = named("Service", "web");
  service.set({key::spec, key::selector, Key("app")}, "web");
  service.set({key::spec, key::ports}, Value::array({Value::object({{key::port, 8080}, {key::targetPort, 80}})}));
  f.createAs(Resource::services, service);
  f.run(8000);
  for (std::string_view name : {"web-0", "web-1"}) f.exec(name, "hostname > /usr/share/nginx/html/index.html");
  const std::string one = f.exec("client", "wget -qO- http://web:8080/"),
                    two = f.exec("client", "wget -qO- http://web:8080/");
  CHECK(one != two);
  CHECK((one == "web-0\n" || one == "web-1\n"));
  CHECK(f.exec("client", "wget -qO- http://web:8080/") == one);
  const std::string ip(f.pod("web-0").get({key::status, key::podIP}).asString());
  CHECK(f.exec("client", "wget -qO- http://" + ip + "/") == "web-0\n");
  CHECK(f.exec("client", "wget -qO- http://" + ip + ":81/").find("refused") != std::string::npos);
  CHECK(f.exec("client", "wget -qO- http://nobody/").find("bad address") != std::string::npos);
  CHECK(f.logs("web-0").find("\"GET / HTTP/1.1\" 200 6") != std::string::npos);
}

TEST_CASE("a hanging program answers nobody until the fault is taken back; out of memory kills it") {
  Fixture f;
  Value probe;
  probe.set({key::httpGet, key::port}, 80);
  probe.set(key::periodSeconds, 2);
  f.create(podNamed("web", Value::object({{key::readinessProbe, probe}})));
  f.run(6000);
  CHECK(f.input({{"type", "containerHang"}, {"pod", "web"}}) == "");
  f.run(8000);
  CHECK_FALSE(f.ready("web"));
  CHECK(f.message("Unhealthy").find("context deadline exceeded") != std::string::npos);
  f.input({{"type", "containerHang"}, {"pod", "web"}, {"on", false}});
  f.run(4000);
  CHECK(f.ready("web"));
  CHECK(f.input({{"type", "outOfMemory"}, {"pod", "web"}}) == "");
  f.run(3000);
  CHECK(f.container("web").get({key::lastState, key::terminated, key::reason}) == Value("OOMKilled"));
  CHECK(f.input({{"type", "probe"}, {"pod", "web"}, {"probe", "odd"}}) != "");
}

TEST_CASE("a hung container that its liveness probe restarts is a new process that answers") {
  Fixture f;
  Value probe;
  probe.set({key::httpGet, key::port}, 80);
  probe.set(key::periodSeconds, 2);
  f.create(podNamed("web", Value::object({{key::livenessProbe, probe}})));
  f.run(6000);
  CHECK(f.input({{"type", "containerHang"}, {"pod", "web"}, {"container", "other"}}) ==
        "container other is not valid for pod web");
  CHECK(f.input({{"type", "containerHang"}, {"pod", "web"}}) == "");
  f.run(10000);
  CHECK(f.restarts("web") == 0);  // it does not hear SIGTERM either: the grace period runs
  f.run(40000);
  CHECK(f.restarts("web") == 1);
  CHECK(f.container("web").get({key::lastState, key::terminated, key::exitCode}) == Value(137));
  f.run(120000);
  CHECK(f.restarts("web") == 1);
  CHECK(f.ready("web"));
}

TEST_CASE("hostile scripts and requests cost little and break nothing") {
  Fixture f;
  f.create(podNamed("spin", script("while true; do x=1; done")));
  f.create(podNamed("fork", script("f() { f; f; }; f")));
  f.create(podNamed("big", script("x=a; while true; do x=$x$x; done")));
  f.create(podNamed("fill", script("while true; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa >> /tmp/x; done")));
  f.create(podNamed("odd", script("((((( ${ `' | && ;; done <<")));
  f.create(podNamed("web", Value::object({})));
  f.run(20000);
  for (std::string_view name : {"spin", "big", "fill"}) CHECK(f.phase(name) != "gone");
  for (Value options : {Value(), Value(1), Value::object({{Key("command"), Value(3)}}),
                        Value::object({{Key("command"), Value::array({Value(), Value(1)})}}),
                        Value::object({{Key("session"), "99"}}), Value::object({{Key("session"), Value(2)}})}) {
    CHECK_FALSE(f.connect("web", "exec", options).ok());
    f.connect("web", "attach", options);
    f.connect("web", "portforward", options);
    f.connect("web", "log", options);
  }
  Value options = Value::object({{Key("tailLines"), -5}, {Key("sinceTime"), "never"}, {Key("position"), -3}});
  CHECK(f.connect("web", "log", options).ok());
}
