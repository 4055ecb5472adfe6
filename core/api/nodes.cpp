#include "core/api/nodes.hpp"

#include <charconv>

namespace api {
namespace {
bool parseInt(std::string_view text, int64_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && !text.empty();
}

// Models apimachinery pkg/labels Requirement.Matches, which node selectors share.
bool matchesExpression(const NodeSelectorRequirement& r, bool has, std::string_view value) {
  const std::string_view op = r.operator_();
  if (op == "In") return has && r.values().contains(value);
  if (op == "NotIn") return !has || !r.values().contains(value);
  if (op == "Exists") return has;
  if (op == "DoesNotExist") return !has;
  int64_t actual, bound;
  if (!has || r.values().size() != 1 || !parseInt(value, actual) || !parseInt(r.values()[0], bound)) return false;
  return op == "Gt" ? actual > bound : op == "Lt" && actual < bound;
}
}  // namespace

// Models api/core/v1/toleration.go ToleratesTaint; the operators Lt and Gt are behind a gate that is off.
bool toleratesTaint(const Toleration& t, const Taint& taint) {
  if (!t.effect().empty() && t.effect() != taint.effect()) return false;
  if (!t.key().empty() && t.key() != taint.key()) return false;
  if (t.operator_().empty() || t.operator_() == "Equal") return t.value() == taint.value();
  return t.operator_() == "Exists";
}

bool toleratesTaint(const List<Toleration>& tolerations, const Taint& taint) {
  for (const Toleration& t : tolerations) {
    if (toleratesTaint(t, taint)) return true;
  }
  return false;
}

Taint findUntoleratedTaint(const List<Taint>& taints, const List<Toleration>& tolerations) {
  for (const Taint& t : taints) {
    if ((t.effect() == "NoSchedule" || t.effect() == "NoExecute") && !toleratesTaint(tolerations, t)) return t;
  }
  return {};
}

bool matchesNodeSelectorTerm(const NodeSelectorTerm& term, std::string_view nodeName, const StringMap& labels) {
  if (term.matchExpressions().empty() && term.matchFields().empty()) return false;
  for (const NodeSelectorRequirement& r : term.matchExpressions()) {
    if (!matchesExpression(r, labels.contains(r.key()), labels.get(r.key()))) return false;
  }
  for (const NodeSelectorRequirement& r : term.matchFields()) {
    if (!matchesExpression(r, r.key() == "metadata.name", nodeName)) return false;
  }
  return true;
}

bool matchesNodeSelector(const NodeSelector& selector, std::string_view nodeName, const StringMap& labels) {
  for (const NodeSelectorTerm& term : selector.nodeSelectorTerms()) {
    if (matchesNodeSelectorTerm(term, nodeName, labels)) return true;
  }
  return false;
}

bool matchesNodeSelectorAndAffinity(const PodSpec& spec, const Node& node) {
  const StringMap labels = node.metadata().labels(), wanted = spec.nodeSelector();
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (!labels.contains(wanted.keyAt(i)) || labels.get(wanted.keyAt(i)) != wanted.at(i)) return false;
  }
  const NodeAffinity affinity = spec.affinity().nodeAffinity();
  if (!affinity.hasRequiredDuringSchedulingIgnoredDuringExecution()) return true;
  return matchesNodeSelector(affinity.requiredDuringSchedulingIgnoredDuringExecution(), node.metadata().name(), labels);
}

}  // namespace api
