#pragma once
// What the two protection controllers share. Models pkg/controller/volume/protectionutil (v1.37).
#include <string_view>

#include "core/api/resources.hpp"

namespace controllers {

inline bool hasFinalizer(const api::ObjectMeta& meta, std::string_view finalizer) {
  return meta.finalizers().contains(finalizer);
}
/// It is being deleted, and this finalizer keeps it.
inline bool isDeletionCandidate(const api::ObjectMeta& meta, std::string_view finalizer) {
  return meta.hasDeletionTimestamp() && hasFinalizer(meta, finalizer);
}
/// It came to be without the finalizer, as objects do that are older than the admission plugin.
inline bool needToAddFinalizer(const api::ObjectMeta& meta, std::string_view finalizer) {
  return !meta.hasDeletionTimestamp() && !hasFinalizer(meta, finalizer);
}

template <class T>
T withFinalizer(T object, std::string_view finalizer) {
  api::ObjectMeta meta = object.metadata();
  api::StringList list = meta.finalizers();
  if (list.doc.isNull()) list.doc = api::Value::array({});
  list.append(finalizer);
  meta.finalizers(std::move(list));
  object.metadata(std::move(meta));
  return object;
}

template <class T>
T withoutFinalizer(T object, std::string_view finalizer) {
  api::ObjectMeta meta = object.metadata();
  std::vector<api::Value> kept;
  for (std::string_view f : meta.finalizers()) {
    if (f != finalizer) kept.emplace_back(f);
  }
  if (kept.empty()) {
    meta.doc.erase(api::key::finalizers);
  } else {
    meta.doc.set(api::key::finalizers, api::Value::array(std::move(kept)));
  }
  object.metadata(std::move(meta));
  return object;
}

}  // namespace controllers
