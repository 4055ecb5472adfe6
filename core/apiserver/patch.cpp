#include "core/apiserver/patch.hpp"

namespace apiserver {
using namespace api;

namespace {
std::string notAnObject(const Value& v) {
  const char* what = v.kind() == Kind::Array    ? "array"
                     : v.kind() == Kind::String ? "string"
                     : v.kind() == Kind::Bool   ? "bool"
                                                : "number";
  return std::string("json: cannot unmarshal ") + what + " into Go value of type map[string]interface {}";
}
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

namespace {

/// "/spec/containers/0/~1x": its steps as texts; false where it does not begin with a slash.
bool splitPointer(std::string_view pointer, std::vector<std::string>& out) {
  if (pointer.empty()) return true;
  if (pointer[0] != '/') return false;
  for (char c : pointer) {
    if (c == '/') {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  for (std::string& s : out) {
    for (size_t i = 0; (i = s.find('~', i)) != s.npos; ++i) {
      if (i + 1 < s.size() && (s[i + 1] == '0' || s[i + 1] == '1')) s.replace(i, 2, s[i + 1] == '0' ? "~" : "/");
    }
  }
  return true;
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

bool add(Value& root, const std::vector<std::string>& parts, const Value& value) {
  if (parts.empty()) {
    root = value;
    return true;
  }
  std::vector<Step> path;
  if (!walk(root, std::span(parts).first(parts.size() - 1), path)) return false;
  const Value parent = *root.find(Path(path));
  if (parent.kind() == Kind::Array) {
    size_t index = parent.size();
    if (parts.back() != "-" && (!toIndex(parts.back(), parent.size(), index) || index > parent.size())) return false;
    std::vector<Value> items(parent.values().begin(), parent.values().end());
    items.insert(items.begin() + long(index), value);
    root.set(Path(path), Value::array(std::move(items)));
    return true;
  }
  if (parent.kind() != Kind::Object) return false;
  path.push_back(Key(parts.back()));
  root.set(Path(path), value);
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
  if (!splitPointer(operation[Key("path")].asString(), path)) return false;
  static const Key valueKey("value"), fromKey("from");
  const Value& value = operation[valueKey];
  if (op == "add") return add(root, path, value);
  if (op == "remove") return removeAt(root, path);
  std::vector<Step> steps;
  if (op == "replace") {
    if (!walk(root, path, steps)) return false;
    root.set(Path(steps), value);
    return true;
  }
  if (op == "test") {
    if (!walk(root, path, steps)) return value.isNull();
    return *root.find(Path(steps)) == value;
  }
  if (op != "move" && op != "copy") return false;
  if (!splitPointer(operation[fromKey].asString(), from) || !walk(root, from, steps)) return false;
  const Value moved = *root.find(Path(steps));
  if (op == "copy" && (copied += toJson(moved).size()) > maxCopied) return false;
  if (op == "move" && !removeAt(root, from)) return false;
  return add(root, path, moved);
}
}  // namespace

// What fails is answered without a word on why: the server gives the patch library's error no way out.
Response jsonPatch(const Value& before, const Value& operations, Value& after) {
  if (operations.kind() != Kind::Array)
    return badRequest(
        "error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp");
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
