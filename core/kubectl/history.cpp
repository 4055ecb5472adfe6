// kubectl rollout history and undo. Models kubectl pkg/polymorphichelpers history.go and rollback.go.
#include <algorithm>

#include "core/api/sort.hpp"
#include "core/kubectl/describing.hpp"
#include "core/kubectl/patching.hpp"
#include "core/kubectl/runs.hpp"
#include "core/manifest/manifest.hpp"

namespace kubectl {
namespace {

using apiserver::PatchType;
namespace key = api::key;

constexpr std::string_view revisionAnnotation = "deployment.kubernetes.io/revision";
constexpr std::string_view changeCause = "kubernetes.io/change-cause";

struct Revision {
  int64_t number = 0;
  Value object;     ///< the ReplicaSet or ControllerRevision
  Value template_;  ///< the pod template it stands for
};

const Value& annotation(const Value& object, std::string_view name) {
  return member(at(object, "metadata.annotations"), name);
}

bool controls(const Value& owner, const Value& object) {
  for (const Value& ref : at(object, "metadata.ownerReferences").values()) {
    if (flag(ref, "controller")) return str(ref, "uid") == str(owner, "metadata.uid");
  }
  return false;
}

/// Revisions of an object, oldest first.
Error history(Invocation& in, const Info& info, std::vector<Revision>& out) {
  bool deployment = info.mapping->kind == "Deployment";
  std::string selector = formatSelector(at(info.object, "spec.selector"));
  if (selector == "<none>") selector.clear();
  std::vector<Value> items;
  Error e = in.list(*findMapping(deployment ? "replicasets" : "controllerrevisions"), info.ns, selector, {}, items);
  if (e) return e;
  for (Value& item : items) {
    if (!controls(info.object, item)) continue;
    Revision r;
    if (deployment) {
      if (!parseInt(annotation(item, revisionAnnotation).asString(), 64, r.number)) continue;
      r.template_ = at(item, "spec.template");
      std::string_view cause = annotation(item, changeCause).asString();
      if (!cause.empty()) { r.template_.set({key::metadata, key::annotations, key::changeCause}, cause); }
    } else {
      r.number = num(item, "revision");
      r.template_ = at(item, "data.spec.template");
    }
    r.object = std::move(item);
    out.push_back(std::move(r));
  }
  api::sort(out, [](const Revision& a, const Revision& b) { return a.number < b.number; });
  return {};
}

bool hasHistory(const Mapping& m) { return m.kind == "Deployment" || m.kind == "DaemonSet" || m.kind == "StatefulSet"; }

std::string kindOf(const Mapping& m) {
  return std::string(m.kind) + (m.group.empty() ? "" : "." + std::string(m.group));
}

/// Of workloads without a history it is said otherwise than of things that are no workloads. Models pkg/apps
/// kind_visitor.go Accept.
Error notKept(const Mapping& m, std::string_view what, std::string_view retrieved) {
  for (std::string_view kind : {"Pod", "ReplicaSet", "ReplicationController", "Job", "CronJob"}) {
    if (m.kind == kind) return plain("no " + std::string(what) + " has been implemented for " + quote(kindOf(m)));
  }
  return plain("error retrieving " + std::string(retrieved) + " for " + quote(kindOf(m)) +
               ", no visitor method exists for {" + std::string(m.group) + " " + std::string(m.kind) + "}");
}

/// What a format shows: the ReplicaSets of a Deployment, or the object as it was. Models GetHistory.
Error printRevisions(Invocation& in, const Info& info, Printer& printer, const std::vector<Revision>& all,
                     int64_t wanted) {
  bool found = wanted <= 0;
  for (const Revision& r : all) {
    if (wanted > 0 && r.number != wanted) continue;
    found = true;
    Value object = r.object;
    if (info.mapping->kind != "Deployment") {
      Value podTemplate = r.template_;
      podTemplate.erase({api::Key("$patch")});
      object = info.object;
      put(object, "spec.template", std::move(podTemplate));
    }
    if (Error e = printer.print(in, object)) return e;
  }
  return found ? Error() : plain("unable to find the specified revision");
}

Error viewHistory(Invocation& in, Info& info, Printer& printer) {
  if (!hasHistory(*info.mapping)) return notKept(*info.mapping, "history viewer", "history");
  std::vector<Revision> all;
  Error e = history(in, info, all);
  if (e) return e;
  int64_t wanted = in.flags.number("revision");
  if (printer.formatted()) return printRevisions(in, info, printer, all, wanted);
  std::string text = "No rollout history found.", title;
  if (wanted > 0) {
    title = "with revision #" + std::to_string(wanted);
    auto r = std::find_if(all.begin(), all.end(), [&](const Revision& one) { return one.number == wanted; });
    if (r == all.end()) return plain("unable to find the specified revision");
    PrefixWriter writer;
    describePodTemplate(writer, r->template_);
    text = writer.text();
  } else if (!all.empty()) {
    TabWriter writer = TabWriter::forDescribe();
    writer.write("REVISION\tCHANGE-CAUSE\n");
    for (const Revision& r : all) {
      std::string_view cause = annotation(r.object, changeCause).asString();
      writer.write(std::to_string(r.number) + "\t" + (cause.empty() ? "<none>" : std::string(cause)) + "\n");
    }
    text.clear();
    writer.flush(text);
  }
  return printer.print(in, info.object, title + "\n" + text);
}

Query rolloutQuery(const Invocation& in) {
  Query q;
  q.typed = true;
  q.args = in.args;
  q.allowEmptySelector = true;
  q.latest = true;
  return q;
}

Error notFound(int64_t revision) {
  return plain("unable to find specified revision " + std::to_string(revision) + " in history");
}

Value withoutHash(Value podTemplate) {
  podTemplate.erase({key::metadata, key::labels, key::podTemplateHashLabel});
  if (at(podTemplate, "metadata.labels").kind() == api::Kind::Object &&
      at(podTemplate, "metadata.labels").size() == 0) {
    drop(podTemplate, "metadata.labels");
  }
  return podTemplate;
}

struct Undo {
  Invocation& in;
  Info& info;
  DryRun dryRun;
  int64_t to;
  std::string done;  ///< what to say

