#include <catch2/catch_test_macros.hpp>

#include "core/controllers/nodelifecycle_zones.hpp"
#include "core/node/disk.hpp"
#include "core/node/files.hpp"
#include "core/node/roles.hpp"

using api::Value;
namespace key = api::key;

TEST_CASE("one silent node every ten seconds is tainted in a zone") {
  controllers::TaintQueue queue;
  CHECK(queue.add("node-1"));
  CHECK_FALSE(queue.add("node-1"));
  queue.add("node-2");
  CHECK(queue.take(1000) == "node-1");
  CHECK(queue.take(1000).empty());
  CHECK(queue.nextDue(1000) == 11000);
  CHECK(queue.take(11000) == "node-2");
  queue.add("node-3");
  queue.swapLimiter(0, 12000);
  CHECK(queue.nextDue(12000) == INT64_MAX);
}

TEST_CASE("a zone is fully disrupted when no node of it is Ready") {
  using controllers::computeZoneState;
  using controllers::ZoneState;
  CHECK(computeZoneState(0, 1) == ZoneState::fullDisruption);
  CHECK(computeZoneState(1, 2) == ZoneState::normal);
  CHECK(computeZoneState(2, 3) == ZoneState::partialDisruption);
}

TEST_CASE("programs are known by their image; command and args say what runs instead") {
  CHECK(node::programOf("registry.k8s.io/nginx-slim:0.24").kind == node::Program::Kind::webServer);
  CHECK(node::programOf("mysql:5.7").dataDirectory == "/var/lib/mysql");
  CHECK_FALSE(node::programOf("example.com/odd@sha256:00").known);
  const auto role = [](std::string_view image, std::vector<Value> command, std::vector<Value> args = {}) {
    Value c = Value::object({{key::image, image}});
    if (!command.empty()) c.set(key::command, Value::array(std::move(command)));
    if (!args.empty()) c.set(key::args, Value::array(std::move(args)));
    return node::roleOf(api::as<api::Container>(c), {{"PORT", "81"}});
  };
  using Kind = node::Role::Kind;
  CHECK(role("nginx", {}).kind == Kind::server);
  CHECK(role("nginx", {"sleep", "60"}).kind == Kind::command);
  CHECK_FALSE(role("nginx", {"sleep", "60"}).serves);
  CHECK(role("nginx", {"sh", "-c", "echo hi > /tmp/x && exec nginx -g 'daemon off;'"}).serves);
  CHECK(role("mysql:8", {}, {"--max-connections=10"}).kind == Kind::server);
  CHECK(role("busybox", {"sh", "-c", "exit 3"}).argv.size() == 3);
  CHECK(role("busybox", {}, {"echo", "$(PORT)", "$$(PORT)"}).argv[1] == "81");
  CHECK(role("busybox", {}, {"echo", "$(PORT)", "$$(PORT)"}).argv[2] == "$(PORT)");
  CHECK(role("example.com/odd", {}).kind == Kind::idle);
}

TEST_CASE("a program listens on the port that its configuration or its command says") {
  const auto ports = [](std::string_view image, std::vector<Value> args, std::string_view configuration) {
    Value c = Value::object({{key::image, image}, {key::args, Value::array(std::move(args))}});
    const auto container = api::as<api::Container>(c);
    return node::portsOf(container, node::roleOf(container, {}), configuration);
  };
  CHECK(ports("nginx", {}, "") == std::vector<int>{80});
  CHECK(ports("nginx", {}, "server {\n  listen 8080;\n}") == std::vector<int>{8080});
  CHECK(ports("nginx", {}, "listen [::]:8081 default_server;") == std::vector<int>{8081});
  CHECK(ports("agnhost", {"netexec", "--http-port=9090"}, "") == std::vector<int>{9090});
  CHECK(ports("busybox", {"httpd", "-f", "-p", "8000"}, "") == std::vector<int>{8000});
  CHECK(ports("busybox", {"sleep", "60"}, "").empty());
}

