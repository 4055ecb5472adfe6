#pragma once
// What is true in the world beside the API's objects: what lies on a disk, which machine is silent, what a user has
// broken. Facts are documents by key ("disk/pvc-…", "container/<pod uid>/<name>", "node/node-1"), so they are kept,
// compared and travelled through in time like objects. A value.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/value.hpp"
#include "core/store/shared.hpp"

namespace store {

struct FactChange {
  std::string key;
  api::Value before, after;  ///< null where there is none
};

class Facts {
 public:
  /// Null where nothing is known.
  const api::Value& get(std::string_view key) const {
    static const api::Value none;
    auto it = facts_->find(key);
    return it == facts_->end() ? none : it->second;
  }
  void apply(const FactChange& c) {
    if (c.after.isNull()) {
      facts_.own().erase(c.key);
    } else {
      facts_.own().insert_or_assign(c.key, c.after);
    }
  }
  const std::map<std::string, api::Value, std::less<>>& all() const { return *facts_; }

 private:
  Shared<std::map<std::string, api::Value, std::less<>>> facts_;
};

}  // namespace store
