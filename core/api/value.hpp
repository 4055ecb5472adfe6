#pragma once
// A document: a tree of JSON values whose copies share their nodes. A copy costs one reference; a change to a copy
// costs the nodes on the path to what changed (copy on write), so every version of an object can be kept. Used by
// everything that holds an API object. Not thread safe: references are plain counts. Not modelled: integers beyond
// int64. Parsing is in core/manifest.
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "generated/api/keys.hpp"

namespace api {

/// An interned object key. A schema's keys have constant ids, others get one when they first occur; ids never reach any
/// output.
struct Key {
  uint32_t id;
  constexpr Key(key::Id known) : id(uint32_t(known)) {}
  explicit Key(std::string_view text);
  /// The key with this text if anything ever used it; never adds one, so hostile look-ups cost no memory.
  static bool known(std::string_view text, Key& out);
  std::string_view text() const;
  friend bool operator==(Key, Key) = default;
};
/// The order of members: by the bytes of the keys' texts, which is also Go's and so the canonical one. The ids of the
/// schemas' keys are in that order.
bool lessByText(Key, Key);
inline bool operator<(Key a, Key b) {
  return a.id < key::schemaKeys && b.id < key::schemaKeys ? a.id < b.id : lessByText(a, b);
}

/// One step of a path: into an object by key or into an array by index.
struct Step {
  uint32_t value;
  bool isIndex;
  constexpr Step(key::Id known) : value(uint32_t(known)), isIndex(false) {}
  constexpr Step(Key k) : value(k.id), isIndex(false) {}
  static constexpr Step index(size_t i) {
    Step s{key::Id(0)};
    s.value = uint32_t(i);
    s.isIndex = true;
    return s;
  }
  Key asKey() const { return Key(key::Id(value)); }
};
using Path = std::span<const Step>;

enum class Kind : uint8_t { Null, Bool, Int, Double, String, Array, Object };

struct Member;
struct Item;

// Look-ups are most of what everything does. Natively each is worth its room where it stands; the page has to be small.
#ifdef __EMSCRIPTEN__
#define ORDINAL_LOOK_UP
constexpr bool ordinalSeesPath = false;
#else
#define ORDINAL_LOOK_UP [[gnu::always_inline]]
constexpr bool ordinalSeesPath = true;
#endif

class Value {
 public:
  /// Followed by characters, by values, or by key ids (an even number of them) and values: what says whether a key is
  /// there lies together.
  struct Node {
    uint32_t refs, size;
  };

  Value() : Value(Kind::Null) {}
  Value(bool b) : Value(Kind::Bool) { word_.b = b; }
  Value(int i) : Value(int64_t(i)) {}
  Value(int64_t i) : Value(Kind::Int) { word_.i = i; }
  Value(double d) : Value(Kind::Double) { word_.d = d; }
  Value(std::string_view text);
  Value(const char* text) : Value(std::string_view(text)) {}
  Value(const std::string& text) : Value(std::string_view(text)) {}
  static Value array(std::vector<Value> items);
  static Value array(std::initializer_list<Item> items);
  static Value object(std::vector<std::pair<Key, Value>> members);  ///< in any order; of equal keys the last counts
  static Value object(std::initializer_list<Member> members);       ///< the same
  Value(const Value& other) {
    take(other);
    retain();
  }
  Value(Value&& other) noexcept {
    take(other);
    other.word_.kind = Kind::Null;
  }
  Value& operator=(Value other) noexcept {
    swap(other);
    return *this;
  }
  ~Value() { release(); }
  void swap(Value& other) noexcept;

  Kind kind() const { return word_.kind; }
  bool isNull() const { return kind() == Kind::Null; }
  bool asBool() const { return kind() == Kind::Bool && word_.b; }
  int64_t asInt() const { return kind() == Kind::Int ? word_.i : 0; }
  double asDouble() const { return kind() == Kind::Double ? word_.d : double(asInt()); }
  /// Valid while this value (or the node it lies in) is neither changed nor dropped.
  std::string_view asString() const {
    if (kind() != Kind::String) return {};
    if (word_.length != inNode) return {small_.text, small_.length};
    return {reinterpret_cast<const char*>(word_.node + 1), word_.node->size};
  }

