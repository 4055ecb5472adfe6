#include "core/apiserver/decode.hpp"

#include <algorithm>

#include "core/api/names.hpp"
#include "core/api/quantity.hpp"
#include "core/api/time.hpp"

namespace apiserver {
namespace {

using api::Field;
using api::FieldType;
using api::Key;
using api::Kind;
using api::Shape;

std::string_view word(const Value& v) {
  switch (v.kind()) {
    case Kind::Null: return "null";
    case Kind::Bool: return "bool";
    case Kind::Int:
    case Kind::Double: return "number";
    case Kind::String: return "string";
    case Kind::Array: return "array";
    case Kind::Object: return "object";
  }
  return "";
}

/// Where Go's structs embed another one without a name in the JSON, type errors name the embedded field nevertheless.
struct Embedding {
  std::string_view outer, embedded;
  std::string_view own;  ///< the members that are not the embedded struct's, each between blanks
};
constexpr Embedding embeddings[] = {
    {"Volume", "VolumeSource", " name "},
    {"PersistentVolumeSpec", "PersistentVolumeSource",
     " capacity accessModes claimRef persistentVolumeReclaimPolicy storageClassName mountOptions volumeMode "
     "nodeAffinity "
     "volumeAttributesClassName "},
    {"Probe", "ProbeHandler",
     " initialDelaySeconds timeoutSeconds periodSeconds successThreshold failureThreshold "
     "terminationGracePeriodSeconds "},
    {"EphemeralContainer", "EphemeralContainerCommon", " targetContainerName "},
    {"ConfigMapEnvSource", "LocalObjectReference", " optional "},
    {"SecretEnvSource", "LocalObjectReference", " optional "},
    {"ConfigMapKeySelector", "LocalObjectReference", " key optional "},
    {"SecretKeySelector", "LocalObjectReference", " key optional "},
    {"ConfigMapProjection", "LocalObjectReference", " items optional "},
    {"SecretProjection", "LocalObjectReference", " items optional "},
    {"ConfigMapVolumeSource", "LocalObjectReference", " items defaultMode optional "},
};

/// One document being decoded. Only the first error counts, as in Go; decoding goes on for the strict errors' sake.
struct Decoder {
  Decoded& out;
  std::string strictPath;  ///< with indices: what unknown fields are named by
  struct Step {
    const api::Type* type;
    Key key;
  };
  std::vector<Step> fields;          ///< without: what type errors are named by
  std::string_view structName = "";  ///< of the innermost Go struct
  static constexpr size_t mostStrict = 100;

  void error(std::string text) {
    if (out.error.empty()) out.error = std::move(text);
  }
  void mismatch(const Value& v, std::string_view goType) {
    std::string value(word(v));
    if (v.kind() >= Kind::Int && v.kind() <= Kind::Double && (goType == "int32" || goType == "int64")) {
      value += " ";
      api::toJson(v, value);
    }
    std::string text = "json: cannot unmarshal " + value + " into Go ";
    if (fields.empty()) {
      text += "value of type " + std::string(goType);
    } else {
      text += "struct field " + std::string(structName) + ".";
      for (const Step& step : fields) {
        for (const Embedding& e : embeddings) {
          if (e.outer == step.type->name && e.own.find(" " + std::string(step.key.text()) + " ") == e.own.npos)
            (text += e.embedded) += '.';
        }
        (text += step.key.text()) += '.';
      }
      text.pop_back();
      text += " of type " + std::string(goType);
    }
    error(std::move(text));
  }
  void strict(std::string_view what, std::string_view path) {
    if (out.strict.size() < mostStrict) out.strict.push_back(std::string(what) + " field " + api::quote(path));
  }

