#pragma once
// The journal: everything that was written, and every decision not to write, each with its time, its actor and its
// reason. The views, the narration, JavaScript and time travel read it.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/time.hpp"
#include "core/apiserver/history.hpp"
#include "core/decision/rule.hpp"
#include "core/store/facts.hpp"
#include "core/store/log.hpp"
#include "core/store/store.hpp"

namespace sim {

using api::Millis;
using api::Resource;
using api::Value;

enum class EntryKind : uint8_t {
  create,
  update,
  patch,
  remove,  ///< a write: `change` has the object before and after
  wait,    ///< a decision not to write yet
  failed,  ///< a request the API server refused; `code` and `message` say how
  fact,    ///< something beside the API's objects changed: a disk's contents, a silent machine
  event,   ///< only a Kubernetes Event was recorded
};
std::string_view text(EntryKind);  ///< "create", "update", "patch", "delete", "wait", "failed", "fact", "event"

struct Entry {
  Millis time = 0;
  uint16_t actor = 0;  ///< index into Journal::actors
  EntryKind kind = EntryKind::wait;
  bool noted = false;            ///< its managedFields tell of this write already
  bool managed = false;          ///< managedFields tell of such writes at all
  bool defaulted = false;        ///< a new claim's class is the API server's choice
  int16_t code = 0;              ///< of a failed request
  uint32_t item = 0;             ///< the number of the work item it belongs to; items are run whole
  std::string_view subresource;  ///< "status", "binding", …; of those there are
  store::Change change{};        ///< of a write
  Value object;                  ///< of a wait, failure or fact, as text: "Pod/default/web-0"
  Value message;                 ///< of a failure, as text
  decision::Why why;
  std::vector<store::Change> events;     ///< Kubernetes Events recorded with it
  std::vector<store::FactChange> facts;  ///< what changed beside the API's objects

  Entry() : why(decision::Rule{}) {}
  bool writes() const { return kind <= EntryKind::remove; }
  /// "Pod/default/web-0"; "Node//node-1" where there is no namespace.
  std::string objectName() const;
  /// Of the last write it contains; 0 where it has none.
  uint64_t revision() const;
};

struct Journal {
  store::SharedLog<Entry> entries;
  std::vector<std::string> actors;  ///< "you", "statefulset", "scheduler", "kubelet node-1", …
  uint16_t actorIndex(std::string_view name);
};

/// What the API server may know of the past: the writes in a journal, whose first entry comes after `start`. Valid
/// while the journal is.
class JournalHistory final : public apiserver::History {
 public:
  JournalHistory(const Journal& journal, uint64_t start) : journal_(&journal), start_(start) {}
  uint64_t start() const override { return start_; }
  apiserver::Write at(uint64_t revision) const override;

 private:
  const Journal* journal_;
  uint64_t start_;
};
/// How managedFields name an actor: "kube-controller-manager", "kube-scheduler", "kubelet".
std::string_view managerOf(std::string_view actor);

/// Moves objects and facts past an entry, or back to before it.
void applyForward(const Entry&, store::Objects&, store::Facts&);
void applyBackward(const Entry&, store::Objects&, store::Facts&);

/// The entry as one JSON object a line, for `ordinal run --json` and the comparison of native and WASM journals.
void toJson(const Journal&, size_t index, std::string& out);
/// The entry as a person reads it: time, actor, verb, object and the sentence.
std::string narrate(const Journal&, size_t index, decision::Language);

}  // namespace sim
