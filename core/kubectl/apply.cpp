// kubectl apply, on the client's and on the server's side. Models kubectl pkg/cmd/apply.
#include "core/kubectl/apply.hpp"

#include "core/apiserver/patch.hpp"

#include "core/kubectl/patching.hpp"
#include "core/kubectl/printer.hpp"
#include "core/kubectl/prune.hpp"
#include "core/kubectl/runs.hpp"
#include "core/kubectl/three_way.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {

using apiserver::PatchType;
using apiserver::Request;
using apiserver::Response;
using apiserver::Verb;
namespace key = api::key;

const Value& lastApplied(const Value& object) {
  return member(at(object, "metadata.annotations"), lastAppliedAnnotation);
}

namespace {

void pruneNulls(Value& v) {
  if (v.kind() == api::Kind::Array) {
    for (size_t i = 0; i < v.size(); ++i) {
      Value item = v[i];
      pruneNulls(item);
      if (!item.same(v[i])) v.set({api::Step::index(i)}, item);
    }
  } else if (v.kind() == api::Kind::Object) {
    for (size_t i = v.size(); i-- > 0;) {
      api::Key k = v.keyAt(i);
      Value item = v.values()[i];
      if (item.isNull()) {
        v.erase(k);
        continue;
      }
      pruneNulls(item);
      if (!item.same(v.values()[i])) v.set(k, item);
    }
  }
}

struct Applying {
  Invocation& in;
  Printer printer;
  DryRun dryRun = DryRun::none;
  std::string fieldValidation;
  bool serverSide = false;
  std::vector<Info> visited;          ///< for --prune
  std::vector<const Mapping*> kinds;  ///< of --prune-allowlist
  std::vector<Value> printed;