  bool templateLabels() const {
    const size_t n = fields.size();
    return n > 1 && fields[n - 1].key == Key(api::key::metadata) && fields[n - 2].key == Key(api::key::template_);
  }
  Value object(const api::Type&, const Value&);
  Value field(const Field&, const Value&);
  Value scalar(const Field&, const Value&, std::string_view goType);
  Value one(const Field& f, const Value& v, std::string_view goType) {
    const api::Type* type = api::elementType(f);
    if (!type) return scalar(f, v, goType);
    if (v.kind() == Kind::Object) return object(*type, v);
    if (!v.isNull()) mismatch(v, goType);
    return object(*type, Value::object({}));
  }
};

std::string_view elementGoType(const Field& f) {
  if (f.shape == Shape::One) return f.goType;
  if (f.goType.substr(0, 2) == "[]") return f.goType.substr(2);
  if (const size_t end = f.goType.find(']'); f.goType.substr(0, 4) == "map[" && end != f.goType.npos)
    return f.goType.substr(end + 1);
  if (f.goType == "v1.ResourceList") return "resource.Quantity";
  return f.goType;
}

bool goodBase64(std::string_view s, size_t& at) {
  size_t digits = 0, pad = 0;
  for (at = 0; at < s.size(); ++at) {
    const char c = s[at];
    if (c == '\r' || c == '\n') continue;
    const bool digit =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (digit && !pad)
      ++digits;
    else if (c == '=' && digits % 4 >= 2 && digits % 4 + pad < 4)
      ++pad;
    else
      return false;
  }
  at -= digits % 4;  // the quantum that is cut short
  return (digits + pad) % 4 == 0;
}

/// time.Parse's complaint about a text that is no time at all; the finer ones are not modelled.
std::string timeError(std::string_view s, bool micro) {
  const std::string layout = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
  const std::string q = api::quote(s);
  return "parsing time " + q + " as \"" + layout + "\": cannot parse " + q + " as \"2006\"";
}

Value Decoder::scalar(const Field& f, const Value& v, std::string_view goType) {
  switch (f.type) {
    case FieldType::String:
      if (v.kind() == Kind::String) return v;
      if (!v.isNull()) mismatch(v, goType);
      return "";
    case FieldType::Bool:
      if (v.kind() == Kind::Bool) return v;
      if (!v.isNull()) mismatch(v, goType);
      return false;
    case FieldType::Int32:
    case FieldType::Int64: {
      if (v.isNull()) return 0;
      const int64_t i = v.asInt();
      const bool fits = v.kind() == Kind::Int && (f.type == FieldType::Int64 || (i >= INT32_MIN && i <= INT32_MAX));
      if (fits) return v;
      mismatch(v, goType);
      return 0;
    }
    case FieldType::Double:
      if (v.kind() == Kind::Double || v.kind() == Kind::Int) return v;
      if (!v.isNull()) mismatch(v, goType);
      return 0.0;
    case FieldType::Bytes: {
      size_t at = 0;
      if (v.kind() != Kind::String) {
        if (!v.isNull()) mismatch(v, goType);
      } else if (!goodBase64(v.asString(), at)) {
        error("illegal base64 data at input byte " + std::to_string(at));
      } else {
        return v;
      }
      return "";
    }
    case FieldType::Quantity: {
      api::Quantity q;
      std::string text = v.kind() == Kind::String ? std::string(v.asString()) : v.isNull() ? "0" : api::toJson(v);
      text.erase(0, std::min(text.find_first_not_of(" \t\r\n"), text.size()));
      text.erase(text.find_last_not_of(" \t\r\n") + 1);
      if (const char* why = api::parseQuantity(text, q)) {
        error(why);
        return "0";
      }
      return api::canonicalQuantity(text);
    }
    case FieldType::IntOrString:
      if (v.kind() == Kind::String || (v.kind() == Kind::Int && v.asInt() >= INT32_MIN && v.asInt() <= INT32_MAX))
        return v;
      if (!v.isNull()) mismatch(v, "int32");
      return 0;
    case FieldType::Time:
    case FieldType::MicroTime: {
      if (v.isNull()) return v;
      const bool micro = f.type == FieldType::MicroTime;
      if (v.kind() != Kind::String) {
        error("json: cannot unmarshal " + std::string(word(v)) + " into Go value of type string");
        return Value();
      }
      const api::Millis t = api::parseTime(v.asString());
      if (t < 0) {
        error(timeError(v.asString(), micro));
        return Value();
      }
      return micro ? v : Value(api::formatTime(t));
    }
    case FieldType::Raw:
    case FieldType::Object: return v;
  }
  return v;
}

Value Decoder::field(const Field& f, const Value& v) {
  const std::string_view element = elementGoType(f);
  if (f.shape == Shape::One) return one(f, v, element);
  if (v.isNull()) return v;
  const size_t length = strictPath.size();
  const std::string_view outer = structName;
  if (f.shape == Shape::Array) {
    if (v.kind() != Kind::Array) {
      mismatch(v, f.goType);
      return Value();
    }
    std::vector<Value> items;
    items.reserve(v.size());
    for (size_t i = 0; i < v.size(); ++i) {
      strictPath += "[" + std::to_string(i) + "]";
      items.push_back(one(f, v[i], element));
      strictPath.resize(length);
      structName = outer;
    }
    return Value::array(std::move(items));
  }
  if (v.kind() != Kind::Object) {
    mismatch(v, f.goType);
    return Value();
  }
  std::vector<std::pair<Key, Value>> members;
  members.reserve(v.size());
  for (size_t i = 0; i < v.size(); ++i) {
    (strictPath += ".") += v.keyAt(i).text();
    members.emplace_back(v.keyAt(i), one(f, v.values()[i], element));
    strictPath.resize(length);
    structName = outer;
  }
  return Value::object(std::move(members));
}

bool isZero(const Value& v) {
  switch (v.kind()) {
    case Kind::Null: return true;
    case Kind::Bool: return !v.asBool();
    case Kind::Int: return v.asInt() == 0;
    case Kind::Double: return v.asDouble() == 0;
    case Kind::String: return v.asString().empty();
    default: return v.size() == 0;
  }
}

/// A struct's own value where the document says nothing: what Go's encoder writes all the same.
bool alwaysWritten(const Field& f) {
  if (f.pointer || f.shape != Shape::One) return false;
  switch (f.type) {
    case FieldType::Object: return true;
    case FieldType::String:
    case FieldType::Int32:
    case FieldType::Int64:
    case FieldType::Bool:
    case FieldType::Double:
    case FieldType::Quantity: return !f.omitEmpty;
    case FieldType::IntOrString: return true;
    default: return false;
  }
}

/// A time that is no pointer is a struct, which is never left out; but for the one that Go is told to.
bool writtenAsNull(const Field& f) {
  const bool time = f.type == FieldType::Time || f.type == FieldType::MicroTime;
  return time && !f.pointer && f.shape == Shape::One && f.key != Key(api::key::creationTimestamp);
}

/// A list that Go writes although there is nothing in it, as null: what is stored does not tell an empty one from none.
/// Of the other such lists validation wants something in them.
bool isBareList(const Field& f) {
  return !f.omitEmpty && f.shape == Shape::Array &&
         (f.key == Key(api::key::sources) || f.key == Key(api::key::endpoints) || f.key == Key(api::key::ports));
}

bool specOfStorage(std::string_view type) {
  return type == "PersistentVolumeClaimSpec" || type == "PersistentVolumeSpec";
}

Value Decoder::object(const api::Type& type, const Value& v) {
  std::vector<std::pair<Key, Value>> members;
  members.reserve(v.size() + 2);
  const size_t length = strictPath.size();
  const std::string_view outer = structName;
  size_t i = 0;
  // Both lists are in the order of their keys.
  auto unknown = [&](Key k) { strict("unknown", strictPath + (length ? "." : "") + std::string(k.text())); };
  for (const Field& f : type.fields) {
    while (i < v.size() && v.keyAt(i) < f.key) unknown(v.keyAt(i++));
    const bool given = i < v.size() && v.keyAt(i) == f.key;
    const Value* value = given ? &v.values()[i++] : nullptr;
    if (given && value->isNull()) value = nullptr;
    if (!value && (writtenAsNull(f) || isBareList(f))) members.emplace_back(f.key, Value());
    if (!value && !alwaysWritten(f)) continue;
    if (length) strictPath += '.';
    strictPath += f.key.text();
    fields.push_back({&type, f.key});
    structName = type.name;
    Value decoded = value ? field(f, *value) : f.type == FieldType::IntOrString ? Value(0) : one(f, Value(), f.goType);
    fields.pop_back();
    strictPath.resize(length);
    const bool drop = decoded.isNull() ||
                      (f.omitEmpty && !f.pointer &&
                       !(f.shape == Shape::One && (f.type == FieldType::Object || f.type == FieldType::IntOrString)) &&
                       isZero(decoded));
    // A template without labels, a claim without modes or an amount, and a pod with an overhead of nothing are never
    // stored, and validation or admission tells empty from nothing.
    const bool shown =
        (decoded.kind() == Kind::Object && f.key == Key(api::key::overhead) && fields.size() == 1) ||
        (decoded.kind() == Kind::Object && f.key == Key(api::key::labels) && templateLabels()) ||
        (decoded.kind() == Kind::Array && f.key == Key(api::key::accessModes) && specOfStorage(type.name)) ||
        (decoded.kind() == Kind::Object && f.key == Key(api::key::requests) &&
         type.name == "VolumeResourceRequirements");
    if (isBareList(f) && decoded.size() == 0) decoded = Value();
    if (!drop || shown) members.emplace_back(f.key, std::move(decoded));
  }
  while (i < v.size()) unknown(v.keyAt(i++));
  structName = outer;
  return Value::object(std::move(members));
}

Refusal badRequest(std::string message) { return {400, "BadRequest", std::move(message), Value()}; }
}  // namespace

Decoded decode(const api::Type& type, const Value& document, const std::vector<std::string>& duplicates) {
  Decoded out;
  for (const std::string& path : duplicates) out.strict.push_back("duplicate field " + api::quote(path));
  Decoder d{out, {}, {}};
  if (document.kind() != Kind::Object) {
    if (!document.isNull()) d.mismatch(document, "v1." + std::string(type.name));
    out.object = d.object(type, Value::object({}));
    return out;
  }
  out.object = d.object(type, document);
  return out;
}

// Models apiserver pkg/endpoints/handlers/create.go and rest.go transformDecodeError.
Refusal decodeBody(Resource resource, Value& body, std::string_view fieldValidation,
                   const std::vector<std::string>& duplicates, std::vector<std::string>& warnings) {
  const api::ResourceInfo& info = api::info(resource);
  std::string version(body[api::key::apiVersion].asString()), kind(body[api::key::kind].asString());
  std::string group;
  if (const size_t slash = version.find('/'); slash != version.npos) {
    group = version.substr(0, slash);
    version = version.substr(slash + 1);
  }
  if (version.empty()) {
    group = info.group;
    version = info.version;
  }
  if (kind.empty()) kind = info.kind;
  auto refuse = [&](const std::string& why) {
    return badRequest(kind + " in version " + api::quote(version) + " cannot be handled as a " +
                      std::string(info.kind) + ": " + why);
  };
  const std::string given = group.empty() ? version : group + "/" + version;
  const auto otherKind = [&] {
    const std::string internal = info.group.empty() ? "core" : std::string(info.group.substr(0, info.group.find('.')));
    return refuse("converting (" + version + "." + kind + ") to (" + internal + "." + std::string(info.kind) +
                  "): unknown conversion");
  };
  const api::ResourceInfo* known = api::findKind(given, kind);
  if (!known && kind.ends_with("List") && api::findKind(given, kind.substr(0, kind.size() - 4))) return otherKind();
  if (!known)
    return refuse("no kind " + api::quote(kind) + " is registered for version " + api::quote(given) +
                  " in scheme \"pkg/runtime/scheme.go:111\"");
  Decoded d = decode(*api::findType(known->kind), body, duplicates);
  if (!d.error.empty()) return refuse(d.error);
  if (fieldValidation == "Strict" && !d.strict.empty()) {
    std::string all;
    for (const std::string& s : d.strict) all += (all.empty() ? "" : ", ") + s;
    return refuse("strict decoding error: " + all);
  }
  if (fieldValidation != "Ignore") warnings.insert(warnings.end(), d.strict.begin(), d.strict.end());
  if (known->resource != resource) return otherKind();
  body = std::move(d.object);
  body.set(api::key::apiVersion, info.apiVersion());
  body.set(api::key::kind, info.kind);
  return {};
}

// Models apimachinery pkg/apis/meta/v1/validation ValidateCreateOptions and its siblings.
Refusal validateOptions(std::string_view kind, const std::vector<std::string>& dryRun, std::string_view fieldManager,
                        std::string_view fieldValidation, bool applyPatch, bool forceGiven) {
  ErrorList errors;
  if (kind == "PatchOptions" && applyPatch && fieldManager.empty())
    errors.push_back({ErrorType::Required, "fieldManager", "", "is required for apply patch"});
  if (kind == "PatchOptions" && !applyPatch && forceGiven)
    errors.push_back({ErrorType::Forbidden, "force", "", "may not be specified for non-apply patch"});
  if (fieldManager.size() > 128)
    errors.push_back({ErrorType::TooLong, "fieldManager", "", "may not be more than 128 bytes"});
  std::string list;
  for (const std::string& d : dryRun) list += (list.empty() ? "" : ",") + api::quote(d);
  if (std::any_of(dryRun.begin(), dryRun.end(), [](const std::string& d) { return d != "All"; }))
    errors.push_back({ErrorType::NotSupported, "dryRun", "[" + list + "]", "supported values: \"All\""});
  if (fieldValidation != "" && fieldValidation != "Ignore" && fieldValidation != "Strict" && fieldValidation != "Warn")
    errors.push_back({ErrorType::NotSupported, "fieldValidation", api::quote(fieldValidation),
                      "supported values: \"\", \"Ignore\", \"Strict\", \"Warn\""});
  return errors.empty() ? Refusal() : invalid("meta.k8s.io", kind, "", errors);
}

}  // namespace apiserver
