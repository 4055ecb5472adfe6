#pragma once
// ControllerRevisions: the history of a StatefulSet's or DaemonSet's template, with Kubernetes' own names and hashes.
// Models pkg/controller/history/controller_history.go (v1.37).
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/controllers/error.hpp"
#include "core/controllers/refs.hpp"

namespace controllers {

/// FNV-1 of the data's JSON and of the collision count in decimal, in letters that make no words. `probe` null: no
/// count.
std::string hashControllerRevision(std::string_view data, const int64_t* probe);
/// "prefix-hash", of a prefix too long for a name its first 223 bytes.
std::string controllerRevisionName(std::string_view prefix, std::string_view hash);
/// Digits in letters and digits of which no words can be made. Models apimachinery rand.SafeEncodeString.
std::string safeEncodeString(std::string text);

/// `{"spec":{"template":{…,"$patch":"replace"}}}`: what a revision keeps of a set. Models getPatch of both controllers.
api::Value templatePatch(const api::PodTemplateSpec&);
/// The template that such data restores.
api::PodTemplateSpec restoredTemplate(const api::Value& data);

/// By revision, then creation time, then name.
void sortControllerRevisions(std::vector<api::ControllerRevision>&);
/// One more than the last of sorted revisions; 1 where there is none.
int64_t nextRevision(const std::vector<api::ControllerRevision>&);

/// The revisions of one parent through the API server.
class History {
 public:
  History(decision::Client& client, const api::Object& parent) : client_(client), parent_(parent) {}

  /// The parent's own and the orphans that the selector matches, in the order of namespace and name.
  std::vector<api::ControllerRevision> list(const api::LabelSelector&) const;
  /// Creates it under a name made from its data; another revision under that name counts one collision up. `revision`
  /// becomes what is stored.
  Error create(api::ControllerRevision& revision, int64_t& collisionCount);
  /// Gives the revision a new number. `revision` becomes what is stored.
  Error renumber(api::ControllerRevision& revision, int64_t number);
  Error remove(const api::ControllerRevision&, int64_t limit);

 private:
  decision::Client& client_;
  api::Object parent_;
};

}  // namespace controllers
