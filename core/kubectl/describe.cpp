// kubectl describe and events. Models kubectl pkg/cmd/describe and pkg/cmd/events.
#include <algorithm>

#include "core/api/sort.hpp"
#include "core/kubectl/describing.hpp"
#include "core/kubectl/printer.hpp"
#include "core/kubectl/runs.hpp"

namespace kubectl {
namespace {

struct Kind {
  std::string_view kind;
  Error (*describe)(Describing&);
};
constexpr Kind kinds[] = {
    {"Pod", describePod},
    {"StatefulSet", describeStatefulSet},
    {"Deployment", describeDeployment},
    {"ReplicaSet", describeReplicaSet},
    {"DaemonSet", describeDaemonSet},
    {"Service", describeService},
    {"EndpointSlice", describeEndpointSlice},
    {"PersistentVolumeClaim", describeClaim},
    {"PersistentVolume", describeVolume},
    {"StorageClass", describeStorageClass},
    {"PriorityClass", describePriorityClass},
    {"Node", describeNode},
    {"ConfigMap", describeConfigMap},
    {"Secret", describeSecret},
    {"ServiceAccount", describeServiceAccount},
    {"Namespace", describeNamespace},
    {"PodDisruptionBudget", describeBudget},
};

/// Without the Z at its end: whole seconds come before parts of the same one.
std::string lastTime(const Value& e) {
  for (const char* path : {"series.lastObservedTime", "lastTimestamp", "eventTime"}) {
    const std::string time = str(e, path);
    if (!time.empty()) return time.substr(0, time.size() - 1);
  }
  return {};
}

/// "5s", "5s (x3 over 9s)"
std::string interval(api::Millis now, const Value& e) {
  std::string first = since(now, str(e, has(e, "eventTime") ? "eventTime" : "firstTimestamp"));
  if (has(e, "series")) {
    return since(now, str(e, "series.lastObservedTime")) + " (x" + std::to_string(num(e, "series.count")) + " over " +
           first + ")";
  }
  if (num(e, "count") > 1) {
    return since(now, str(e, "lastTimestamp")) + " (x" + std::to_string(num(e, "count")) + " over " + first + ")";
  }
  return first;
}

std::string describeOne(Invocation& in, const Info& info, bool withEvents, Error& error) {
  Describing d{in, info, {}, false, {}};
  Error (*describer)(Describing&) = describeAnything;
  for (const Kind& k : kinds) {
    if (k.kind == info.mapping->kind) describer = k.describe;
  }
  error = describer(d);
  if (!error && withEvents && !d.noEvents) describeEvents(d);
  return d.w.aligned();
}

Error describeMatching(Invocation& in, const Error& original) {
  Query query;
  query.args = {in.args[0]};
  query.allowEmptySelector = true;
  query.singleType = true;
  Selection found = select(in, query);
  Error error = found.failure();
  if (error) return error;
  bool any = false;
  for (const Info& info : found.infos) {
    if (!startsWith(info.name, in.args[1])) continue;
    any = true;
    bool withEvents = in.flags.changed("show-events") && in.is("show-events");
    in.print(describeOne(in, info, withEvents, error) + "\n");
    if (error) return error;
  }
  return any ? Error() : original;
}

}  // namespace

void describeEvents(Describing& d) {
  std::vector<Value> events;
  d.in.list(*findMapping("events"), d.info.mapping->namespaced ? d.info.ns : "", {},
            "involvedObject.name=" + d.info.name, events);
  std::string uid = str(d.info.object, "metadata.uid");
  std::erase_if(events, [&](const Value& e) {
    std::string about = str(e, "involvedObject.uid");
    bool same = about == uid || (d.info.mapping->kind == "Node" && about == d.info.name);
    return str(e, "involvedObject.kind") != d.info.mapping->kind || !same;
  });
  if (events.empty()) return d.w.line(0, "Events:\t<none>");
  api::sort(events, [](const Value& a, const Value& b) { return str(a, "lastTimestamp") < str(b, "lastTimestamp"); });
  d.w.line(0, "Events:\n  Type\tReason\tAge\tFrom\tMessage");
  d.w.line(1, "----\t------\t----\t----\t-------");
  for (const Value& e : events) {
    std::string source = str(e, "source.component"), path = str(e, "involvedObject.fieldPath");
    if (source.empty()) source = str(e, "reportingComponent");
    d.w.line(1, str(e, "type") + "\t" + str(e, "reason") + "\t" + interval(d.in.host.now(), e) + "\t" + source + "\t" +
                    (path.empty() ? "" : path + ": ") + trim(str(e, "message")));
  }
}

/// A file only names what is described.
static Error readLive(Invocation& in, Info& info) {
  apiserver::Response reply = in.fetch(*info.mapping, info.ns, info.name);
  if (!reply.ok()) return fromResponse(reply);
  info.object = std::move(reply.body);
  return {};
}

Error describe(Invocation& in) {
  if (nothingGiven(in, in.args)) {
    return plain(
        "You must specify the type of resource to describe. Use \"kubectl api-resources\" for a complete "
        "list of supported resources.");
  }
  Query query;
  query.args = in.args;
  query.allowEmptySelector = true;
  query.allNamespaces = in.is("all-namespaces");
  Selection found = select(in, query);
  if (found.error) return found.error;
  bool many = !found.errors.empty() || found.infos.size() > 1;
  bool withEvents = in.is("show-events") && (!many || in.flags.changed("show-events"));
  Error missing = aggregate(found.errors);
  if (missing.isNotFound() && in.args.size() == 2) return describeMatching(in, missing);
  bool first = true;
  for (Info& info : found.infos) {
    Error error;
    if (!info.source.empty()) error = readLive(in, info);
    std::string text = error ? "" : describeOne(in, info, withEvents, error);
    if (error) {
      found.errors.push_back(std::move(error));
      continue;
    }
    in.print((first ? "" : "\n\n") + text);
    first = false;
  }
  if (found.infos.empty() && found.errors.empty()) {
    in.complain(query.allNamespaces ? "No resources found\n" : "No resources found in " + in.ns + " namespace.\n");
  }
  return aggregate(std::move(found.errors));
}

namespace {

bool wanted(const Invocation& in, const Value& event) {
  const Strings& types = in.flags.list("types");
  return types.empty() || std::any_of(types.begin(), types.end(),
                                      [&](const std::string& t) { return lower(t) == lower(str(event, "type")); });
}

Error listEvents(Invocation& in, const std::string& fields, std::vector<Value>& events) {
  Error e = in.list(*findMapping("events"), in.is("all-namespaces") ? "" : in.ns, {}, fields, events);
  std::erase_if(events, [&](const Value& v) { return !wanted(in, v); });
  return e;
}

void eventRows(Invocation& in, const std::vector<Value>& events, TabWriter& w) {
  for (const Value& e : events) {
    if (in.is("all-namespaces")) w.write(str(e, "metadata.namespace") + "\t");
    w.write(interval(in.host.now(), e) + "\t" + str(e, "type") + "\t" + str(e, "reason") + "\t" +
            str(e, "involvedObject.kind") + "/" + str(e, "involvedObject.name") + "\t" + trim(str(e, "message")) +
            "\n");
  }
}

Error watchEvents(Invocation& in, const std::string& fields, TabWriter& w) {
  Strings seen;
  api::Millis end = in.endOfPatience();
  for (bool more = true; more; more = in.host.now() < end && in.host.advance(end)) {
    std::vector<Value> events, fresh;
    Error e = listEvents(in, fields, events);
    if (e) return e;
    for (const Value& v : events) {
      std::string version = str(v, "metadata.resourceVersion");
      if (std::find(seen.begin(), seen.end(), version) != seen.end()) continue;
      seen.push_back(version);
      fresh.push_back(v);
    }
    eventRows(in, fresh, w);
    w.flush(in.result.out);
  }
  return killed();
}

}  // namespace

Error events(Invocation& in) {
  for (const std::string& type : in.flags.list("types")) {
    if (lower(type) != "normal" && lower(type) != "warning") return plain("valid --types are Normal or Warning");
  }
  std::string fields, about = in.get("for");
  if (!about.empty()) {
    Strings parts = split(about, '/');
    if (parts.size() != 2) return plain("--for must be in resource/name form");
    const Mapping* m = findMapping(parts[0]);
    if (!m) return bare("the server doesn't have a resource type " + quote(parts[0]));
    fields = "involvedObject.kind=" + std::string(m->kind) + ",involvedObject.apiVersion=" + m->apiVersion() +
             ",involvedObject.name=" + parts[1];
  }
  Printer printer;
  Error error = printer.prepare(in);
  if (error) return error;
  std::vector<Value> list;
  error = listEvents(in, fields, list);
  if (error) return error;
  if (list.empty() && !in.is("watch")) {
    in.complain(in.is("all-namespaces") ? "No events found.\n" : "No events found in " + in.ns + " namespace.\n");
    return {};
  }
  api::sort(list, [](const Value& a, const Value& b) { return lastTime(a) < lastTime(b); });
  if (in.get("output") == "name") return {};  // the real one's printer of names knows no typed lists
  if (!in.get("output").empty()) {
    Value all;
    put(all, "apiVersion", "v1");
    put(all, "kind", "EventList");
    put(all, "metadata", Value::object({}));
    put(all, "items", Value::array(list));
    return printer.print(in, all);
  }
  TabWriter w = TabWriter::forTables();
  if (!in.is("no-headers")) {
    w.write(std::string(in.is("all-namespaces") ? "NAMESPACE\t" : "") + "LAST SEEN\tTYPE\tREASON\tOBJECT\tMESSAGE\n");
  }
  if (in.is("watch")) return watchEvents(in, fields, w);
  eventRows(in, list, w);
  w.flush(in.result.out);
  return {};
}

}  // namespace kubectl
