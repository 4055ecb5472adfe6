#pragma once
// What the server is told of the past: the writes since some revision, one after the other. From it follow watches,
// lists as of an earlier version, and who of the control plane set which field. Implemented over the journal by
// core/sim; a server that is given none answers from the present alone.
#include <string_view>

#include "core/api/time.hpp"
#include "core/store/store.hpp"

namespace apiserver {

/// One write. Texts and pointers are valid while the history does not change.
struct Write {
  const store::Change* change = nullptr;
  std::string_view manager;      ///< who wrote, as managedFields name it: "kube-controller-manager"
  std::string_view subresource;  ///< "", "status", …
  api::Millis time = 0;
  bool noted = false;      ///< the object's managedFields were brought up to date by the write itself
  bool managed = false;    ///< the write is one that managedFields tell of at all: no deletion, no binding
  bool defaulted = false;  ///< admission chose the class of the claim that was created
};

class History {
 public:
  virtual ~History() = default;
  /// The revision from which on the history is whole.
  virtual uint64_t start() const = 0;
  /// Needs: start() < revision <= the server's. Every such revision is one write. Of what the request under way has
  /// written the change is not known yet; it is noted.
  virtual Write at(uint64_t revision) const = 0;
};

}  // namespace apiserver