  size_t size() const { return kind() >= Kind::Array ? word_.node->size : 0; }  ///< of arrays and objects, else 0
  std::span<const Value> values() const;                                        ///< of arrays and objects
  Key keyAt(size_t i) const;
  /// Null where there is no such member. Objects of one kind have a key in the same place, so the place where it was
  /// in the last object of this size is tried first.
  ORDINAL_LOOK_UP const Value* find(Key k) const {
    if (kind() != Kind::Object) return nullptr;
    const Node* node = word_.node;
    const uint32_t n = node->size;
    uint8_t& place = places_[(k.id + n * 149) % std::size(places_)];
    const uint32_t i = place, *all = reinterpret_cast<const uint32_t*>(node + 1);
    if (i < n && all[i] == k.id) [[likely]]
      return reinterpret_cast<const Value*>(all + (n + 1) / 2 * 2) + i;
    return findElsewhere(k, place);
  }
  const Value* find(Path) const;
  const Value* find(std::string_view text) const {
    Key k(key::Id(0));
    return Key::known(text, k) ? find(k) : nullptr;
  }
  ORDINAL_LOOK_UP const Value& operator[](Key k) const {
    const Value* v = find(k);
    return v ? *v : null();
  }
  const Value& operator[](size_t i) const { return i < size() && kind() >= Kind::Array ? values()[i] : null(); }
  ORDINAL_LOOK_UP const Value& get(std::initializer_list<Step> path) const {
    const Step* s = path.begin();
    if (ordinalSeesPath && path.size() == 2 && !s[0].isIndex && !s[1].isIndex)
      return (*this)[s[0].asKey()][s[1].asKey()];
    const Value* v = find(Path(s, path.size()));
    return v ? *v : null();
  }

  /// Makes objects on the way as needed; nothing is copied where the value is there already. An index must exist.
  void set(Path, Value);
  void set(std::initializer_list<Step> path, Value v) { set(Path(path.begin(), path.size()), std::move(v)); }
  void set(Key k, Value v) {
    Step s(k);
    set(Path(&s, 1), std::move(v));
  }
  /// Sets several members of an object at the cost of one new node.
  void setAll(std::initializer_list<Member>);
  bool erase(Path);
  bool erase(std::initializer_list<Step> path) { return erase(Path(path.begin(), path.size())); }
  bool erase(Key k) {
    Step s(k);
    return erase(Path(&s, 1));
  }
  void append(Value);

  /// Whether both share all there is: equal at the cost of a comparison of two words.
  bool same(const Value& other) const { return std::memcmp(&word_, &other.word_, sizeof word_) == 0; }
  friend bool operator==(const Value&, const Value&);

 private:
  static const Value nothing_;
  static uint8_t places_[4096];
  static constexpr uint8_t inNode = 255;
  struct Word {
    Kind kind;
    uint8_t length;
    char rest[6];
    union {
      bool b;
      int64_t i;
      double d;
      Node* node;
    };
  };
  struct Small {
    Kind kind;
    uint8_t length;
    char text[14];
  };
  union {
    Word word_;
    Small small_;
  };

  explicit Value(Kind k) {
    std::memset(static_cast<void*>(&word_), 0, sizeof word_);
    word_.kind = k;
    word_.length = inNode;
  }
  Value(Kind k, Node* n) : Value(k) { word_.node = n; }
  static const Value& null() { return nothing_; }
  [[gnu::always_inline]] bool holdsNode() const { return kind() >= Kind::String && word_.length == inNode; }
  void take(const Value& other) { std::memcpy(static_cast<void*>(&word_), &other.word_, sizeof word_); }
  void retain() {
    if (holdsNode()) word_.node->refs++;
  }
  void release() {
    if (holdsNode() && --word_.node->refs == 0) destroy();
  }
  void destroy();
  Value* items() const;
  uint32_t* ids() const;
  [[gnu::noinline]] const Value* findElsewhere(Key, uint8_t& place) const;
  void resize(size_t size, size_t gap);
  Value& member(Step);
  Value& insert(Key);
  Value merged(std::span<const Member* const>) const;
};
static_assert(sizeof(Value) == 16);

/// What objects and arrays are made of where they are written down: `Value::object({{key::name, name}, …})`. The value
/// is moved from, which an initializer_list forbids otherwise.
struct Member {
  Key key;
  mutable Value value;
};
struct Item {
  mutable Value value;
  template <class T>
  requires std::convertible_to<T, Value> Item(T&& v) : value(std::forward<T>(v)) {}
};

/// RFC 7386. Parts that the patch does not change stay shared.
Value mergePatch(const Value& target, const Value& patch);

/// What differs, leaf by leaf; null stands for absent. The pointers are valid while both documents live.
struct Change {
  std::vector<Step> path;
  const Value* before;
  const Value* after;
};
std::vector<Change> diff(const Value& before, const Value& after);

/// JSON as Go's encoding/json writes maps: sorted keys, no spaces, <, > and & escaped.
void toJson(const Value&, std::string& out);
std::string toJson(const Value&);

struct Memory {
  size_t nodes, bytes;
};
Memory liveMemory();  ///< nodes that live now and the bytes they asked for

}  // namespace api
