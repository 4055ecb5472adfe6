// kubectl set selector and subject. Models kubectl pkg/cmd/set/set_selector.go and set_subject.go.
#include "core/kubectl/runs.hpp"
#include "core/kubectl/setting.hpp"

namespace kubectl {
namespace {

/// Requirements as Go prints them: "[{a In [b]}]".
std::string shown(const Value& expressions) {
  Strings all;
  for (const Value& e : expressions.values()) {
    Strings values;
    for (const Value& v : at(e, "values").values()) values.emplace_back(v.asString());
    all.push_back("{" + str(e, "key") + " " + str(e, "operator") + " [" + join(values, " ") + "]}");
  }
  return "[" + join(all, " ") + "]";
}

}  // namespace

Error setSelector(Invocation& in) {
  Setting setting{in, "", "selector updated", {}, {}, {}, true};
  Error error = setting.prepare();
  if (error) return error;
  if (in.fieldManager.empty()) in.fieldManager = "kubectl-set";
  if (in.args.empty()) return plain("one selector is required");
  Value selector;
  if (std::string problem = toLabelSelector(in.args.back(), selector); !problem.empty()) return plain(problem);
  const Value labels = at(selector, "matchLabels"), expressions = at(selector, "matchExpressions");
  const Strings resources(in.args.begin(), in.args.end() - 1);
  return setting.all(resources, [&](const Info& info, Value& object) {
    if (info.mapping->kind != "Service") return plain("setting a selector is only supported for Services");
    if (expressions.size()) return plain("match expression " + shown(expressions) + " not supported on this object");
    put(object, "spec.selector", labels.size() ? labels : Value::object({}));
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
  query.typed = true;
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