  Error wouldRollBack(const Value& podTemplate);
  Error patch(PatchType type, Value body);
  Error deployment(const std::vector<Revision>& all);
  Error byControllerRevision(const std::vector<Revision>& all);
};

Error Undo::wouldRollBack(const Value& podTemplate) {
  PrefixWriter writer;
  describePodTemplate(writer, podTemplate);
  done = (info.mapping->kind == "Deployment" ? "" : "will roll back to ") + writer.text();
  return {};
}

Error Undo::patch(PatchType type, Value body) {
  apiserver::Response reply = sendPatch(in, info, type, std::move(body), dryRun == DryRun::server);
  if (!reply.ok()) {
    return plain("failed restoring revision " + std::to_string(to) + ": " + fromResponse(reply).message());
  }
  done = "rolled back";
  return {};
}

Error Undo::deployment(const std::vector<Revision>& all) {
  const Revision* target = nullptr;
  if (to == 0) {
    if (all.size() < 2) return plain("no rollout history found for deployment " + quote(info.name));
    target = &all[all.size() - 2];
  }
  for (const Revision& r : all) {
    if (to > 0 && r.number == to) target = &r;
  }
  if (!target) return notFound(to);
  Value podTemplate = at(target->object, "spec.template");
  if (dryRun == DryRun::client) return wouldRollBack(podTemplate);
  if (flag(info.object, "spec.paused")) {
    return plain(
        "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again");
  }
  podTemplate = withoutHash(std::move(podTemplate));
  if (podTemplate == withoutHash(at(info.object, "spec.template"))) {
    done = "skipped rollback (current template already matches revision " + std::to_string(to) + ")";
    return {};
  }
  constexpr std::string_view kept[] = {"kubectl.kubernetes.io/last-applied-configuration",
                                       revisionAnnotation,
                                       "deployment.kubernetes.io/revision-history",
                                       "deployment.kubernetes.io/desired-replicas",
                                       "deployment.kubernetes.io/max-replicas",
                                       "deprecated.deployment.rollback.to"};
  Value annotations = Value::object({});
  const Value& theirs = at(target->object, "metadata.annotations");
  for (size_t i = 0; i < theirs.size(); ++i) {
    if (std::find(std::begin(kept), std::end(kept), theirs.keyAt(i).text()) == std::end(kept)) {
      annotations.set(theirs.keyAt(i), theirs.values()[i]);
    }
  }
  for (std::string_view name : kept) {
    const Value& own = annotation(info.object, name);
    if (!own.isNull()) annotations.set(api::Key(name), own);
  }
  Value restore, annotate;
  put(restore, "op", "replace");
  put(restore, "path", "/spec/template");
  put(restore, "value", podTemplate);
  put(annotate, "op", "replace");
  put(annotate, "path", "/metadata/annotations");
  put(annotate, "value", annotations);
  return patch(PatchType::json, Value::array({restore, annotate}));
}

Error Undo::byControllerRevision(const std::vector<Revision>& all) {
  if (to == 0 && all.size() <= 1) return plain("no last revision to roll back to");
  const Revision* target = to == 0 ? &all[all.size() - 2] : nullptr;
  for (const Revision& r : all) {
    if (to != 0 && r.number == to) target = &r;
  }
  if (!target) return notFound(to);
  if (dryRun == DryRun::client) return wouldRollBack(target->template_);
  Value current, podTemplate = at(info.object, "spec.template");
  podTemplate.set(api::Key("$patch"), "replace");
  put(current, "spec.template", podTemplate);
  if (current == at(target->object, "data")) {
    done = "skipped rollback (current template already matches revision " + std::to_string(to) + ")";
    return {};
  }
  return patch(PatchType::strategic, at(target->object, "data"));
}

Error undo(Invocation& in, Info& info, Printer& printer, DryRun dryRun) {
  if (!annotation(info.object, "kubectl.kubernetes.io/last-applied-configuration").isNull()) {
    in.complain("Warning: resource " + std::string(info.mapping->plural) + "/" + info.name +
                " was previously managed with 'kubectl apply'. Rolling back will not update the "
                "kubectl.kubernetes.io/last-applied-configuration annotation, which may cause unexpected behavior on "
                "future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration "
                "file instead.\n");
  }
  if (!hasHistory(*info.mapping)) return notKept(*info.mapping, "rollbacker", "rollbacker");
  Undo u{in, info, dryRun, in.flags.number("to-revision"), {}};
  if (u.to < 0) return notFound(u.to);
  std::vector<Revision> all;
  Error e = history(in, info, all);
  if (e) return e;
  e = info.mapping->kind == "Deployment" ? u.deployment(all) : u.byControllerRevision(all);
  return e ? e : printer.print(in, info.object, u.done);
}

}  // namespace

Error rolloutHistory(Invocation& in) {
  if (nothingGiven(in, in.args)) return plain("required resource not specified");
  if (in.flags.number("revision") < 0) { return plain("revision must be a positive integer: " + in.get("revision")); }
  Printer printer;
  Error error = printer.prepare(in);
  if (error) return error;
  Selection found = select(in, rolloutQuery(in));
  if (found.error) return found.error;
  for (Info& info : found.infos) found.visits.push_back(viewHistory(in, info, printer));
  return found.outcome();
}

Error rolloutUndo(Invocation& in) {
  if (nothingGiven(in, in.args)) return plain("required resource not specified");
  Printer printer;
  Error error;
  DryRun dryRun = in.dryRun(error);
  if (!error) error = printer.prepare(in);
  if (error) return error;
  Selection found = select(in, rolloutQuery(in));
  if (found.error) return found.error;
  for (Info& info : found.infos) found.visits.push_back(undo(in, info, printer, dryRun));
  return found.outcome();
}

}  // namespace kubectl
