#include "core/sim/replay.hpp"

namespace sim {
using api::Key;
using apiserver::HttpRequest;
using apiserver::Request;

void Ops::step() {
  if (list.empty() || list.back().kind != Op::Kind::steps) list.push_back({});
  ++list.back().n;
}
void Ops::advance(Millis to) {
  if (!list.empty() && list.back().kind == Op::Kind::advance) list.pop_back();
  list.push_back({Op::Kind::advance, to, {}});
}
void Ops::add(Op::Kind kind, Value what) { list.push_back({kind, 0, std::move(what)}); }

bool replay(Cluster& cluster, const Op& op, uint32_t untilItem) {
  if (cluster.items() >= untilItem) return false;
  switch (op.kind) {
    case Op::Kind::steps:
      for (int64_t i = 0; i < op.n; ++i) {
        if (cluster.items() >= untilItem || !cluster.step()) return false;
      }
      return true;
    case Op::Kind::advance:
      if (op.n > cluster.now() && cluster.nextDue() >= op.n) cluster.advanceTo(op.n);
      return true;
    case Op::Kind::input: cluster.input(Input{op.what}); return true;
    case Op::Kind::request: cluster.request(request(op.what)); return true;
    case Op::Kind::http: cluster.request(httpRequest(op.what)); return true;
  }
  return true;
}

namespace {
void put(Value& v, std::string_view name, std::string_view text) {
  if (!text.empty()) v.set(Key(name), text);
}
std::string take(const Value& v, std::string_view name) {
  const Value* found = v.find(name);
  return found ? std::string(found->asString()) : std::string();
}
int64_t number(const Value& v, std::string_view name, int64_t otherwise) {
  const Value* found = v.find(name);
  return found && found->kind() == api::Kind::Int ? found->asInt() : otherwise;
}
bool flag(const Value& v, std::string_view name) {
  const Value* found = v.find(name);
  return found && found->asBool();
}
}  // namespace

Value saved(const Request& r) {
  Value v;
  v.set(Key("verb"), apiserver::text(r.verb));
  v.set(Key("resource"), api::info(r.resource).plural);
  put(v, "namespace", r.namespace_);
  put(v, "name", r.name);
  put(v, "subresource", r.subresource);
  if (!r.body.isNull()) v.set(Key("body"), r.body);
  if (r.patchType != apiserver::PatchType::none) v.set(Key("patchType"), int64_t(r.patchType));
  if (r.deleteOptions.gracePeriodSeconds) v.set(Key("gracePeriodSeconds"), *r.deleteOptions.gracePeriodSeconds);
  put(v, "propagationPolicy", r.deleteOptions.propagationPolicy);
  put(v, "uid", r.deleteOptions.uid);
  put(v, "preconditionVersion", r.deleteOptions.resourceVersion);
  put(v, "labelSelector", r.labelSelector);
  put(v, "fieldSelector", r.fieldSelector);
  if (r.dryRun) v.set(Key("dryRun"), true);
  if (r.force) v.set(Key("force"), true);
  if (r.trusted) v.set(Key("trusted"), true);
  put(v, "fieldManager", r.fieldManager);
  put(v, "fieldValidation", r.fieldValidation);
  put(v, "userAgent", r.userAgent);
  return v;
}

Request request(const Value& v) {
  Request r;
  const std::string verb = take(v, "verb"), resource = take(v, "resource");
  for (int i = 0; i <= int(apiserver::Verb::deletecollection); ++i) {
    if (apiserver::text(apiserver::Verb(i)) == verb) r.verb = apiserver::Verb(i);
  }
  for (const api::ResourceInfo& i : api::resources()) {
    if (i.plural == resource) r.resource = i.resource;
  }
  r.namespace_ = take(v, "namespace");
  r.name = take(v, "name");
  r.subresource = take(v, "subresource");
  if (const Value* body = v.find("body")) r.body = *body;
  r.patchType = apiserver::PatchType(number(v, "patchType", 0));
  if (const Value* grace = v.find("gracePeriodSeconds")) r.deleteOptions.gracePeriodSeconds = grace->asInt();
  r.deleteOptions.propagationPolicy = take(v, "propagationPolicy");
  r.deleteOptions.uid = take(v, "uid");
  r.deleteOptions.resourceVersion = take(v, "preconditionVersion");
  r.labelSelector = take(v, "labelSelector");
  r.fieldSelector = take(v, "fieldSelector");
  r.dryRun = flag(v, "dryRun");
  r.force = flag(v, "force");
  r.trusted = flag(v, "trusted");
  r.fieldManager = take(v, "fieldManager");
  r.fieldValidation = take(v, "fieldValidation");
  r.userAgent = take(v, "userAgent");
  return r;
}

Value saved(const HttpRequest& r) {
  Value v;
  put(v, "method", r.method);
  put(v, "path", r.path);
  put(v, "body", r.body);
  put(v, "contentType", r.contentType);
  put(v, "accept", r.accept);
  put(v, "userAgent", r.userAgent);
  return v;
}

HttpRequest httpRequest(const Value& v) {
  return {take(v, "method"),      take(v, "path"),   take(v, "body"),
          take(v, "contentType"), take(v, "accept"), take(v, "userAgent")};
}

namespace {
constexpr std::string_view kubelets[] = {"manual", "automatic", "real"};
constexpr std::string_view orders[] = {"rounds", "shuffle"};
constexpr std::string_view kinds[] = {"steps", "advance", "input", "request", "http"};
}  // namespace

Value saved(const Setup& s) {
  Value v;
  v.set(Key("nodes"), s.nodes);
  v.set(Key("kubelet"), kubelets[size_t(s.kubelet)]);
  v.set(Key("provisioner"), s.provisioner);
  v.set(Key("recordingTimes"), s.recordingTimes);
  v.set(Key("order"), orders[size_t(s.order)]);
  v.set(Key("seed"), int64_t(s.seed));
  if (s.version != Setup().version) v.set(Key("version"), versions[size_t(s.version)]);
  return v;
}

bool findVersion(std::string_view name, Setup::Version& out) {
  const auto known = std::find(std::begin(versions), std::end(versions), name);
  if (known == std::end(versions)) return false;
  out = Setup::Version(known - std::begin(versions));
  return true;
}

std::string parseSetup(const Value& v, Setup& s) {
  if (v.kind() != api::Kind::Object) return "setup: must be an object";
  const int64_t nodes = number(v, "nodes", s.nodes);
  if (nodes < 0 || nodes > 1000) return "setup.nodes: must be from 0 to 1000";
  s.nodes = int(nodes);
  auto choose = [&v](std::string_view name, auto& choices, auto& out) {
    const std::string text = take(v, name);
    if (text.empty()) return true;
    for (size_t i = 0; i < std::size(choices); ++i) {
      if (choices[i] == text) return out = std::remove_reference_t<decltype(out)>(i), true;
    }
    return false;
  };
  if (!choose("kubelet", kubelets, s.kubelet)) return "setup.kubelet: must be manual, automatic or real";
  if (!choose("order", orders, s.order)) return "setup.order: must be rounds or shuffle";
  if (!choose("version", versions, s.version)) return "setup.version: must be 1.35.0, 1.35.4, 1.36 or 1.37";
  if (v.find("provisioner")) s.provisioner = flag(v, "provisioner");
  s.recordingTimes = flag(v, "recordingTimes");
  s.seed = uint64_t(number(v, "seed", int64_t(s.seed)));
  return "";
}

Value saved(const Op& op) {
  Value v;
  v.set(Key("op"), kinds[size_t(op.kind)]);
  if (op.kind == Op::Kind::steps) v.set(Key("n"), op.n);
  if (op.kind == Op::Kind::advance) v.set(Key("n"), op.n - api::clusterEpoch);
  if (!op.what.isNull()) v.set(Key("what"), op.what);
  return v;
}

std::string parseOp(const Value& v, Op& op) {
  const std::string kind = take(v, "op");
  for (size_t i = 0; i < std::size(kinds); ++i) {
    if (kinds[i] != kind) continue;
    op.kind = Op::Kind(i);
    op.n = number(v, "n", 0);
    if (op.n < 0 || op.n > 100000000000) return "n: out of range";
    if (op.kind == Op::Kind::advance) op.n += api::clusterEpoch;
    if (const Value* what = v.find("what")) op.what = *what;
    if (op.kind >= Op::Kind::input && op.what.kind() != api::Kind::Object) return "what: must be an object";
    return "";
  }
  return "op: \"" + kind + "\" is not known";
}

}  // namespace sim
