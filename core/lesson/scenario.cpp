#include "core/lesson/scenario.hpp"

#include <algorithm>

#include "core/apiserver/connect.hpp"
#include "core/kubectl/kubectl.hpp"
#include "core/manifest/manifest.hpp"
#include "core/sim/connect.hpp"
#include "core/sim/replay.hpp"

namespace lesson {
using api::Key;

namespace {
constexpr api::Millis kubectlLimit = 30000;

std::string text(const Value& v, std::string_view name) {
  const Value* found = v.find(name);
  return found ? std::string(found->asString()) : std::string();
}

std::string place(const manifest::Document& doc, const std::string& path) {
  return "line " + std::to_string(doc.places.find(path).line) + ": " + path;
}

std::string parseCluster(const Value& cluster, sim::Setup& setup) {
  setup.nodes = 1;
  setup.kubelet = sim::Setup::Kubelet::manual;
  setup.recordingTimes = true;
  if (const Value* nodes = cluster.find("nodes")) setup.nodes = int(nodes->asInt());
  if (setup.nodes < 0 || setup.nodes > 1000) return ".nodes: must be from 0 to 1000";
  const std::string kubelet = text(cluster, "kubelet"), provisioner = text(cluster, "provisioner");
  if (kubelet == "auto") setup.kubelet = sim::Setup::Kubelet::automatic;
  if (kubelet == "real") setup.kubelet = sim::Setup::Kubelet::real, setup.recordingTimes = false;
  if (!kubelet.empty() && kubelet != "auto" && kubelet != "manual" && kubelet != "real")
    return ".kubelet: must be manual, auto or real";
  if (!provisioner.empty() && provisioner != "auto" && provisioner != "manual")
    return ".provisioner: must be auto or manual";
  setup.provisioner = provisioner != "manual";
  const std::string version = text(cluster, "version");
  if (!version.empty() && !sim::findVersion(version, setup.version))
    return ".version: must be 1.35.0, 1.35.4, 1.36 or 1.37";
  return "";
}

Value inputOf(std::string_view type, Value what) {
  if (what.kind() == api::Kind::String) {
    Value named;
    named.set(Key("claim"), what);
    what = named;
  }
  what.set(api::key::type, type);
  return what;
}

std::string parseStep(const Value& v, Step& step) {
  step.unordered = v.find("unordered") && v.find("unordered")->asBool();
  if (const Value* line = v.find("kubectl")) {
    step.line = line->asString();
    step.input = text(v, "stdin");
    return "";
  }
  if (const Value* r = v.find("request")) {
    step.kind = Step::Kind::request;
    step.request = {text(*r, "method"), text(*r, "path"), "", text(*r, "contentType"), text(*r, "accept"), "oracle"};
    if (step.request.contentType.empty()) step.request.contentType = "application/json";
    if (const Value* body = r->find("body")) step.request.body = api::toJson(*body);
    return step.request.path.empty() ? ".request: needs a method and a path" : "";
  }
  if (const Value* seconds = v.find("wait")) {
    step.kind = Step::Kind::wait;
    step.seconds = int(seconds->asInt());
    return "";
  }
  for (std::string_view type : {"kubelet", "node", "provision", "fault"}) {
    const Value* what = v.find(type);
    if (!what) continue;
    step.kind = Step::Kind::input;
    step.what = type == "fault" ? *what : inputOf(type, *what);
    return "";
  }
  return ": must have one of kubectl, request, kubelet, node, provision, wait, fault";
}

std::string parseSteps(const manifest::Document& doc, const Value& list, const std::string& path,
                       std::vector<Step>& out) {
  for (size_t i = 0; i < list.size(); ++i) {
    Step step;
    if (std::string e = parseStep(list[i], step); !e.empty())
      return place(doc, path + "[" + std::to_string(i) + "]") + e;
    out.push_back(std::move(step));
  }
  return "";
}

std::string parseExplore(const manifest::Document& doc, const Value& v, Scenario::Explore& out) {
  for (const Value& actor : v[Key("lag")].values()) out.lagging.emplace_back(actor.asString());
  if (const Value* n = v.find("lags")) out.lags = int(n->asInt());
  if (const Value* n = v.find("seconds")) out.seconds = int(n->asInt());
  if (const Value* n = v.find("runs")) out.runs = n->asInt();
  out.slow = v[Key("slow")].asBool();
  return parseSteps(doc, v[Key("moves")], "explore.moves", out.moves);
}
}  // namespace

bool Step::reads() const {
  if (kind == Kind::request) return request.method == "GET";
  if (kind != Kind::kubectl) return false;
  const size_t space = line.find(' ');
  const std::string first = line.substr(0, space);
  for (std::string_view r : {"get", "describe", "explain", "api-resources", "api-versions"}) {
    if (first == r) return true;
  }
  if (first != "rollout" || space == line.npos) return false;
  const size_t at = line.find_first_not_of(' ', space);
  return at != line.npos && (line.compare(at, 7, "history") == 0 || line.compare(at, 6, "status") == 0);
}

std::string Step::title() const {
  switch (kind) {
    case Kind::kubectl: return "kubectl " + line;
    case Kind::request: return request.method + " " + request.path;
    case Kind::wait: return "wait " + std::to_string(seconds) + " s";
    case Kind::input: return api::toJson(what);
  }
  return "";
}

std::string parseScenario(std::string_view yaml, Scenario& out) {
  const manifest::Parsed parsed = manifest::parseYaml(yaml);
  if (!parsed.errors.empty())
    return "line " + std::to_string(parsed.errors[0].place.line) + ": " + parsed.errors[0].message;
  if (parsed.documents.size() != 1) return "a scenario is one YAML document";
  const manifest::Document& doc = parsed.documents[0];
  out.name = text(doc.value, "name");
  out.summary = text(doc.value, "summary");
  const Value* cluster = doc.value.find("cluster");
  if (std::string e = parseCluster(cluster ? *cluster : Value(), out.setup); !e.empty())
    return place(doc, "cluster") + e;
  const Value *steps = doc.value.find("steps"), *explore = doc.value.find("explore");
  if (!steps || steps->kind() != api::Kind::Array) return "a scenario has a list of steps";
  if (std::string e = parseSteps(doc, *steps, "steps", out.steps); !e.empty()) return e;
  return explore ? parseExplore(doc, *explore, out.explore) : "";
}

namespace {
/// A cluster as kubectl sees it, for a command that is killed after a while.
class ClusterHost final : public kubectl::Host {
 public:
  ClusterHost(sim::Cluster& cluster, Manifests* known)
      : cluster_(cluster), known_(known), killedAt_(cluster.now() + kubectlLimit) {}
  apiserver::Response send(apiserver::Request r) override {
    if (apiserver::isLog(r)) return sim::readLog(cluster_, r);
    return r.verb <= apiserver::Verb::watch ? cluster_.read(r) : cluster_.request(std::move(r));
  }
  apiserver::Response sendRaw(const apiserver::HttpRequest& r) override {
    return r.method == "GET" ? cluster_.read(r) : cluster_.request(r);
  }
  api::Millis now() const override { return cluster_.now(); }
  bool advance(api::Millis deadline) override {
    const api::Millis until = std::min(deadline, killedAt_);
    if (cluster_.step(until)) return true;
    if (until > cluster_.now()) cluster_.advanceTo(until);
    return false;
  }
  bool readFile(const std::string&, std::string&) override { return false; }
  std::shared_ptr<const manifest::Parsed> parse(std::string_view text) override {
    if (!known_) return kubectl::Host::parse(text);
    const auto found = known_->find(text);
    return found != known_->end() ? found->second : known_->emplace(text, kubectl::Host::parse(text)).first->second;
  }
  bool readOnly() const override { return false; }

