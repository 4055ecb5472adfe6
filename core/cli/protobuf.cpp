#include "core/cli/protobuf.hpp"

#include <cstring>
#include <vector>

#include "core/api/schema.hpp"
#include "core/api/time.hpp"
#include "core/manifest/manifest.hpp"

namespace cli {
namespace {
using namespace api;

struct Numbers {
  std::string_view type, fields;
};
constexpr Numbers numbers[] = {
#define FIELDS(type, fields) {type, fields},
#include "core/cli/protobuf_fields.def"
#undef FIELDS
};
std::string_view fieldsOf(std::string_view type) {
  for (const Numbers& n : numbers) {
    if (n.type == type) return n.fields;
  }
  return {};
}

/// One field as it stands on the wire.
struct Wire {
  uint32_t number = 0, type = 0;
  uint64_t integer = 0;    ///< of a varint or a fixed number
  std::string_view bytes;  ///< of what has a length
};

bool varint(std::string_view& in, uint64_t& out) {
  out = 0;
  for (int shift = 0; shift < 64 && !in.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(in[0]);
    in.remove_prefix(1);
    out |= uint64_t(byte & 127) << shift;
    if (byte < 128) return true;
  }
  return false;
}

bool fixed(std::string_view& in, size_t size, uint64_t& out) {
  if (in.size() < size) return false;
  out = 0;
  for (size_t i = size; i-- > 0;) out = out << 8 | static_cast<unsigned char>(in[i]);
  in.remove_prefix(size);
  return true;
}

bool next(std::string_view& in, Wire& w) {
  uint64_t tag = 0;
  if (!varint(in, tag)) return false;
  w.number = uint32_t(tag >> 3);
  w.type = uint32_t(tag & 7);
  w.bytes = {};
  if (w.type == 0) return varint(in, w.integer);
  if (w.type == 1) return fixed(in, 8, w.integer);
  if (w.type == 5) return fixed(in, 4, w.integer);
  if (w.type != 2 || !varint(in, w.integer) || w.integer > in.size()) return false;
  w.bytes = in.substr(0, size_t(w.integer));
  in.remove_prefix(size_t(w.integer));
  return true;
}

std::string base64(std::string_view s) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  for (size_t i = 0; i < s.size(); i += 3) {
    uint32_t bits = 0;
    for (size_t k = 0; k < 3; ++k) bits = bits << 8 | (i + k < s.size() ? static_cast<unsigned char>(s[i + k]) : 0);
    for (size_t k = 0; k < 4; ++k) out += i + k <= s.size() ? digits[bits >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

class Reader {
 public:
  bool ok() const { return ok_; }

  Value message(std::string_view in, const Type& type, int depth = 0) {
    Value out = Value::object({});
    readInto(out, in, type, type.name, depth);
    return out;
  }

 private:
  void readInto(Value& out, std::string_view in, const Type& type, std::string_view table, int depth) {
    const std::string_view fields = fieldsOf(table);
    Wire w;
    while (ok_ && !in.empty()) {
      if (depth > 100 || !next(in, w)) {
        ok_ = false;
        return;
      }
      const std::string_view name = nameOf(fields, w.number);
      if (name.empty()) continue;
      if (name[0] == '+') {
        readInto(out, w.bytes, type, name.substr(1), depth + 1);
      } else if (const Field* f = type.find(Key(name))) {
        add(out, *f, w, depth);
      }
    }
  }

  static std::string_view nameOf(std::string_view fields, uint32_t number) {
    const std::string wanted = "=" + std::to_string(number);
    while (!fields.empty()) {
      const size_t comma = std::min(fields.find(','), fields.size());
      const std::string_view field = fields.substr(0, comma);
      const size_t equal = field.find('=');
      if (field.substr(equal) == wanted) return field.substr(0, equal);
      fields.remove_prefix(std::min(comma + 1, fields.size()));
    }
    return {};
  }

  void add(Value& out, const Field& f, const Wire& w, int depth) {
    if (f.shape == Shape::Array) {
      Value list = out[f.key];
      if (list.isNull()) list = Value::array({});
      list.append(single(f, w, depth));
      out.set(f.key, std::move(list));
      return;
    }
    if (f.shape == Shape::Map) {
      std::string_view in = w.bytes;
      std::string key;
      Value value = f.type == FieldType::String || f.type == FieldType::Bytes ? Value("") : Value();
      Wire part;
      while (!in.empty() && (ok_ = ok_ && next(in, part))) {
        if (part.number == 1) key = part.bytes;
        if (part.number == 2) value = single(f, part, depth);
      }
      out.set({f.key, Key(key)}, std::move(value));
      return;
    }
    Value v = single(f, w, depth);
    // What Go's JSON would leave out is left out here too: protobuf writes every field that is no pointer.
    if (!f.pointer && (f.omitEmpty || v.isNull()) && isZero(v)) return;
    out.set(f.key, std::move(v));
  }

  static bool isZero(const Value& v) {
    switch (v.kind()) {
      case Kind::Null: return true;
      case Kind::Bool: return !v.asBool();
      case Kind::Int: return v.asInt() == 0;
      case Kind::String: return v.asString().empty();
      default: return false;
    }
  }

  Value single(const Field& f, const Wire& w, int depth) {
    switch (f.type) {
      case FieldType::String: return w.bytes;
      case FieldType::Bytes: return base64(w.bytes);
      case FieldType::Bool: return w.integer != 0;
      case FieldType::Int32: return int64_t(int32_t(uint32_t(w.integer)));
      case FieldType::Int64: return int64_t(w.integer);
      case FieldType::Double: {
        double d = 0;
        std::memcpy(&d, &w.integer, sizeof d);
        return d;
      }
      case FieldType::Object: {
        const Type* t = elementType(f);
        return t ? message(w.bytes, *t, depth + 1) : Value();
      }
      default: return special(f.type, w.bytes);
    }
  }

  /// The small messages that are scalars in JSON.
  Value special(FieldType type, std::string_view in) {
    Wire parts[4];
    Wire w;
    while (!in.empty() && (ok_ = ok_ && next(in, w))) {
      if (w.number < 4) parts[w.number] = w;
    }
    switch (type) {
      case FieldType::Quantity: return parts[1].bytes;
      case FieldType::IntOrString:
        return parts[1].integer ? Value(parts[3].bytes) : Value(int64_t(int32_t(uint32_t(parts[2].integer))));
      case FieldType::Time:
      case FieldType::MicroTime: {
        const auto seconds = int64_t(parts[1].integer), nanos = int64_t(parts[2].integer);
        if (parts[1].number == 0 || seconds < 0) return {};
        return type == FieldType::Time ? formatTime(seconds * 1000) : formatMicroTime(seconds * 1000 + nanos / 1000000);
      }
      default: {
        std::string error;
        return manifest::parseJson(parts[1].bytes, error);
      }
    }
  }

  bool ok_ = true;
};
}  // namespace

bool jsonOfProtobuf(std::string_view body, std::string& json) {
  if (body.substr(0, 4) != std::string_view("k8s\0", 4)) return false;
  body.remove_prefix(4);
  std::string_view raw, typeMeta;
  std::string kind, version;
  Wire w;
  while (!body.empty()) {
    if (!next(body, w)) return false;
    if (w.number == 1) typeMeta = w.bytes;
    if (w.number == 2) raw = w.bytes;
  }
  while (!typeMeta.empty()) {
    if (!next(typeMeta, w)) return false;
    (w.number == 1 ? version : kind) = w.bytes;
  }
  Reader reader;
  const Type* type = findType(kind);
  Value out = type ? reader.message(raw, *type) : Value::object({});
  out.set(key::kind, kind);
  out.set(key::apiVersion, version);
  json = toJson(out);
  return reader.ok();
}

}  // namespace cli
