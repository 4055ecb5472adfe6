#include "core/api/value.hpp"

#include <algorithm>
#include <deque>
#include <new>
#include <unordered_map>

#include "core/api/sort.hpp"

namespace api {
namespace {

struct Interned {
  std::deque<std::string> added;
  std::vector<std::string_view> texts{std::begin(key::texts), std::end(key::texts)};
  std::unordered_map<std::string_view, uint32_t> ids;
  Interned() {
    for (uint32_t i = 0; i < texts.size(); ++i) ids.emplace(texts[i], i);
  }
};
Interned& interned() {
  static Interned table;
  return table;
}

Memory live{};

// Nodes are small, many and short-lived: memory.cpp is made for that.
void* allocate(size_t bytes) {
  live.nodes++;
  live.bytes += bytes;
  return ::operator new(bytes);
}
void deallocate(void* memory, size_t bytes) {
  live.nodes--;
  live.bytes -= bytes;
  ::operator delete(memory, bytes);
}

}  // namespace
Memory liveMemory() { return live; }

// ---- keys

// The same few texts are asked for again and again, mostly literals: which key a text of this length with these ends
// was last is looked at first.
static uint32_t& recentKey(std::string_view text) {
  static uint32_t recent[256];
  const unsigned ends = text.empty() ? 0 : unsigned(text.front()) * 7 + unsigned(text.back()) * 3;
  return recent[(ends + text.size() * 31) % std::size(recent)];
}

bool Key::known(std::string_view text, Key& out) {
  const Interned& table = interned();
  uint32_t& recent = recentKey(text);
  if (table.texts[recent] != text) {
    const auto it = table.ids.find(text);
    if (it == table.ids.end()) return false;
    recent = it->second;
  }
  out.id = recent;
  return true;
}
Key::Key(std::string_view text) : id(0) {
  if (known(text, *this)) return;
  Interned& table = interned();
  id = uint32_t(table.texts.size());
  table.texts.push_back(table.added.emplace_back(text));
  table.ids.emplace(table.texts.back(), id);
}
std::string_view Key::text() const { return interned().texts[id]; }
bool lessByText(Key a, Key b) { return a.text() < b.text(); }

// ---- nodes

namespace {
using Node = Value::Node;

/// Key ids before the values, with what aligns them.
constexpr size_t idRoom(size_t size) { return (size + 1) / 2 * 2 * sizeof(uint32_t); }
char* content(Node* n) { return reinterpret_cast<char*>(n + 1); }
size_t bytesOf(Kind k, size_t size) {
  return sizeof(Node) + (k == Kind::String  ? size
                         : k == Kind::Array ? size * sizeof(Value)
                                            : idRoom(size) + size * sizeof(Value));
}
Node* makeNode(Kind k, size_t size) { return new (allocate(bytesOf(k, size))) Node{1, uint32_t(size)}; }
}  // namespace

uint32_t* Value::ids() const { return reinterpret_cast<uint32_t*>(content(word_.node)); }
Value* Value::items() const {
  return reinterpret_cast<Value*>(content(word_.node) + (kind() == Kind::Object ? idRoom(word_.node->size) : 0));
}
const Value Value::nothing_;
uint8_t Value::places_[4096];
void Value::swap(Value& other) noexcept { std::swap(word_, other.word_); }

void Value::destroy() {
  Node* node = word_.node;
  if (kind() != Kind::String)
    for (size_t i = 0; i < node->size; ++i) items()[i].~Value();
  deallocate(node, bytesOf(kind(), node->size));
}

/// Makes the node this value's own, with `size` members, those from `gap` on moved one up (a longer node) or down (a
/// shorter one).
void Value::resize(size_t size, size_t gap) {
  Node* old = word_.node;
  const bool own = old->refs == 1;
  if (own && size == old->size) return;
  const size_t n = old->size, skip = size<n, hole = size> n;
  Value* from = items();
  const uint32_t* fromIds = ids();
  word_.node = makeNode(kind(), size);
  auto copy = [&](auto* to, const auto* source) {
    std::memcpy(static_cast<void*>(to), source, gap * sizeof *to);
    std::memcpy(static_cast<void*>(to + gap + hole), source + gap + skip, (n - gap - skip) * sizeof *to);
  };
  copy(items(), from);
  if (kind() == Kind::Object) copy(ids(), fromIds);
  if (hole) new (items() + gap) Value;
  if (own) {
    if (skip) from[gap].~Value();
    deallocate(old, bytesOf(kind(), n));
  } else {
    old->refs--;
    for (size_t i = 0; i < size; ++i) items()[i].retain();
  }
}

// Times, uids, images and sentences are written down many times, so a text that was made a moment ago is shared.
Value::Value(std::string_view text) : Value(Kind::String) {
  constexpr size_t longest = 128;
  static Node* recent[1024];
  if (text.size() <= sizeof small_.text) {
    small_.length = uint8_t(text.size());
    std::copy(text.begin(), text.end(), small_.text);
    return;
  }
  uint64_t end, middle;
  std::memcpy(&end, text.data() + text.size() - sizeof end, sizeof end);
  std::memcpy(&middle, text.data() + text.size() / 2 - sizeof middle / 2, sizeof middle);
  const uint64_t hash = (end ^ middle * 31 ^ text.size()) * 0x9e3779b97f4a7c15;
  Node*& known = recent[text.size() > longest ? 0 : hash >> 54];
  if (known && known->size == text.size() && std::memcmp(content(known), text.data(), text.size()) == 0) {
    known->refs++;
    word_.node = known;
    return;
  }
  word_.node = makeNode(Kind::String, text.size());
  std::memcpy(content(word_.node), text.data(), text.size());
  if (text.size() > longest) return;
  if (known && --known->refs == 0) deallocate(known, bytesOf(Kind::String, known->size));
  word_.node->refs++;
  known = word_.node;
}

Value Value::array(std::vector<Value> values) {
  Value v(Kind::Array, makeNode(Kind::Array, values.size()));
  for (size_t i = 0; i < values.size(); ++i) new (v.items() + i) Value(std::move(values[i]));
  return v;
}

Value Value::object(std::vector<std::pair<Key, Value>> members) {
  auto byKey = [](const auto& a, const auto& b) { return a.first < b.first; };
  if (members.size() > 32) {
    api::sort(members, byKey);
  } else {
    for (size_t i = 1; i < members.size(); ++i) {
      if (!byKey(members[i], members[i - 1])) continue;
      std::pair<Key, Value> member = std::move(members[i]);
      size_t at = i;
      do members[at] = std::move(members[at - 1]);
      while (--at > 0 && byKey(member, members[at - 1]));
      members[at] = std::move(member);
    }
  }
  size_t n = 0;
  for (size_t i = 0; i < members.size(); ++i) {
    if (n && members[n - 1].first == members[i].first) n--;
    if (n != i) members[n] = std::move(members[i]);
    n++;
  }
  Value v(Kind::Object, makeNode(Kind::Object, n));
  for (size_t i = 0; i < n; ++i) {
    new (v.items() + i) Value(std::move(members[i].second));
    v.ids()[i] = members[i].first.id;
  }
  return v;
}

Value Value::object(std::initializer_list<Member> members) {
  const Member* all = members.begin();
  const size_t n = members.size();
  bool ordered = true;
  for (size_t i = 1; i < n; ++i) ordered &= all[i - 1].key < all[i].key;
  if (!ordered) {
    std::vector<std::pair<Key, Value>> any;
    any.reserve(n);
    for (const Member& m : members) any.emplace_back(m.key, std::move(m.value));
    return object(std::move(any));
  }
  Value v(Kind::Object, makeNode(Kind::Object, n));
  uint32_t* ids = v.ids();
  Value* items = v.items();
  for (size_t i = 0; i < n; ++i) {
    ids[i] = all[i].key.id;
    new (items + i) Value(std::move(all[i].value));
  }
  return v;
}

Value Value::array(std::initializer_list<Item> items) {
  Value v(Kind::Array, makeNode(Kind::Array, items.size()));
  Value* to = v.items();
  for (const Item& item : items) new (to++) Value(std::move(item.value));
  return v;
}

// ---- reading

static bool comesBefore(uint32_t id, Key k) { return Key(key::Id(id)) < k; }

std::span<const Value> Value::values() const {
  return kind() >= Kind::Array ? std::span<const Value>(items(), size()) : std::span<const Value>();
}
Key Value::keyAt(size_t i) const { return Key(key::Id(ids()[i])); }

/// Where a key is among those of an object, or the number of them. The schemas' keys are in the order of their ids, any
/// other has a larger id wherever its text stands.
static uint32_t search(const uint32_t* all, uint32_t n, Key k, uint8_t& place) {
  if (n > 64) {
    const uint32_t* id = std::lower_bound(all, all + n, k, comesBefore);
    return id != all + n && *id == k.id ? uint32_t(id - all) : n;
  }
  uint32_t i = 0;
  if (k.id < key::schemaKeys) {
    while (i < n && all[i] < k.id) ++i;
    while (i < n && all[i] != k.id && all[i] >= key::schemaKeys) {
      do ++i;
      while (i < n && all[i] < k.id);
    }
  } else {
    while (i < n && all[i] != k.id) ++i;
  }
  place = uint8_t(i);
  return i < n && all[i] == k.id ? i : n;
}

/// What lies around the place shows that the key is nowhere, or it is searched for.
const Value* Value::findElsewhere(Key k, uint8_t& place) const {
  const uint32_t n = word_.node->size, *all = ids();
  uint32_t i = place;
  if (k.id < key::schemaKeys && i <= n && (i == 0 || all[i - 1] < k.id) &&
      (i == n || (all[i] > k.id && all[i] < key::schemaKeys)))
    return nullptr;
  i = search(all, n, k, place);
  return i < n ? items() + i : nullptr;
}
const Value* Value::find(Path path) const {
  const Value* v = this;
  for (Step s : path) {
    v = !s.isIndex                                        ? v->find(s.asKey())
        : v->kind() == Kind::Array && s.value < v->size() ? v->items() + s.value
                                                          : nullptr;
    if (!v) return nullptr;
  }
  return v;
}

bool operator==(const Value& a, const Value& b) {
  if (a.same(b)) return true;
  if (a.kind() != b.kind()) return false;
  if (a.kind() == Kind::String) return a.asString() == b.asString();
  if (a.kind() < Kind::Array) return a.kind() == Kind::Double && a.word_.d == b.word_.d;
  if (a.size() != b.size()) return false;
  if (a.kind() == Kind::Object && !std::equal(a.ids(), a.ids() + a.size(), b.ids())) return false;
  return std::equal(a.items(), a.items() + a.size(), b.items());
}

// ---- changing

/// Where a key that an object lacks belongs among its keys.
static size_t lowerBound(const uint32_t* ids, size_t n, Key k) {
  if (n > 32) return size_t(std::lower_bound(ids, ids + n, k, comesBefore) - ids);
  while (n > 0 && !comesBefore(ids[n - 1], k)) --n;
  return n;
}

/// The member, in a node of this value's own; a new null where there was none.
Value& Value::member(Step s) {
  if (s.isIndex) {
    resize(size(), size());
    return items()[s.value];
  }
  if (kind() != Kind::Object) *this = object({});
  const size_t n = size();
  const Value* present = find(s.asKey());
  const size_t i = present ? size_t(present - items()) : lowerBound(ids(), n, s.asKey());
  resize(present ? n : n + 1, present ? n : i);
  ids()[i] = s.value;
  return items()[i];
}

/// A new member, null, which the object lacked.
Value& Value::insert(Key k) {
  const size_t n = size(), i = lowerBound(ids(), n, k);
  resize(n + 1, i);
  ids()[i] = k.id;
  return items()[i];
}

void Value::set(Path path, Value value) {
  Value* v = this;
  // As far as the nodes are this document's own, nothing has to be copied.
  while (!path.empty() && !path[0].isIndex && v->kind() == Kind::Object && v->word_.node->refs == 1) {
    const Key k = path[0].asKey();
    const Value* present = v->find(k);
    v = present ? const_cast<Value*>(present) : &v->insert(k);
    path = path.subspan(1);
  }
  if (const Value* present = path.empty() ? nullptr : v->find(path); present && *present == value) return;
  for (Step s : path) v = &v->member(s);
  v->swap(value);
}

void Value::setAll(std::initializer_list<Member> members) {
  if (kind() != Kind::Object || size() == 0) return void(*this = object(members));
  constexpr size_t most = 16;
  if (members.size() > most) {
    for (const Member& m : members) set(m.key, std::move(m.value));
    return;
  }
  const Member* sorted[most];
  size_t count = 0;
  for (const Member& m : members) {
    size_t at = count++;
    for (; at > 0 && m.key < sorted[at - 1]->key; --at) sorted[at] = sorted[at - 1];
    sorted[at] = &m;
  }
  *this = merged(std::span(sorted, count));
}

/// The object with these members, which are in the order of their keys; of equal ones the last counts.
Value Value::merged(std::span<const Member* const> members) const {
  const size_t n = size();
  size_t added = 0;
  for (size_t m = 0; m < members.size(); ++m)
    added += (m == 0 || members[m - 1]->key != members[m]->key) && !find(members[m]->key);
  Value out(Kind::Object, makeNode(Kind::Object, n + added));
  uint32_t* ids = out.ids();
  Value* items = out.items();
  for (size_t i = 0, m = 0; i < n || m < members.size();) {
    if (m == members.size() || (i < n && keyAt(i) < members[m]->key)) {
      *ids++ = this->ids()[i];
      new (items++) Value(this->items()[i++]);
      continue;
    }
    const Key k = members[m]->key;
    while (m + 1 < members.size() && members[m + 1]->key == k) ++m;
    if (i < n && keyAt(i) == k) ++i;
    *ids++ = k.id;
    new (items++) Value(std::move(members[m++]->value));
  }
  return out;
}

bool Value::erase(Path path) {
  if (path.empty() || !find(path)) return false;
  Value* v = this;
  for (Step s : path.first(path.size() - 1)) v = &v->member(s);
  const size_t i = path.back().isIndex ? path.back().value : size_t(v->find(path.back().asKey()) - v->items());
  v->resize(v->size() - 1, i);
  return true;
}

void Value::append(Value value) {
  if (kind() != Kind::Array) *this = array({});
  const size_t n = size();
  resize(n + 1, n);
  items()[n].swap(value);
}

// One pass over both, so that a patch of a hundred thousand keys takes no longer than writing them down.
Value mergePatch(const Value& target, const Value& patch) {
  if (patch.kind() != Kind::Object) return target == patch ? target : patch;
  const bool object = target.kind() == Kind::Object;
  const size_t n = object ? target.size() : 0;
  bool changed = !object;
  std::vector<std::pair<Key, Value>> members;
  members.reserve(n + patch.size());
  for (size_t i = 0, j = 0; i < n || j < patch.size();) {
    if (j == patch.size() || (i < n && target.keyAt(i) < patch.keyAt(j))) {
      members.emplace_back(target.keyAt(i), target.values()[i]);
      ++i;
      continue;
    }
    const Key k = patch.keyAt(j);
    const Value& p = patch.values()[j++];
    const Value* old = i < n && target.keyAt(i) == k ? &target.values()[i++] : nullptr;
    if (!p.isNull()) members.emplace_back(k, mergePatch(old ? *old : Value(), p));
    changed |= p.isNull() ? old != nullptr : !old || !old->same(members.back().second);
  }
  return changed ? Value::object(std::move(members)) : target;
}

}  // namespace api
