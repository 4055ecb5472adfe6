#pragma once
// What a list or watch asks for: labels and fields together.
#include "core/apiserver/fields.hpp"

namespace apiserver {

struct Selection {
  api::Selector labels;
  std::vector<api::FieldTerm> fields;
  bool empty() const { return labels.empty() && fields.empty(); }
  /// Ok, or the 400 about a selector.
  Response parse(const api::ResourceInfo&, const Request&);
  bool matches(const api::ResourceInfo&, const Value& object) const;
};

}  // namespace apiserver
