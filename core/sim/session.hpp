#pragma once
// What a page or a command line works with: a cluster, its journal, the cursor in it, and the branches that were left.
// All that a person does comes through here and is remembered, so that a session can be saved, replayed and gone back
// in.
//
// The cursor counts entries: 0 is before the first, length() after the last. Everything shown is as of the cursor. A
// work item may have written several entries; they are all there, and step() moves over them one by one before the
// cluster does more. Acting (apply, kubectl that writes, fault, …) with the cursor inside the newest item lets that
// item end first; acting further back starts a new branch there and keeps the old one.
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/sim/cluster.hpp"

namespace kubectl {
class Host;
}

namespace sim {

struct Output {
  int exit = 0;
  std::string out, err;
};

struct BranchInfo {
  size_t id;
  size_t parent;    ///< the branch it left; its own id where it left none
  size_t forkedAt;  ///< how many entries it shares with its parent
  size_t length;
  std::string title;  ///< the first thing done on it, as the user wrote it ("scale sts web --replicas=5"); "" for the
                      ///< first branch
};

class Session {
 public:
  explicit Session(const Setup& = {});
  ~Session();
  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;

  // ---- reading, all as of the cursor
  size_t length() const;
  size_t cursor() const;
  Millis time() const;  ///< of the entry before the cursor; the clock where the cursor stands at the end
  const Journal& journal() const;
  const Entry& entry(size_t n) const { return journal().entries[n]; }  ///< n < length()
  const store::Objects& objects() const;
  const store::Facts& facts() const;
  uint64_t revision() const;
  const Cluster& live() const;  ///< the cluster at the end of the branch
  bool atEnd() const { return cursor() == length(); }
  /// Plain JSON's document of "Pod/default/web-0"; null where it is not there.
  Value object(std::string_view name) const;
  /// When the next work item is due and whose it is ("" where nothing is).
  struct Next {
    std::string actor, key;
    Millis due;
  };
  Next next() const;

  // ---- moving
  bool step();  ///< one entry on; lets the cluster work where the cursor is at the end. False: nothing would happen
                ///< within ten minutes
  bool back();  ///< one entry back; false at 0
  void seek(size_t n);
  bool rest();        ///< on until nothing is written for a minute; false where nothing was
  void restart();     ///< back to entry 0; the way there stays as a branch once something else is done
  void wait(Millis);  ///< lets time pass

  // ---- doing
  /// kubectl apply -f - of these manifests; its output.
  Output apply(std::string_view yaml);
  /// A kubectl command line ("kubectl " in front may be there); `input` is its standard input. Commands that only read
  /// answer as of the cursor.
  Output kubectl(std::string_view line, std::string_view input = {});
  /// The cluster as kubectl sees it, for consoles; `doing` is the command line, which a branch is named after. Valid as
  /// long as the session stays where it is.
  std::unique_ptr<kubectl::Host> host(std::string_view doing);
  /// One API request; GET answers as of the cursor.
  apiserver::Response request(const apiserver::HttpRequest&);
  /// A fault or other input (input.hpp). "" or why it could not be done.
  std::string fault(const Input&);
  /// The files that kubectl -f NAME reads: the open manifests.
  void setFile(std::string name, std::string text);
  bool removeFile(std::string_view name);
  const std::vector<std::pair<std::string, std::string>>& files() const;

  /// Files of the console that are no manifests ("/tmp/x"), by their paths; saved with the session.
  std::map<std::string, std::string>& scratch();

  // ---- branches
  std::vector<BranchInfo> branches() const;
  size_t branch() const;
  void switchTo(size_t branch);  ///< the cursor goes to the branch's end

  // ---- keeping
  /// JSON: the setup and what was done, from which everything follows.
  std::string save() const;
  /// "" or why the text is no session of ours; then nothing has changed.
  std::string load(std::string_view text);
  /// Does what was done again on another version of Kubernetes (`versions`), all branches of it. A cursor at the end
  /// stays there. "" or why that cannot be; then nothing has changed.
  std::string onVersion(std::string_view version);

 private:
  friend class SessionHost;
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace sim