  Error one(Info& info);
  Error onServer(Info& info);
  void migrate(const Request& applied, Info& info);
  Error creating(Info& info);
  Error patching(Info& info, const Value& current);
  Error replacing(Info& info, const Value& original, Value modified);
  Error report(Info& info, std::string_view operation);
  Error prune();
  Request write(Verb verb, const Info& info) const;
};

Request Applying::write(Verb verb, const Info& info) const {
  Request r = in.request(verb, *info.mapping, info.ns, verb == Verb::create ? std::string() : info.name);
  r.dryRun = dryRun == DryRun::server;
  r.fieldValidation = fieldValidation;
  r.fieldManager = in.fieldManager;
  return r;
}

Error Applying::report(Info& info, std::string_view operation) {
  if (printer.wholeObjects()) {
    printed.push_back(info.object);
    return {};
  }
  return printer.print(in, info.object, operation);
}

void warnIfDeleting(Invocation& in, const Value& object) {
  if (!has(object, "metadata.deletionTimestamp")) return;
  in.complain("Warning: Detected changes to resource " + str(object, "metadata.name") +
              " which is currently being deleted.\n");
}

bool ownsLastApplied(const Value& entry) {
  static const api::Key metadata("f:metadata"), annotations("f:annotations"),
      own("f:kubectl.kubernetes.io/last-applied-configuration");
  return entry[api::Key("fieldsV1")][metadata][annotations].find(own) != nullptr;
}

bool is(const Value& entry, std::string_view manager, std::string_view operation) {
  return str(entry, "manager") == manager && str(entry, "operation") == operation && !has(entry, "subresource");
}

Value unite(const Value& a, const Value& b) {
  Value out = a;
  for (size_t i = 0; i < b.size(); ++i) {
    const Value* mine = a.find(b.keyAt(i));
    out.set(b.keyAt(i), mine ? unite(*mine, b.values()[i]) : b.values()[i]);
  }
  return out;
}

/// What the managers become when client-side apply's fields go to a manager of server-side apply. Models client-go
/// util/csaupgrade upgradedManagedFields.
std::vector<Value> upgraded(const std::vector<Value>& entries, const std::string& from, const std::string& to) {
  std::vector<Value> out = entries;
  Value* target = nullptr;
  const Value* source = nullptr;
  for (Value& e : out) {
    if (!target && is(e, to, "Apply")) target = &e;
  }
  for (Value& e : out) {
    if (!is(e, from, "Update")) continue;
    if (!target) {
      put(e, "operation", "Apply");
      put(e, "manager", to);
      target = &e;
    } else if (!source && str(e, "apiVersion") == str(*target, "apiVersion")) {
      source = &e;
    }
  }
  if (target && source) put(*target, "fieldsV1", unite(at(*target, "fieldsV1"), at(*source, "fieldsV1")));
  std::erase_if(out, [&](const Value& e) { return is(e, from, "Update"); });
  return out;
}

/// An object that was applied on the client's side before: its annotation gets a manager of its own, the fields of then
/// become fields of now, and what is left of them goes. Models saveLastApplyAnnotationIfNecessary and
/// migrateToSSAIfNecessary.
void Applying::migrate(const Request& applied, Info& info) {
  const auto list = [&] { return at(info.object, "metadata.managedFields"); };
  const auto owned = [&](std::string_view operation) {
    Strings names;
    const Value entries = list();
    for (const Value& e : entries.values()) {
      if (str(e, "operation") == operation && ownsLastApplied(e)) names.push_back(str(e, "manager"));
    }
    return names;
  };
  const Value text = lastApplied(info.object);
  if (applied.fieldManager == "kubectl" && !text.isNull() && owned("Apply").empty()) {
    Request r = applied;
    r.fieldManager = "kubectl-last-applied";
    r.force = false;
    r.body = Value::object({});
    put(r.body, "apiVersion", str(info.object, "apiVersion"));
    put(r.body, "kind", str(info.object, "kind"));
    put(r.body, "metadata.name", info.name);
    if (!info.ns.empty()) put(r.body, "metadata.namespace", info.ns);
    r.body.set({key::metadata, key::annotations, api::Key(lastAppliedAnnotation)}, text);
    Response reply = in.send(std::move(r));
    if (!reply.ok()) return;
    info.object = std::move(reply.body);
  }
  const Value before = list();
  const std::vector<Value> entries(before.values().begin(), before.values().end());
  std::vector<Value> after = entries;
  for (const std::string& name : owned("Update")) after = upgraded(after, name, applied.fieldManager);
  if (after.size() == entries.size() && Value::array(after) == before) return;
  Request r = write(Verb::patch, info);
  r.patchType = PatchType::json;
  r.fieldManager = applied.fieldManager;
  Value managers, version;
  put(managers, "op", "replace");
  put(managers, "path", "/metadata/managedFields");
  put(managers, "value", Value::array(std::move(after)));
  put(version, "op", "replace");
  put(version, "path", "/metadata/resourceVersion");
  put(version, "value", str(info.object, "metadata.resourceVersion"));
  r.body = Value::array({managers, version});
  if (!in.send(std::move(r)).ok()) return;
  Response reply = in.send(applied);
  if (reply.ok()) info.object = std::move(reply.body);
}

Error Applying::onServer(Info& info) {
  Request r = write(Verb::patch, info);
  r.patchType = PatchType::apply;
  r.body = info.object;
  r.force = in.is("force-conflicts");
  r.subresource = in.get("subresource");
  if (!in.flags.changed("field-manager")) r.fieldManager = "kubectl";
  Response reply = in.send(r);
  if (reply.ok()) {
    info.object = reply.body;
    if (r.subresource.empty()) migrate(r, info);
    warnIfDeleting(in, info.object);
    return report(info, "serverside-applied");
  }
  Error e = fromResponse(reply);
  if (!e.is("Conflict")) return e;
  return plain(e.message() +
               "\nPlease review the fields above--they currently have other managers. Here\n"
               "are the ways you can resolve this warning:\n"
               "* If you intend to manage all of these fields, please re-run the apply\n"
               "  command with the `--force-conflicts` flag.\n"
               "* If you do not intend to manage all of the fields, please edit your\n"
               "  manifest to remove references to the fields that should keep their\n"
               "  current managers.\n"
               "* You may co-own fields by updating your manifest to match the existing\n"
               "  value; in this case, you'll become the manager if the other manager(s)\n"
               "  stop managing the field (remove it from their configuration).\n"
               "See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts");
}

Error Applying::creating(Info& info) {
  setLastApplied(info.object);
  pruneNulls(info.object);
  if (dryRun != DryRun::client) {
    Request r = write(Verb::create, info);
    r.body = info.object;
    Response reply = in.send(std::move(r));
    if (!reply.ok()) return withSource("creating", info.source, fromResponse(reply));
    info.object = reply.body;
  }
  return report(info, "created");
}

/// With --force, for what cannot be patched. Models deleteAndCreate; without --timeout it looks once whether the object
/// is gone.
Error Applying::replacing(Info& info, const Value& original, Value modified) {
  Request r = write(Verb::remove, info);
  const std::string& cascade = in.get("cascade");
  r.deleteOptions.propagationPolicy = cascade == "orphan"       ? "Orphan"
                                      : cascade == "foreground" ? "Foreground"
                                                                : "Background";
  if (const int64_t grace = in.flags.number("grace-period"); grace >= 0) r.deleteOptions.gracePeriodSeconds = grace;
  if (Response reply = in.send(std::move(r)); !reply.ok()) return fromResponse(reply);
  const api::Millis deadline = in.host.now() + in.flags.millis("timeout");
  if (!in.wait(deadline, [&] { return in.fetch(*info.mapping, info.ns, info.name).isNotFound(); }))
    return in.cutShort(deadline) ? killed() : plain("context deadline exceeded");
  r = write(Verb::create, info);
  r.body = std::move(modified);
  Response reply = in.send(std::move(r));
  if (reply.ok()) {
    info.object = reply.body;
    return {};
  }
  r = write(Verb::create, info);
  r.body = original;
  r.body.erase({key::metadata, key::resourceVersion});
  in.send(std::move(r));
  return fromResponse(reply);
}

Error Applying::patching(Info& info, const Value& found) {
  Value modified = info.object, current = found, patch;
  setLastApplied(modified);
  if (lastApplied(current).isNull()) {
    in.complain("Warning: resource " + std::string(info.mapping->plural) + "/" + info.name + " is missing the " +
                std::string(lastAppliedAnnotation) +
                " annotation which is required by kubectl apply. kubectl apply should only be used on resources "
                "created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation "
                "will be patched automatically.\n");
  }
  for (int tries = 0;; ++tries) {
    patch = applyPatch(modified, current);
    info.object = current;
    if (patch.size() == 0) break;
    if (dryRun == DryRun::client) {
      const api::Type* type = api::findType(str(current, "kind"));
      if (!type || !apiserver::strategicMergePatch(*type, current, patch, info.object).ok())
        info.object = api::mergePatch(current, patch);
      break;
    }
    Request r = write(Verb::patch, info);
    r.patchType = PatchType::strategic;
    r.body = patch;
    Response reply = in.send(std::move(r));
    if (reply.ok()) {
      info.object = reply.body;
      break;
    }
    if (!reply.isConflict() || tries == 5) {
      Error e = fromResponse(reply);
      if (in.is("force") && (reply.isConflict() || e.is("Invalid"))) {
        e = replacing(info, current, modified);
        if (!e || e.type == Error::Type::killed) return e ? e : report(info, "configured");
        patch = modified;
      } else {
        e = withSource("patching", info.source, std::move(e));
      }
      return withSource("applying patch:\n" + api::toJson(patch) + "\nto:\n" + info.text() + "\nfor:", info.source,
                        std::move(e));
    }
    reply = in.fetch(*info.mapping, info.ns, info.name);
    if (!reply.ok()) return fromResponse(reply);
    current = reply.body;
  }
  warnIfDeleting(in, info.object);
  return report(info, patch.size() ? "configured" : "unchanged");
}

Error Applying::one(Info& info) {
  visited.push_back({info.mapping, info.ns, info.name, {}, {}});
  std::string generated = str(info.object, "metadata.generateName");
  if (info.name.empty() && !generated.empty())
    return plain("from " + generated + ": cannot use generate name with apply");
  recordCause(in, info.object);
  if (serverSide) return onServer(info);
  if (info.name.empty()) {
    return withSource("retrieving current configuration of:\n" + info.text() + "\nfrom server for:", info.source,
                      plain("resource name may not be empty"));
  }
  Response current = in.fetch(*info.mapping, info.ns, info.name);
  if (current.ok()) return patching(info, current.body);
  if (current.isNotFound()) return creating(info);
  return withSource("retrieving current configuration of:\n" + info.text() + "\nfrom server for:", info.source,
                    fromResponse(current));
}

Error Applying::prune() {
  std::vector<Info> surplus;
  if (Error e = prunable(in, kinds, visited, surplus)) return e;
  for (const Info& info : surplus) {
    if (dryRun != DryRun::client) {
      Request r = in.request(Verb::remove, *info.mapping, info.ns, info.name);
      r.deleteOptions.propagationPolicy = "Background";
      r.dryRun = dryRun == DryRun::server;
      Response reply = in.send(std::move(r));
      if (!reply.ok()) return fromResponse(reply);
    }
    printer.print(in, info.object, "pruned");
  }
  return {};
}

}  // namespace

