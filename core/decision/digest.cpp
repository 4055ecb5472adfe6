#include "core/decision/digest.hpp"

#include <cstring>
#include <iterator>

namespace decision {
namespace key = api::key;
namespace {
/// std::bit_cast is not in the library that Emscripten 3.1.6 brings.
uint64_t bitsOf(double d) {
  uint64_t bits;
  std::memcpy(&bits, &d, sizeof bits);
  return bits;
}

/// The digest of a part of an object. Most parts come again unchanged in the object's next version and in other states,
/// so those that were seen lately are held, which also keeps their nodes' addresses theirs.
uint64_t digestOfPart(const api::Value& part) {
  struct Seen {
    api::Value part;
    uint64_t digest = 0;
  };
  static Seen seen[4096];
  if (part.size() == 0) return (Digest() << part).value();
  Seen& s = seen[reinterpret_cast<uintptr_t>(part.values().data()) / 8 % std::size(seen)];
  if (!s.part.same(part)) s = {part, (Digest() << part).value()};
  return s.digest;
}
}  // namespace

Digest& Digest::operator<<(const api::Value& v) {
  mix(uint64_t(v.kind()));
  switch (v.kind()) {
    case api::Kind::Null: return *this;
    case api::Kind::Bool: return mix(v.asBool());
    case api::Kind::Int: return mix(uint64_t(v.asInt()));
    case api::Kind::Double: return mix(bitsOf(v.asDouble()));
    case api::Kind::String: return *this << v.asString();
    case api::Kind::Array: return all(v.values());
    case api::Kind::Object: break;
  }
  mix(v.size());
  for (size_t i = 0; i < v.size(); ++i) mix(v.keyAt(i).id) << v.values()[i];
  return *this;
}

uint64_t digestOfObject(const api::Value& object) {
  Digest digest;
  for (size_t i = 0; i < object.size(); ++i) {
    const api::Key k = object.keyAt(i);
    const api::Value& v = object.values()[i];
    digest << k.id;
    if (k != api::Key(key::metadata)) {
      digest << digestOfPart(v);
      continue;
    }
    for (size_t m = 0; m < v.size(); ++m) {
      const api::Key field = v.keyAt(m);
      if (field == api::Key(key::resourceVersion) || field == api::Key(key::managedFields)) continue;
      digest << field.id << digestOfPart(v.values()[m]);
    }
  }
  return digest.value();
}

}  // namespace decision