TEST_CASE("images that are not there are known by their names") {
  CHECK(node::isMissingImage("nginx:1.161"));
  CHECK_FALSE(node::isMissingImage("nginx:1.16.1"));
  CHECK(node::isMissingImage("example.com/does-not-exist:1"));
  CHECK_FALSE(node::isMissingImage("example.com/app:1"));
  CHECK(node::parseImageName("nginx").repository == "docker.io/library/nginx");
  CHECK(node::parseImageName("me/app:2").repository == "docker.io/me/app");
  CHECK(node::parseImageName("localhost:5000/app:2").tag == ":2");
  CHECK_FALSE(node::parseImageName("Nginx").valid);
  CHECK_FALSE(node::parseImageName("nginx:").valid);
}

namespace {
/// One container with a claim's volume, an emptyDir, a ConfigMap and its image's files.
struct Machine {
  store::Store store;
  store::Facts facts;
  api::Pod pod;
  api::Container container;
  Machine() {
    const auto mount = [](std::string_view name, std::string_view path, std::string_view subPath = "") {
      Value m = Value::object({{key::name, name}, {key::mountPath, path}});
      if (!subPath.empty()) m.set(key::subPath, subPath);
      return m;
    };
    Value c = Value::object({{key::name, "nginx"}, {key::image, "nginx:1.27"}});
    c.set(key::volumeMounts, Value::array({mount("www", "/usr/share/nginx/html"), mount("tmp", "/cache"),
                                           mount("conf", "/etc/app"), mount("conf", "/etc/one.txt", "one.txt")}));
    Value p;
    p.set({key::metadata, key::uid}, "u-1");
    p.set({key::metadata, key::name}, "web-0");
    p.set({key::metadata, key::namespace_}, "default");
    Value www = Value::object({{key::name, "www"}}), tmp = Value::object({{key::name, "tmp"}}),
          conf = Value::object({{key::name, "conf"}});
    www.set({key::persistentVolumeClaim, key::claimName}, "www-web-0");
    tmp.set(key::emptyDir, Value::object({}));
    conf.set({key::configMap, key::name}, "settings");
    p.set({key::spec, key::volumes}, Value::array({www, tmp, conf}));
    pod = api::as<api::Pod>(p);
    container = api::as<api::Container>(c);
    Value claim;
    claim.set({key::metadata, key::name}, "www-web-0");
    claim.set({key::metadata, key::namespace_}, "default");
    claim.set({key::spec, key::volumeName}, "pv-1");
    store.put(api::Resource::persistentvolumeclaims, claim);
    Value pv;
    pv.set({key::metadata, key::name}, "pv-1");
    pv.set({key::spec, key::capacity, key::storage}, "100");
    store.put(api::Resource::persistentvolumes, pv);
    Value map;
    map.set({key::metadata, key::name}, "settings");
    map.set({key::metadata, key::namespace_}, "default");
    map.set({key::data, api::Key("one.txt")}, "1");
    map.set({key::data, api::Key("two.txt")}, "2");
    store.put(api::Resource::configmaps, map);
  }
  node::Files files() const { return {pod, container, decision::View(store.objects()), facts}; }
  void keep(node::Files& f) {
    for (auto& c : f.takeChanges()) facts.apply({c.fact, facts.get(c.fact), c.after});
  }
};

std::string text(const node::Files& f, std::string_view path) {
  std::string out;
  const auto e = f.read(path, out);
  return e == shell::Errno::ok ? out : "(" + std::string(path) + ")";
}
std::string names(const node::Files& f, std::string_view path) {
  std::vector<std::string> list;
  std::string out;
  if (f.list(path, list) != shell::Errno::ok) return "-";
  for (const std::string& n : list) out += n + " ";
  return out;
}
}  // namespace

