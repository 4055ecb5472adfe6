#include "core/api/schema.hpp"

#include <algorithm>

namespace api {

const Field* Type::find(Key k) const {
  auto it = std::lower_bound(fields.begin(), fields.end(), k, [](const Field& f, Key key) { return f.key < key; });
  return it != fields.end() && it->key == k ? &*it : nullptr;
}

const Type* findType(std::string_view name) {
  const auto all = types();
  auto it =
      std::lower_bound(all.begin(), all.end(), name, [](const Type& t, std::string_view n) { return t.name < n; });
  return it != all.end() && it->name == name ? &*it : nullptr;
}

const Type* elementType(const Field& field) { return field.element < 0 ? nullptr : &types()[size_t(field.element)]; }

}  // namespace api
