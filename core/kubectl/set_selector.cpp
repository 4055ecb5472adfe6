// kubectl set selector and subject. Models kubectl pkg/cmd/set/set_selector.go and set_subject.go.
#include "core/api/selector.hpp"
#include "core/kubectl/runs.hpp"
#include "core/kubectl/setting.hpp"

namespace kubectl {
namespace {

using Operator = api::Requirement::Operator;

/// A requirement as Go prints it: "{a In [b]}".
std::string shown(const api::Requirement& r) {
  std::string_view name = r.op == Operator::In             ? "In"
                          : r.op == Operator::Exists       ? "Exists"
                          : r.op == Operator::DoesNotExist ? "DoesNotExist"
                                                           : "NotIn";
  return "{" + r.key + " " + std::string(name) + " [" + join(r.values, " ") + "]}";
}

/// The plain labels that a Service's selector can hold; what is more than that goes to `expressions`.
Error parseLabels(const std::string& text, Value& labels, Strings& expressions) {
  api::Selector parsed;
  std::string problem = api::parseSelector(text, parsed);
  if (!problem.empty()) return plain("couldn't parse the selector string \"" + text + "\": " + problem);
  labels = Value::object({});
  for (const api::Requirement& r : parsed.requirements) {
    switch (r.op) {
      case Operator::Equals:
      case Operator::DoubleEquals: labels.set(api::Key(r.key), r.values[0]); break;
      case Operator::Gt: return plain("\"gt\" isn't supported in label selectors");
      case Operator::Lt: return plain("\"lt\" isn't supported in label selectors");
      case Operator::NotEquals: return plain("\"!=\" is not a valid label selector operator");
      default: expressions.push_back(shown(r));
    }
  }
  return {};
}

}  // namespace

Error setSelector(Invocation& in) {
  Setting setting{in, "selector:", "selector updated", {}, {}, {}, true};
  Error error = setting.prepare();
  if (error) return error;
  if (in.fieldManager.empty()) in.fieldManager = "kubectl-set";
  if (in.args.empty()) return plain("one selector is required");
  Value selector;
  Strings expressions;
  error = parseLabels(in.args.back(), selector, expressions);
  if (error) return error;
  const Strings resources(in.args.begin(), in.args.end() - 1);
  return setting.all(resources, [&](const Info& info, Value& object) {
    if (info.mapping->kind != "Service") return plain("setting a selector is only supported for Services");
    if (!expressions.empty())
      return plain("match expression [" + join(expressions, " ") + "] not supported on this object");
    put(object, "spec.selector", selector);
    const std::string& revision = in.get("resource-version");
    if (!revision.empty()) put(object, "metadata.resourceVersion", revision);
    return Error();
  });
}

Error setSubject(Invocation& in) {
  Setting setting{in, "subjects to rolebinding:", "subjects updated", {}, {}, {}, false};
  Error error = setting.prepare();
  if (error) return error;
  if (setting.local() && !in.args.empty()) return localResource();
  Query query;
  query.args = in.args;
  query.allowEmptySelector = in.is("all");
  query.latest = true;
  Selection found = select(in, query);
  error = found.failure();
  if (error) return error;
  if (in.is("all") && !in.get("selector").empty()) return plain("cannot set --all and --selector at the same time");
  const Strings& accounts = in.flags.list("serviceaccount");
  if (in.flags.list("user").empty() && in.flags.list("group").empty() && accounts.empty())
    return plain("you must specify at least one value of user, group or serviceaccount");
  for (const std::string& account : accounts) {
    const Strings parts = split(account, ':');
    if (parts.size() != 2 || parts[1].empty()) return plain("serviceaccount must be <namespace>:<name>");
  }
  // Role bindings are not served here: whatever was found is of another kind.
  std::vector<Error> errors;
  for (const Info& info : found.infos) {
    errors.push_back(plain("error: " + std::string(info.mapping->plural) + "/" + info.name +
                           " setting subjects is only supported for RoleBinding/ClusterRoleBinding"));
  }
  return aggregate(std::move(errors));
}

}  // namespace kubectl
