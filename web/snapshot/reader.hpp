#pragma once
// The parts that a snapshot is made of. Private to web/snapshot.
#include <string>
#include <string_view>

#include "web/snapshot.hpp"
#include "web/text.hpp"

namespace web {

struct Reader {
  const sim::Session& session;
  const History& history;
  Language language;
  Snapshot& out;
  const store::Objects* past = nullptr;  ///< read these instead of what is at the cursor
  const store::Facts* pastFacts = nullptr;

  const store::Objects& objects() const { return past ? *past : session.objects(); }
  const store::Facts& facts() const { return past ? *pastFacts : session.facts(); }
  std::string word(Text t) const { return text(language, t); }
  std::string word(Text t, std::initializer_list<std::string_view> v) const { return text(language, t, v); }
  decision::Language coreLanguage() const {
    return language == Language::Chinese ? decision::Language::zh : decision::Language::en;
  }
  template <class T, class F>
  void each(F&& f) const {
    objects().each(api::resourceOf<T>, "", [&](const api::Value& v) { f(T{{v}}); });
  }

  void nodes();
  void pods();       ///< after nodes
  void workloads();  ///< after pods
  void others();
  void storage();  ///< after workloads
  void stored();
  void write();
  void why();  ///< after all objects
  void timeline();
  void events();
  void inspected(const std::string& selected);
  void compare();  ///< after pods and nodes
  void versions();
  const sim::Entry* entry() const { return session.cursor() > 0 ? &session.entry(session.cursor() - 1) : nullptr; }
};

std::string idOf(const api::Value& object);
/// The workload that a pod with this controller belongs to: a Deployment's pods are its ReplicaSets'.
std::string workloadOf(const Reader&, std::string_view space, const api::OwnerReference& owner);
/// The chip and lane that an actor is shown as: the volume controllers share one, kubelets have none.
std::string chipOf(std::string_view actor);
KindGroup groupOf(api::Resource);
Verb verbOf(const sim::Entry&);
/// Minutes and seconds since the cluster started.
std::string clockText(api::Millis);
/// A sentence with names in backquotes as spans; a name that is an object's becomes a link.
std::vector<Span> spansOf(const Snapshot&, std::string_view sentence);
/// What a write changed, as lines of YAML with signs.
std::vector<DiffLine> diffLines(const api::Value& before, const api::Value& after, size_t limit);
std::vector<std::string> yamlLines(const api::Value&);

}  // namespace web
