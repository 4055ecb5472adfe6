#include "core/controllers/revisions.hpp"

#include "core/api/labels.hpp"
#include "core/api/pods.hpp"
#include "core/api/sort.hpp"
#include "core/decision/rules.hpp"

namespace controllers {
using namespace api;
using decision::Rule;
using decision::Why;

std::vector<ControllerRevision> History::list(const LabelSelector& selector) const {
  std::vector<ControllerRevision> out;
  const store::Objects& objects = client_.view().objects();
  const ObjectMeta own = parent_.metadata();
  const std::string inNamespace = std::string(own.namespace_()) + "/";
  for (std::string_view uid : {own.uid(), std::string_view()}) {
    const auto& names = objects.controlledBy(Resource::controllerrevisions, uid);
    for (auto it = names.lower_bound(inNamespace); it != names.end() && it->starts_with(inNamespace); ++it) {
      ControllerRevision r = client_.view().getByKey<ControllerRevision>(*it);
      if (matches(selector, r.metadata().labels())) out.push_back(std::move(r));
    }
  }
  return out;
}

// Models CreateControllerRevision: a name that is taken by the same data is that revision, by other data a collision.
Error History::create(ControllerRevision& revision, int64_t& collisionCount) {
  const std::string data = toJson(revision.data());
  const std::string_view parent = parent_.metadata().name();
  while (true) {
    ObjectMeta meta = revision.metadata();
    meta.name(controllerRevisionName(parent, hashControllerRevision(data, &collisionCount)));
    revision.metadata(meta);
    const Why why(Rule::CreateControllerRevision,
                  {{"revision", meta.name()}, {"owner", parent}, {"number", revision.revision()}});
    const auto reply = client_.create(why, revision);
    if (!reply.isAlreadyExists()) {
      if (reply.ok()) revision.doc = reply.body;
      return Error(reply);
    }
    const auto present = client_.get(Resource::controllerrevisions, meta.namespace_(), meta.name());
    if (!present.ok()) return Error(present);
    if (present.body[key::data] == revision.data()) {
      revision.doc = present.body;
      return {};
    }
    collisionCount++;
  }
}

// Models UpdateControllerRevision: after a conflict it tries again with what the view has, if that is newer.
Error History::renumber(ControllerRevision& revision, int64_t number) {
  while (true) {
    if (revision.revision() == number) return {};
    const Value tried = revision.doc;
    const ObjectMeta meta = revision.metadata();
    revision.revision(number);
    const Why why(Rule::RenumberControllerRevision,
                  {{"revision", meta.name()}, {"owner", parent_.metadata().name()}, {"number", number}});
    const auto reply = client_.update(why, revision);
    if (reply.ok()) revision.doc = reply.body;
    if (!reply.isConflict()) return Error(reply);
    revision = client_.view().get<ControllerRevision>(meta.namespace_(), meta.name());
    if (!revision || revisionOf(revision.doc) <= revisionOf(tried)) return Error(reply);
  }
}

Error History::remove(const ControllerRevision& revision, int64_t limit) {
  return Error(client_.remove(
      Why(Rule::DeleteControllerRevision,
          {{"revision", revision.metadata().name()}, {"owner", parent_.metadata().name()}, {"limit", limit}}),
      revision));
}

std::string hashControllerRevision(std::string_view data, const int64_t* probe) {
  uint32_t h = 2166136261u;
  auto add = [&](std::string_view s) {
    for (const unsigned char c : s) h = (h * 16777619u) ^ c;
  };
  add(data);
  if (probe) add(std::to_string(*probe));
  return safeEncodeString(std::to_string(h));
}

std::string safeEncodeString(std::string text) {
  for (char& c : text) c = "bcdfghjklmnpqrstvwxz2456789"[static_cast<unsigned char>(c) % 27];
  return text;
}

std::string controllerRevisionName(std::string_view prefix, std::string_view hash) {
  return std::string(prefix.substr(0, 223)) + "-" + std::string(hash);
}

Value templatePatch(const PodTemplateSpec& podTemplate) {
  Value copy = podTemplate.doc, patch;
  copy.set(key::patchDirective, "replace");
  patch.set({key::spec, key::template_}, std::move(copy));
  return patch;
}

PodTemplateSpec restoredTemplate(const Value& data) {
  Value copy = data[key::spec][key::template_];
  copy.erase(key::patchDirective);
  return {{std::move(copy)}};
}

void sortControllerRevisions(std::vector<ControllerRevision>& revisions) {
  api::sort(revisions, [](const ControllerRevision& a, const ControllerRevision& b) {
    if (a.revision() != b.revision()) return a.revision() < b.revision();
    const std::string_view ta = a.metadata().creationTimestamp(), tb = b.metadata().creationTimestamp();
    return ta != tb ? ta < tb : a.metadata().name() < b.metadata().name();
  });
}

int64_t nextRevision(const std::vector<ControllerRevision>& sorted) {
  return sorted.empty() ? 1 : sorted.back().revision() + 1;
}

}  // namespace controllers
