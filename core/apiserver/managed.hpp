#pragma once
// Who set which field: metadata.managedFields, kept by every write of a client, and server-side apply on top of it.
// Models apimachinery pkg/util/managedfields/internal and structured-merge-diff merge/update.go. NOT MODELLED: other
// versions of a kind.
//
// The control plane's own writes (trusted ones, thousands a second) leave managedFields as they find them: what they
// set follows from the history, and is worked out when a client asks for it or writes.
#include "core/apiserver/fieldset.hpp"
#include "core/apiserver/history.hpp"
#include "core/apiserver/status.hpp"

namespace apiserver {

/// Who writes, in terms of managedFields.
struct Manager {
  std::string name, subresource;
  bool applies = false;
  std::string_view conflictsIn = {};  ///< the version that conflicts are told in, where it is not that of the entries
};

/// `after`, an update of `before` (null where it is new), with its managedFields brought up to date.
void trackManagers(const api::ResourceInfo&, const Manager&, const Value& before, Value& after, const Value& now);

/// The object with managedFields that tell of every write, also of those that did not note themselves.
Value withManagers(const api::ResourceInfo&, const Value& object, const History&);

/// Server-side apply: what `live` (null where there is nothing) becomes, or the conflicts with other managers.
Response applyConfig(const api::ResourceInfo&, const Manager&, const Value& live, const Value& config, bool force,
                     const Value& now, Value& out);

}  // namespace apiserver