TEST_CASE("a path lies on the volume that is mounted nearest above it") {
  Machine m;
  node::Files f = m.files();
  using shell::Errno;
  CHECK(f.write("/usr/share/nginx/html/index.html", "hi", false) == Errno::ok);
  CHECK(f.write("/cache/a", "x", false) == Errno::ok);
  CHECK(f.write("/opt/note", "y", false) == Errno::ok);
  m.keep(f);
  CHECK(m.facts.get("disk/pv-1").get({api::Key("files"), api::Key("/index.html")}) == Value("hi"));
  CHECK(m.facts.get("emptydir/u-1/tmp").get({api::Key("files"), api::Key("/a")}) == Value("x"));
  CHECK(m.facts.get("container/u-1/nginx").get({api::Key("files"), api::Key("/opt/note")}) == Value("y"));
  const node::Files g = m.files();
  CHECK(text(g, "/usr/share/nginx/html/index.html") == "hi");
  CHECK(names(g, "/usr/share/nginx/html") == "index.html ");
  CHECK(text(g, "/etc/app/two.txt") == "2");
  CHECK(names(g, "/etc/app") == "one.txt two.txt ");
  CHECK(text(g, "/etc/one.txt") == "1");
  CHECK(text(g, "/etc/hostname") == "web-0\n");
  CHECK(names(g, "/nowhere") == "-");
}

TEST_CASE("an image's files can be changed and removed, in the container's layer alone") {
  Machine m;
  node::Files f = m.files();
  using shell::Errno;
  CHECK(names(f, "/etc/nginx/conf.d") == "default.conf ");
  CHECK(f.remove("/etc/nginx/conf.d/default.conf") == Errno::ok);
  CHECK(names(f, "/etc/nginx/conf.d") == "");
  CHECK(f.remove("/etc/nginx") == Errno::notEmpty);
  CHECK(f.write("/etc/nginx/conf.d/default.conf/x", "", false) == Errno::noEntry);
  CHECK(f.makeDirectory("/data") == Errno::ok);
  CHECK(f.makeDirectory("/data") == Errno::exists);
  CHECK(f.write("/data/a/b", "1", false) == Errno::noEntry);
  CHECK(f.write("/data", "1", false) == Errno::isDirectory);
  CHECK(f.write("/data/a", "1", true) == Errno::ok);
  CHECK(f.write("/data/a", "2", true) == Errno::ok);
  CHECK(text(f, "/data/a") == "12");
  CHECK(f.write("/etc/app/one.txt", "3", false) == Errno::readOnly);
  CHECK(f.remove("/etc/app/one.txt") == Errno::readOnly);
  m.keep(f);
  CHECK(m.facts.all().size() == 1);
  CHECK(text(m.files(), "/data/a") == "12");
}

TEST_CASE("a volume has no more space than its capacity says") {
  Machine m;
  node::Files f = m.files();
  using shell::Errno;
  const std::string www = "/usr/share/nginx/html/";
  CHECK(f.write(www + "a", std::string(90, 'a'), false) == Errno::ok);
  CHECK(f.write(www + "b", std::string(20, 'b'), false) == Errno::noSpace);
  CHECK(f.writeZeros(www + "b", 5) == Errno::ok);
  CHECK(f.write(www + "a", "less", false) == Errno::ok);
  CHECK(f.writeZeros(www + "b", 90) == Errno::ok);
  CHECK(f.writeZeros("/cache/big", int64_t(1) << 40) == Errno::ok);
  m.keep(f);
  Value fact = m.facts.get("disk/pv-1");
  fact.set(api::Key("full"), true);
  m.facts.apply({"disk/pv-1", Value(), fact});
  node::Files g = m.files();
  CHECK(g.write(www + "c", "1", false) == Errno::noSpace);
  CHECK(g.write(www + "a", "", false) == Errno::ok);
}

TEST_CASE("records are the lines that clients wrote, not what describes them") {
  const Value fact = Value::object({{api::Key("files"), Value::object({{api::Key("/t/messages"), "a\nb\n"},
                                                                       {api::Key("/t/messages.frm"), "message\n"},
                                                                       {api::Key("/t/empty"), true},
                                                                       {api::Key("/zeros"), Value::object({})}})}});
  CHECK(node::countRecords(fact) == 2);
  CHECK(node::recordsOf(fact) == std::vector<std::string>{"a", "b"});
}
