#include "core/apiserver/table.hpp"

namespace apiserver {
using namespace api;

namespace {
constexpr std::string_view nameText =
    "Name must be unique within a namespace. Is required when creating resources, although some resources may allow a "
    "client to request the generation of an appropriate name automatically. Name is primarily intended for creation "
    "idempotence and configuration definition. Cannot be updated. More info: "
    "https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names";
constexpr std::string_view ageText =
    "CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed "
    "to be set in happens-before order across separate operations. Clients may not set this value. It is represented "
    "in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: "
    "https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

struct Column {
  Resource resource;
  std::string_view name, type, format;
  int priority;
  std::string_view description;
};
constexpr Column columns[] = {
#define TEXT_NAME nameText
#define TEXT_AGE ageText
#define COLUMN(resource, name, type, format, priority, description) \
  {Resource::resource, name, type, format, priority, description},
#include "core/apiserver/columns.def"
#undef COLUMN
#undef TEXT_NAME
#undef TEXT_AGE
};

Value columnsOf(Resource r) {
  static const Key name("name"), type("type"), format("format"), priority("priority"), description("description");
  std::vector<Value> list;
  for (const Column& c : columns) {
    if (c.resource != r) continue;
    list.push_back(Value::object(
        {{name, c.name}, {type, c.type}, {format, c.format}, {priority, c.priority}, {description, c.description}}));
  }
  return Value::array(std::move(list));
}

Value shown(const Value& object, std::string_view include) {
  if (include == "None") return {};
  if (include == "Object") return object;
  return metadataOf(object);
}
}  // namespace

Value metadataOf(const Value& object) {
  Value metadata = object[key::metadata];
  // A DaemonSet's template generation is no annotation inside the server, from where rows are made.
  if (object[key::kind].asString() == "DaemonSet") metadata.erase({key::annotations, key::templateGeneration});
  return Value::object({{key::apiVersion, "meta.k8s.io/v1"},
                        {key::kind, "PartialObjectMetadata"},
                        {key::metadata, std::move(metadata)}});
}

namespace {
/// Conditions of a row: a pod that ended is marked as done.
Value conditionsOf(const Value& object) {
  const std::string_view phase = object.get({key::status, key::phase}).asString();
  if (phase != "Succeeded" && phase != "Failed") return {};
  return Value::array(
      {Value::object({{key::type, "Completed"},
                      {key::status, "True"},
                      {key::reason, phase},
                      {key::message, phase == "Failed" ? "The pod failed." : "The pod has completed successfully."}})});
}

/// The name of the class that claims without one get: the newest of those marked so.
std::string defaultClass(const std::vector<Value>& classes) {
  const Value* best = nullptr;
  for (const Value& c : classes) {
    const Value& marks = c.get({key::metadata, key::annotations});
    static const Key beta("storageclass.beta.kubernetes.io/is-default-class");
    if (marks[key::isDefaultClass].asString() != "true" && marks[beta].asString() != "true") continue;
    const auto created = [](const Value& v) { return v.get({key::metadata, key::creationTimestamp}).asString(); };
    if (!best || created(c) > created(*best)) best = &c;
  }
  return best ? std::string(best->get({key::metadata, key::name}).asString()) : "";
}
}  // namespace

Value tableOf(const ResourceInfo& info, const std::vector<Value>& objects, bool list, std::string_view include,
              Value listMetadata, Millis now) {
  static const Key columnDefinitions("columnDefinitions"), rows("rows"), cells("cells"), object("object");
  const std::string marked = list && info.resource == Resource::storageclasses ? defaultClass(objects) : "";
  std::vector<Value> rowValues;
  for (const Value& o : objects) {
    std::vector<Value> values = cellsOf(info, o, now);
    if (!marked.empty() && values[0].asString() == marked) values[0] = marked + " (default)";
    Value row = Value::object({{cells, Value::array(std::move(values))}, {object, shown(o, include)}});
    if (info.resource == Resource::pods) {
      if (Value conditions = conditionsOf(o); !conditions.isNull()) row.set(key::conditions, std::move(conditions));
    }
    rowValues.push_back(std::move(row));
  }
  return Value::object({{key::kind, "Table"},
                        {key::apiVersion, "meta.k8s.io/v1"},
                        {key::metadata, std::move(listMetadata)},
                        {columnDefinitions, columnsOf(info.resource)},
                        {rows, Value::array(std::move(rowValues))}});
}

std::string humanDuration(Millis millis) {
  const int64_t seconds = millis / 1000;
  if (seconds < -1) return "<invalid>";
  if (millis < 0) return "0s";
  const auto text = [](int64_t n, const char* unit) { return std::to_string(n) + unit; };
  const auto both = [&](int64_t n, const char* unit, int64_t m, const char* small) {
    return m == 0 ? text(n, unit) : text(n, unit) + text(m, small);
  };
  if (seconds < 120) return text(seconds, "s");
  const int64_t minutes = seconds / 60, hours = minutes / 60;
  if (minutes < 10) return both(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return text(minutes, "m");
  if (hours < 8) return both(hours, "h", minutes % 60, "m");
  if (hours < 48) return text(hours, "h");
  if (hours < 192) return both(hours / 24, "d", hours % 24, "h");
  if (hours < 24 * 365 * 2) return text(hours / 24, "d");
  if (hours < 24 * 365 * 8) return both(hours / 24 / 365, "y", hours / 24 % 365, "d");
  return text(hours / 24 / 365, "y");
}

}  // namespace apiserver
