// kubectl taint. Models kubectl pkg/cmd/taint.
#include <algorithm>

#include "core/api/names.hpp"
#include "core/kubectl/patching.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {
namespace {

struct Taint {
  std::string key, value, effect;
};

Error parseTaint(const std::string& text, Taint& t) {
  Strings parts = split(text, ':');
  Error invalid = plain("invalid taint spec: " + text);
  if (parts.size() > 2) return invalid;
  t.key = parts[0];
  if (parts.size() == 2) {
    t.effect = parts[1];
    if (t.effect != "NoSchedule" && t.effect != "PreferNoSchedule" && t.effect != "NoExecute") {
      return plain("invalid taint effect: " + t.effect + ", unsupported taint effect");
    }
    Strings pair = split(parts[0], '=');
    if (pair.size() > 2) return invalid;
    t.key = pair[0];
    if (pair.size() == 2) {
      t.value = pair[1];
      api::Complaints bad = api::isValidLabelValue(t.value);
      if (!bad.empty()) return plain(invalid.text + ", " + join(bad, "; "));
    }
  }
  api::Complaints bad = api::isQualifiedName(t.key);
  return bad.empty() ? Error() : plain(invalid.text + ", " + join(bad, "; "));
}

struct Tainting {
  Invocation& in;
  std::vector<Taint> add, remove;
  bool overwrite = false;

  Error parse(const Strings& texts);
  Error change(const std::string& node, Value& object, std::string& operation) const;
};

Error Tainting::parse(const Strings& texts) {
  for (const std::string& text : texts) {
    Taint t;
    bool removing = endsWith(text, "-");
    Error e = parseTaint(removing ? text.substr(0, text.size() - 1) : text, t);
    if (e) return e;
    if (!removing && t.effect.empty()) return plain("invalid taint spec: " + text);
    for (const Taint& other : add) {
      if (!removing && other.key == t.key && other.effect == t.effect) {
        return plain("duplicated taints with the same key and effect: {" + t.key + " " + t.value + " " + t.effect +
                     " <nil>}");
      }
    }
    (removing ? remove : add).push_back(t);
  }
  return {};
}

bool same(const Value& taint, const Taint& t) { return str(taint, "key") == t.key && str(taint, "effect") == t.effect; }

Error Tainting::change(const std::string& node, Value& object, std::string& operation) const {
  std::vector<Value> now;
  const Value& old = at(object, "spec.taints");
  Strings exist;
  for (const Taint& t : add) {
    Value v;
    put(v, "key", t.key);
    put(v, "effect", t.effect);
    if (!t.value.empty()) put(v, "value", t.value);
    now.push_back(v);
    for (const Value& o : old.values()) {
      if (same(o, t)) exist.push_back(t.key);
    }
  }
  if (!overwrite && !exist.empty()) {
    return plain("node " + node + " already has " + join(exist, ",") +
                 " taint(s) with same effect(s) and --overwrite is false");
  }
  for (const Value& o : old.values()) {
    bool replaced = std::any_of(add.begin(), add.end(), [&](const Taint& t) { return same(o, t); });
    if (!replaced) now.push_back(o);
  }
  bool added = old.size() != now.size(), removed = false;
  std::vector<Error> errors;
  for (const Taint& t : remove) {
    size_t before = now.size();
    std::erase_if(now, [&](const Value& v) { return str(v, "key") == t.key && (t.effect.empty() || same(v, t)); });
    removed = now.size() != before;
    if (!removed) {
      errors.push_back(plain("taint " + quote(t.key + (t.effect.empty() ? "" : ":" + t.effect)) + " not found"));
    }
  }
  operation = (added && removed) || overwrite ? "modified" : added ? "tainted" : "untainted";
  if (now.empty()) {
    drop(object, "spec.taints");
  } else {
    put(object, "spec.taints", Value::array(std::move(now)));
  }
  return aggregate(std::move(errors));
}

Error splitTaints(const Strings& args, Strings& resources, Strings& taints) {
  for (const std::string& arg : args) {
    bool isTaint = contains(arg, "=") || contains(arg, ":") || endsWith(arg, "-");
    if (!isTaint && !taints.empty()) { return plain("all resources must be specified before taint changes: " + arg); }
    (isTaint ? taints : resources).push_back(arg);
  }
  if (resources.empty()) return plain("one or more resources must be specified as <resource> <name>");
  if (taints.empty()) return plain("at least one taint update is required");
  return {};
}

}  // namespace

Error taint(Invocation& in) {
  Printer printer;
  Tainting tainting{in, {}, {}, in.is("overwrite")};
  Error error;
  DryRun dryRun = in.dryRun(error);
  if (!error) error = printer.prepare(in);
  Strings resources, taints;
  if (!error) error = splitTaints(in.args, resources, taints);
  if (error) return error;
  error = tainting.parse(taints);
  if (error) return in.usage(error.text);
  const Mapping* m = findMapping(resources[0]);
  if (!m) return plain("the server doesn't have a resource type " + quote(resources[0]));
  if (m->kind != "Node") {
    return plain("invalid resource type " + lower(resources[0]) + ", only node types are supported");
  }
  bool all = in.is("all"), selected = !in.get("selector").empty();
  if (all && selected) return plain("setting 'all' parameter with a non empty selector is prohibited");
  if (!all && !selected && resources.size() < 2) {
    return plain("at least one resource name must be specified since 'all' parameter is not set");
  }
  Query query;
  query.args = resources;
  if (all || selected) query.args = {"node"};
  query.selectAll = all;
  query.latest = true;
  Selection found = select(in, query);
  if (found.error) return found.error;
  for (Info& info : found.infos) {
    Value changed = info.object;
    std::string operation;
    bool differs = false;
    error = tainting.change(info.name, changed, operation);
    if (!error) error = patchObject(in, info, changed, dryRun, differs);
    if (dryRun == DryRun::client) printer.withoutDryRunNote();  // as the real command forgets it
    if (!error) error = printer.print(in, info.object, operation);
    found.visits.push_back(error);
  }
  return found.outcome();
}

}  // namespace kubectl