 private:
  sim::Cluster& cluster_;
  Manifests* known_;
  api::Millis killedAt_;
};

void pass(sim::Cluster& cluster, api::Millis time) {
  const api::Millis until = cluster.now() + time;
  while (cluster.step(until)) {}
  cluster.advanceTo(until);
}

bool isTainted(const sim::Cluster& cluster, std::string_view node) {
  const Value* v = cluster.objects().get(api::Resource::nodes, "", node);
  if (!v) return false;
  for (const api::Taint& t : api::Node{{*v}}.spec().taints()) {
    if (t.key() == "node.kubernetes.io/unreachable" || t.key() == "node.kubernetes.io/not-ready") return true;
  }
  return false;
}
}  // namespace

Reply perform(sim::Cluster& cluster, const Step& step, Manifests* known) {
  Reply reply;
  if (step.kind == Step::Kind::kubectl) {
    ClusterHost host(cluster, known);
    kubectl::Result r = kubectl::run(host, step.line, step.input);
    reply.isOutput = true;
    reply.exit = r.exit;
    reply.out = std::move(r.out);
    reply.err = std::move(r.err);
  } else if (step.kind == Step::Kind::request) {
    const apiserver::Response r =
        step.request.method == "GET" ? cluster.read(step.request) : cluster.request(step.request);
    reply.isReply = true;
    reply.code = r.code;
    const bool noBody = step.request.method == "HEAD";
    const bool empty = noBody || (r.text.empty() && r.body.isNull());
    reply.body = empty ? Value("") : r.text.empty() ? r.body : Value(r.text);
    // The recorder reads a watch to its end and takes what came as one document.
    const Value& items = r.body[api::key::items];
    if (items.size() == 1 && items[0].find("type") && items[0].find("object")) reply.body = items[0];
  } else if (step.kind == Step::Kind::input) {
    reply.error = cluster.input(sim::Input{step.what});
    // The recorder waits until the node lifecycle controller has taken a recovered node's taints away.
    const bool recovered =
        step.what[api::key::type].asString() == "node" && step.what[Key("event")].asString() == "recovered";
    for (int i = 0; recovered && i < 50 && isTainted(cluster, step.what[api::key::name].asString()); ++i)
      pass(cluster, 100);
  } else {
    pass(cluster, step.seconds * 1000);
  }
  return reply;
}

}  // namespace lesson
