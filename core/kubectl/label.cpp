// kubectl label and annotate. Models kubectl pkg/cmd/label and pkg/cmd/annotate.
#include <algorithm>

#include "core/api/names.hpp"
#include "core/kubectl/pairs.hpp"
#include "core/kubectl/patching.hpp"
#include "core/kubectl/runs.hpp"
#include "core/kubectl/setting.hpp"

namespace kubectl {

Error splitPairs(const Strings& args, std::string_view what, Pairs& out) {
  for (const std::string& arg : args) {
    bool pair = (contains(arg, "=") && arg[0] != '=') || (endsWith(arg, "-") && arg != "-");
    if (!pair && !out.changes.empty()) {
      return plain("all resources must be specified before " + std::string(what) + " changes: " + arg);
    }
    (pair ? out.changes : out.resources).push_back(arg);
  }
  return {};
}

namespace {

struct Change {
  std::string key, value;
  bool removed = false;
};

struct Marking {
  Invocation& in;
  bool labels;
  Printer printer;
  DryRun dryRun = DryRun::none;
  std::vector<Change> changes;
  bool single = false;

  std::string path() const { return labels ? "metadata.labels" : "metadata.annotations"; }
  Error parse(const Strings& texts);
  Error noOverwrites(const Value& map) const;
  Error one(Info& info);
  void list(const Info& info);
};

Error Marking::parse(const Strings& texts) {
  for (const std::string& text : texts) {
    size_t equals = text.find('=');
    if (equals == std::string::npos) {
      changes.push_back({text.substr(0, text.size() - 1), {}, true});
      continue;
    }
    std::string value = text.substr(equals + 1);
    if (labels) {
      if (contains(value, "=")) return plain("invalid label spec: " + text);
      api::Complaints problems = api::isValidLabelValue(value);
      if (!problems.empty()) return plain("invalid label value: " + quote(text) + ": " + join(problems, ";"));
    }
    changes.push_back({text.substr(0, equals), value, false});
  }
  std::string both;
  for (const Change& c : changes) {
    if (!c.removed) continue;
    bool set =
        std::any_of(changes.begin(), changes.end(), [&](const Change& o) { return !o.removed && o.key == c.key; });
    if (set && labels) return plain("can not both modify and remove a label in the same command");
    if (set) both += (both.empty() ? "" : ", ") + c.key;
  }
  if (!both.empty())
    return plain("can not both modify and remove the following annotation(s) in the same command: " + both);
  return {};
}

Error Marking::noOverwrites(const Value& map) const {
  std::vector<Error> errors;
  Strings texts;
  for (const Change& c : changes) {
    const Value& now = member(map, c.key);
    if (c.removed || now.isNull() || now.asString() == c.value) continue;
    if (!labels && c.key == "kubernetes.io/change-cause") continue;
    std::string already = "'" + c.key + "' already has a value (" + std::string(now.asString()) + ")";
    texts.push_back(already);
    errors.push_back(plain(already + ", and --overwrite is false"));
  }
  if (texts.empty()) return {};
  if (labels) return aggregate(std::move(errors));
  return plain("--overwrite is false but found the following declared annotation(s): " + join(texts, "; "));
}

void Marking::list(const Info& info) {
  std::string indent;
  if (!single) {
    indent = " ";
    in.print("Listing " + std::string(labels ? "labels" : "annotations") + " for " + std::string(info.mapping->kind) +
             "." + std::string(info.mapping->group) + "/" + info.name + ":\n");
  }
  const Value& map = at(info.object, path());
  for (size_t i = 0; i < map.size(); ++i) {
    in.print(indent + std::string(map.keyAt(i).text()) + "=" + scalar(map.values()[i]) + "\n");
  }
}

Error Marking::one(Info& info) {
  Value map = at(info.object, path()), patch = Value::object({});
  if (in.is("list") && changes.empty()) {
    list(info);
    return {};
  }
  if (labels && dryRun != DryRun::client) {
    for (const Change& c : changes) {
      if (c.removed && member(map, c.key).isNull()) in.print("label " + quote(c.key) + " not found.\n");
    }
  }
  if (!in.is("overwrite")) {
    Error e = noOverwrites(map);
    if (e) return e;
  }
  bool added = false, removed = false;
  for (const Change& c : changes) {
    const Value& now = member(map, c.key);
    if (c.removed ? now.isNull() : now.kind() == api::Kind::String && now.asString() == c.value) continue;
    (c.removed ? removed : added) = true;
    api::Key key{std::string_view(c.key)};
    patch.set(key, c.removed ? Value() : Value(c.value));
  }
  if (added || removed || in.is("record")) {
    Value body = Value::object({});
    if (added || removed) put(body, path(), patch);
    recordCause(in, body);
    if (!in.get("resource-version").empty()) put(body, "metadata.resourceVersion", in.get("resource-version"));
    if (dryRun == DryRun::client || in.is("list") || in.is("local")) {  // a list shows what would be
      info.object = api::mergePatch(info.object, body);
    } else {
      apiserver::Response reply =
          sendPatch(in, info, apiserver::PatchType::merge, std::move(body), dryRun == DryRun::server);
      if (!reply.ok()) return fromResponse(reply);
      info.object = reply.body;
    }
  }
  if (in.is("list")) {
    list(info);
    return {};
  }
  std::string_view done = !labels            ? "annotated"
                          : added && removed ? "modified"
                          : added            ? "labeled"
                          : removed          ? "unlabeled"
                                             : "not labeled";
  return printer.print(in, info.object, done);
}

Error mark(Invocation& in, bool labels) {
  Marking marking{in, labels, {}, {}, {}, false};
  const char* what = labels ? "label" : "annotation";
  if (in.fieldManager.empty()) in.fieldManager = labels ? "kubectl-label" : "kubectl-annotate";
  Error error;
  marking.dryRun = in.dryRun(error);
  if (!error) error = marking.printer.prepare(in);
  if (error) return error;
  Pairs pairs;
  error = splitPairs(in.args, what, pairs);
  if (!error) error = marking.parse(pairs.changes);
  if (error) return error;
  for (const char* flag : {"selector", "field-selector"}) {
    if (in.is("all") && !in.get(flag).empty())
      return plain("cannot set --all and --" + std::string(flag) + " at the same time");
  }
  if (pairs.resources.empty() && in.flags.list("filename").empty()) {
    return plain("one or more resources must be specified as <resource> <name> or <resource>/<name>");
  }
  if (marking.changes.empty() && !in.is("list")) {
    return plain(std::string("at least one ") + what + " update is required");
  }
  if (in.is("local") && !pairs.resources.empty()) return localResource();
  Query query;
  query.args = pairs.resources;
  query.allowEmptySelector = in.is("all");
  query.allNamespaces = in.is("all-namespaces");
  query.latest = query.requireObject = !in.is("local");
  Selection found = select(in, query);
  if (found.error) return found.error;
  marking.single = found.singleItemImplied;
  if (!in.get("resource-version").empty() && (!marking.single || found.infos.size() != 1))
    return plain("--resource-version may only be used with a single resource");
  for (size_t i = 0; i < found.infos.size(); ++i) {
    Info& info = found.infos[i];
    for (size_t j = 0; j < i; ++j) {  // named twice: as the first time left it
      const Info& earlier = found.infos[j];
      if (earlier.mapping == info.mapping && earlier.ns == info.ns && earlier.name == info.name)
        info.object = earlier.object;
    }
    found.visits.push_back(marking.one(info));
  }
  return found.outcome();
}

}  // namespace

Error label(Invocation& in) { return mark(in, true); }
Error annotate(Invocation& in) { return mark(in, false); }

}  // namespace kubectl
