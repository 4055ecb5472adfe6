#include "core/apiserver/patch.hpp"

#include "core/api/names.hpp"

namespace apiserver {
using namespace api;

namespace {
std::string notA(std::string_view type, const Value& v) {
  const char* what = v.kind() == Kind::Array    ? "array"
                     : v.kind() == Kind::Object ? "object"
                     : v.kind() == Kind::String ? "string"
                     : v.kind() == Kind::Bool   ? "bool"
                                                : "number";
  return std::string("json: cannot unmarshal ") + what + " into Go value of type " + std::string(type);
}
std::string notAnObject(const Value& v) { return notA("map[string]interface {}", v); }
}  // namespace

Response applyPatch(const Request& request, std::string_view typeName, const Value& before, Value& after) {
  switch (request.patchType) {
    case PatchType::json: return jsonPatch(before, request.body, after);
    case PatchType::strategic: {
      if (request.body.kind() != Kind::Object) return badRequest(notAnObject(request.body));
      return strategicMergePatch(*findType(typeName), before, request.body, after);
    }
    case PatchType::merge:
      if (request.body.kind() != Kind::Object) return badRequest("error decoding patch: " + notAnObject(request.body));
      after = mergePatch(before, request.body);
      return {};
    default: break;
  }
  return failure(415, "UnsupportedMediaType",
                 "the body of the request was in an unknown format - accepted media types include: "
                 "application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, "
                 "application/apply-patch+yaml");
}

std::string goText(const Value& v) {
  switch (v.kind()) {
    case Kind::Null: return "<nil>";
    case Kind::String: return std::string(v.asString());
    case Kind::Object: {
      std::string out = "map[";
      for (size_t i = 0; i < v.size(); ++i) {
        if (i) out += ' ';
        out += std::string(v.keyAt(i).text()) + ":" + goText(v.values()[i]);
      }
      return out + "]";
    }
    case Kind::Array: {
      std::string out = "[";
      for (size_t i = 0; i < v.size(); ++i) out += (i ? " " : "") + goText(v.values()[i]);
      return out + "]";
    }
    default: return toJson(v);
  }
}

std::string goSyntax(const Value& v) {
  std::string out;
  switch (v.kind()) {
    case Kind::Null: return "interface {}(nil)";
    case Kind::String: return quote(v.asString());
    case Kind::Array:
      for (const Value& item : v.values()) out += (out.empty() ? "" : ", ") + goSyntax(item);
      return "[]interface {}{" + out + "}";
    case Kind::Object:
      for (size_t i = 0; i < v.size(); ++i) {
        out += (i ? ", " : "") + quote(v.keyAt(i).text()) + ":" + goSyntax(v.values()[i]);
      }
      return "map[string]interface {}{" + out + "}";
    default: return toJson(v);
  }
}

namespace {

/// "/spec/containers/0/~1x": its steps as texts; false where there is no slash. What stands before the first one does
/// not count, so "spec/replicas" is "/replicas". Models findObject of evanphx/json-patch.
bool splitPointer(std::string_view pointer, std::vector<std::string>& out) {
  for (char c : pointer) {
    if (c == '/') {
      out.emplace_back();
    } else if (!out.empty()) {
      out.back() += c;
    }
  }
  for (std::string& s : out) {
    for (size_t i = 0; (i = s.find('~', i)) != s.npos; ++i) {
      if (i + 1 < s.size() && (s[i + 1] == '0' || s[i + 1] == '1')) s.replace(i, 2, s[i + 1] == '0' ? "~" : "/");
    }
  }
  return !out.empty();
}

bool toIndex(std::string_view text, size_t size, size_t& out) {
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 9) return false;
  out = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + size_t(c - '0');
  }
  if (negative) {  // evanphx/json-patch counts from the end
    if (out > size || out == 0) return false;
    out = size - out;
  }
  return true;
}

/// The steps to what `parts` name, as far as there is something.
bool walk(const Value& root, std::span<const std::string> parts, std::vector<Step>& path) {
  const Value* v = &root;
  for (const std::string& part : parts) {
    size_t index = 0;
    if (v->kind() == Kind::Array) {
      if (!toIndex(part, v->size(), index) || index >= v->size()) return false;
      path.push_back(Step::index(index));
    } else {
      Key k(key::Id(0));
      if (!Key::known(part, k)) return false;
      path.push_back(k);
    }
    v = root.find(Path(path));
    if (!v) return false;
  }
  return true;
}