Value withoutLastApplied(Value object) {
  Value annotations = at(object, "metadata.annotations");
  if (annotations.kind() != api::Kind::Object) annotations = Value::object({});
  annotations.erase(api::Key(lastAppliedAnnotation));
  // The real one reads them into a map of texts, in which null is an empty one.
  for (size_t i = 0; i < annotations.size(); ++i) {
    if (annotations.values()[i].isNull()) annotations.set(annotations.keyAt(i), "");
  }
  put(object, "metadata.annotations", annotations);
  return object;
}

std::string lastAppliedText(const Value& object) { return api::toJson(withoutLastApplied(object)) + "\n"; }

void setLastApplied(Value& object) {
  object = withoutLastApplied(object);
  std::string text = api::toJson(object) + "\n";
  object.set({key::metadata, key::annotations, api::Key(lastAppliedAnnotation)}, text);
}

Value applyPatch(const Value& modified, const Value& current) {
  std::string problem;
  const Value& last = lastApplied(current);
  Value original = last.kind() == api::Kind::String ? manifest::parseJson(last.asString(), problem) : Value();
  if (original.kind() != api::Kind::Object) original = Value::object({});
  return threeWayPatch(original, modified, current, api::findType(str(current, "kind")));
}

std::string validation(const Invocation& in, Error& error) {
  const std::string& text = in.get("validate");
  if (text == "true" || text == "strict") return "Strict";
  if (text == "warn") return "Warn";
  if (text == "false" || text == "ignore") return "Ignore";
  error =
      plain("invalid - validate option " + quote(text) + "; must be one of: strict (or true), warn, ignore (or false)");
  return {};
}

