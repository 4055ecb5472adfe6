#pragma once
// Which objects a selector means: label selectors as text ("a=b,c in (d,e),!f") and as documents
// (metav1.LabelSelector), and field selectors. Models apimachinery pkg/labels and pkg/fields.
#include <string>
#include <string_view>
#include <vector>

#include "core/api/value.hpp"

namespace api {

struct Requirement {
  enum class Operator : uint8_t { In, NotIn, Equals, DoubleEquals, NotEquals, Exists, DoesNotExist, Gt, Lt };
  std::string key;
  Operator op = Operator::Equals;
  std::vector<std::string> values;  ///< sorted where they came as text
  bool matches(const Value& labels) const;
  friend bool operator==(const Requirement&, const Requirement&) = default;
};

/// All requirements must hold; none means everything, unless `nothing`.
struct Selector {
  std::vector<Requirement> requirements;  ///< sorted by key
  bool nothing = false;
  bool empty() const { return requirements.empty() && !nothing; }
  /// `labels`: a map of texts, or null.
  bool matches(const Value& labels) const;
};

/// Text form. Gives the error's sentence ("" if there is none), as labels.Parse does.
std::string parseSelector(std::string_view text, Selector& out);
/// Canonical text: "app=web,tier in (a,b),!x".
std::string toString(const Selector&);
/// Document form: null is nothing, {} is everything. A bad operator matches nothing.
Selector labelSelector(const Value& selector);
/// The same question without building a Selector: what controllers ask for each pod.
bool labelSelectorMatches(const Value& selector, const Value& labels);
/// A plain map (a Service's or ReplicationController's selector): each must be there with that value.
bool mapMatches(const Value& map, const Value& labels);
/// A document as `kubectl get -o wide` and the scale subresource print it: "app=web,tier in (a,b)"; "<none>" if empty
/// is the printers' affair.
std::string formatLabelSelector(const Value& selector);

struct FieldTerm {
  std::string field, value;
  bool equal = true;
};
/// Text form of a field selector. Gives the error's sentence or "".
std::string parseFieldSelector(std::string_view text, std::vector<FieldTerm>& out);

}  // namespace api