/// The object or array that holds what `parts` name, and the steps to it; null where there is none.
const Value* holder(const Value& root, const std::vector<std::string>& parts, std::vector<Step>& path) {
  if (!walk(root, std::span(parts).first(parts.size() - 1), path)) return nullptr;
  const Value* v = root.find(Path(path));
  return v && (v->kind() == Kind::Array || v->kind() == Kind::Object) ? v : nullptr;
}

bool add(Value& root, const std::vector<std::string>& parts, const Value& value) {
  std::vector<Step> path;
  const Value* found = holder(root, parts, path);
  if (!found) return false;
  const Value parent = *found;
  if (parent.kind() == Kind::Array) {
    size_t index = parent.size();
    if (parts.back() != "-" &&
        (!toIndex(parts.back(), parent.size() + (parts.back()[0] == '-'), index) || index > parent.size()))
      return false;
    std::vector<Value> items(parent.values().begin(), parent.values().end());
    items.insert(items.begin() + long(index), value);
    root.set(Path(path), Value::array(std::move(items)));
    return true;
  }
  path.push_back(Key(parts.back()));
  root.set(Path(path), value);
  return true;
}

/// What is there, in `out`: null for an object's member that is absent, which is no error but to `remove`.
bool get(const Value& root, const std::vector<std::string>& parts, std::vector<Step>& path, Value& out) {
  const Value* parent = holder(root, parts, path);
  if (!parent) return false;
  if (parent->kind() == Kind::Object) {
    path.push_back(Key(parts.back()));
    const Value* member = parent->find(Key(parts.back()));
    out = member ? *member : Value();
    return true;
  }
  size_t index = 0;
  if (!toIndex(parts.back(), parent->size(), index) || index >= parent->size()) return false;
  path.push_back(Step::index(index));
  out = (*parent)[index];
  return true;
}

bool removeAt(Value& root, const std::vector<std::string>& parts) {
  std::vector<Step> path;
  return !parts.empty() && walk(root, parts, path) && root.erase(Path(path));
}

/// What copies may add up to. As in evanphx/json-patch: else a few operations double a document over and over.
constexpr size_t maxOperations = 10000;
constexpr size_t maxCopied = 3 * 1024 * 1024;

bool operate(Value& root, const Value& operation, size_t& copied) {
  const std::string_view op = operation[Key("op")].asString();
  std::vector<std::string> path, from;
  if (operation[Key("path")].kind() != Kind::String) return false;
  const std::string_view pointer = operation[Key("path")].asString();
  static const Key valueKey("value"), fromKey("from");
  const Value& value = operation[valueKey];
  if (pointer.empty() && op == "replace") {
    root = value;
    return value.kind() == Kind::Object || value.kind() == Kind::Array;
  }
  if (pointer.empty() && op == "test") return root == value;
  if (!splitPointer(pointer, path)) return false;
  if (op == "add") return add(root, path, value);
  if (op == "remove") return removeAt(root, path);
  std::vector<Step> steps;
  Value found;
  if (op == "replace") {
    if (!get(root, path, steps, found)) return false;
    root.set(Path(steps), value);
    return true;
  }
  if (op == "test") return get(root, path, steps, found) && found == value;
  if (op != "move" && op != "copy") return false;
  if (!splitPointer(operation[fromKey].asString(), from) || !get(root, from, steps, found)) return false;
  if (op == "copy" && (copied += toJson(found).size()) > maxCopied) return false;
  if (op == "move" && !removeAt(root, from)) return false;
  return add(root, path, found);
}
}  // namespace

// What fails is answered without a word on why: the server gives the patch library's error no way out.
Response jsonPatch(const Value& before, const Value& operations, Value& after) {
  if (operations.kind() != Kind::Array)
    return badRequest("error decoding patch: " + notA("[]handlers.jsonPatchOp", operations));
  if (operations.size() > maxOperations)
    return failure(413, "RequestEntityTooLarge",
                   "Request entity too large: The allowed maximum operations in a JSON patch is 10000, got " +
                       std::to_string(operations.size()));
  after = before;
  size_t copied = 0;
  for (const Value& operation : operations.values()) {
    if (operate(after, operation, copied)) continue;
    Response r = failure(422, "Invalid", "the server rejected our request due to an error in our request");
    r.body.set(key::details, Value::object({}));
    return r;
  }
  return {};
}

}  // namespace apiserver
