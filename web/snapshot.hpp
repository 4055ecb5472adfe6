#pragma once
// A sim::Session as a source of snapshots: reads the objects at the cursor and the journal, derives what a pod, a slot,
// a claim looks like, and carries commands out. The only part of the interface that knows the core; the views know its
// outcome. Start reading at snapshot/source.cpp.
#include <map>
#include <string>
#include <vector>

#include "core/console/console.hpp"
#include "core/sim/session.hpp"
#include "web/source.hpp"

namespace web {

/// What the whole journal says that a single cursor does not; grows with it.
struct History {
  std::vector<TickView> ticks;
  std::vector<std::string> lanes;
  std::map<std::string, std::vector<std::pair<int, bool>>, std::less<>> ready;  ///< by pod: at which entry it changed
  uint64_t stamp = ~uint64_t(0);  ///< of which branch, version and language it is

  void update(const sim::Session&, Language);
  /// The entry at which a pod became Ready that is Ready at the cursor; 0 where it is not known.
  int readySince(std::string_view pod, int cursor) const;
};

class SessionSource final : public Source {
 public:
  SessionSource(sim::Session& session, void (*told)()) : session_(session), told_(told) {}
  const Snapshot& snapshot(const Shell&) override;
  void perform(const Command&, Shell&) override;
  void sync(Shell&) override;
  void rests(Shell&) override;
  uint64_t version() const override { return version_; }
  /// The session was changed by another (JavaScript), or is another one now: nothing that was known of it holds.
  void changed() { version_++; }
  void replaced(Shell&);
  /// JavaScript has applied this: an open manifest of that text tells what came of it.
  void applied(std::string_view yaml, const sim::Output&, Shell&);

 private:
  void apply(const Command&, Shell&);
  void note(Manifest&, std::string_view yaml, const sim::Output&, const Shell&);
  void line(const std::string& text, Shell&);
  void complete(const std::string& text, Shell&);
  void listen(Shell&);
  void fault(const Command&, Shell&);
  void findApplied(Manifest&);
  void chips();

  sim::Session& session_;
  void (*told_)();
  uint64_t version_ = 1;
  size_t searched_ = 0;                       // the length at which open manifests were last looked for in the journal
  std::map<std::string, std::string> known_;  // the session's files as last seen
  console::Console console_;
  bool plays_ = false;  // the console's command lets time pass
  bool typed_ = false;  // a line since the last frame: a file that changes is what it opened
  size_t heardLength_ = 0, heardCursor_ = 0;
  Snapshot shown_;
  History history_;
};

/// Errors of a refused manifest at their lines.
std::vector<ManifestError> manifestErrors(std::string_view yaml, const sim::Output&, Language);

/// Does the same to the three workloads of the comparison: "prepare" (makes those that are missing, with 42 records in
/// each pod), "delete" (a pod of each), "node" (the machine under them falls silent), "update" (a new image). What was
/// done before is left as a branch. "" or why it could not be done.
std::string actOnWorkloads(sim::Session&, std::string_view what);
/// The comparison alone, for the accessible view.
CompareView compared(const sim::Session&, Language);

/// The objects at the cursor with their states in words: a snapshot without journal, reasons and inspector, for the
/// accessible view.
Snapshot states(const sim::Session&, Language);

}  // namespace web