Error apply(Invocation& in) {
  if (!in.args.empty()) return in.usage("Unexpected args: [" + join(in.args, " ") + "]");
  Applying applying{in, {}, {}, {}, in.is("server-side"), {}, {}, {}};
  Error error;
  applying.dryRun = in.dryRun(error);
  if (!error) applying.fieldValidation = validation(in, error);
  if (error) return error;
  if (in.flags.list("filename").empty() && in.get("kustomize").empty()) return plain("must specify one of -f and -k");
  if (in.is("force-conflicts") && !applying.serverSide) return plain("--force-conflicts only works with --server-side");
  if (applying.dryRun == DryRun::client && applying.serverSide) {
    return plain("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)");
  }
  if (in.is("force") && applying.serverSide) return plain("--force cannot be used with --server-side");
  if (in.is("force") && applying.dryRun == DryRun::server) return plain("--dry-run=server cannot be used with --force");
  if (in.is("all") && !in.get("selector").empty()) return plain("cannot set --all and --selector at the same time");
  if (in.is("prune") && in.is("force")) return plain("--force cannot be used with --prune");
  if (in.is("prune") && !in.is("all") && in.get("selector").empty()) {
    return plain(
        "all resources selected for prune without explicitly passing --all. To prune all resources, pass the "
        "--all flag. If you did not mean to prune all resources, specify a label selector");
  }
  if (!in.get("subresource").empty() && !applying.serverSide)
    return plain("--subresource can only be specified for --server-side");
  if (in.is("prune") && in.is("server-side"))
    return plain("--prune is in alpha and doesn't currently work on objects created by server-side apply");
  error = applying.printer.prepare(in);
  if (!error && in.is("prune")) error = pruneKinds(in, applying.kinds);
  if (error) return error;
  Selection found = selectFiles(in, applying.fieldValidation != "Ignore");
  if (found.error) return found.error;
  if (found.infos.empty() && found.errors.empty()) return plain("no objects passed to apply");
  for (Info& info : found.infos) found.errors.push_back(applying.one(info));
  error = aggregate(std::move(found.errors));
  if (error) return error;
  if (in.is("prune")) error = applying.prune();
  if (error || applying.printed.empty()) return error;
  if (applying.printed.size() == 1) return applying.printer.print(in, applying.printed[0]);
  Value list;
  put(list, "apiVersion", "v1");
  put(list, "kind", "List");
  put(list, "metadata", Value::object({}));
  put(list, "items", Value::array(applying.printed));
  return applying.printer.print(in, list);
}

}  // namespace kubectl
