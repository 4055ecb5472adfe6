#include "core/api/labels.hpp"

namespace api {
namespace {
bool containsAll(const Value& wanted, const Value& labels) {
  for (size_t i = 0; i < wanted.size(); ++i) {
    const Value* v = labels.find(wanted.keyAt(i));
    if (!v || v->asString() != wanted.values()[i].asString()) return false;
  }
  return true;
}

bool matches(const LabelSelectorRequirement& r, const StringMap& labels) {
  const bool present = labels.contains(r.key());
  const std::string_view op = r.operator_();
  if (op == "Exists") return present;
  if (op == "DoesNotExist") return !present;
  const bool listed = present && r.values().contains(labels.get(r.key()));
  return op == "In" ? listed : op == "NotIn" && !listed;
}
}  // namespace

bool matches(const LabelSelector& selector, const StringMap& labels) {
  if (!selector || !containsAll(selector.doc[key::matchLabels], labels.doc)) return false;
  for (const LabelSelectorRequirement& r : selector.matchExpressions()) {
    if (!matches(r, labels)) return false;
  }
  return true;
}

bool matches(const StringMap& selector, const StringMap& labels) {
  return !selector.empty() && containsAll(selector.doc, labels.doc);
}

bool isEmpty(const LabelSelector& selector) {
  return selector.matchLabels().empty() && selector.matchExpressions().empty();
}

}  // namespace api
