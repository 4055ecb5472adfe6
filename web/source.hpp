#pragma once
// Where snapshots come from and where commands go: a sim::Session (snapshot.hpp), or a demonstration by hand
// (demo.hpp).
#include "web/commands.hpp"
#include "web/model.hpp"
#include "web/shell.hpp"

namespace web {

class Source {
 public:
  virtual ~Source() = default;
  /// The picture at the cursor. Valid until the next call.
  virtual const Snapshot& snapshot(const Shell&) = 0;
  /// Carries a command out; what belongs to the interface (console lines, errors) goes to the shell.
  virtual void perform(const Command&, Shell&) = 0;
  /// Nothing more would happen by itself: what waits in the console for a time gets there.
  virtual void rests(Shell&) {}
  /// Before each frame: what belongs to both (open manifests) is brought together.
  virtual void sync(Shell&) {}
  /// Changes whenever the picture may have changed.
  virtual uint64_t version() const = 0;
};

}  // namespace web
