#pragma once
// Typed views of documents: what the generated types are made of. Each holds a value of its own (one reference), so
// none can dangle; a string_view from one is valid until it is changed or dropped. Read by `pod.status().phase()`,
// written by `PodStatus s = pod.status(); s.phase("Running"); pod.status(s);`.
#include "core/api/value.hpp"

namespace api {

struct Typed {
  Value doc;
  bool has(Key k) const { return doc.find(k) != nullptr; }
  explicit operator bool() const { return !doc.isNull(); }
  friend bool operator==(const Typed& a, const Typed& b) { return a.doc == b.doc; }
};

/// A view of `value` as T, without a check.
template <class T>
T as(Value value) {
  return T{{std::move(value)}};
}

template <class T>
struct List : Typed {
  struct Iterator {
    const Value* at;
    T operator*() const { return T{{*at}}; }
    Iterator& operator++() {
      ++at;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at != other.at; }
  };
  Iterator begin() const { return {doc.values().data()}; }
  Iterator end() const { return {doc.values().data() + doc.size()}; }
  size_t size() const { return doc.size(); }
  bool empty() const { return doc.size() == 0; }
  T operator[](size_t i) const { return T{{doc[i]}}; }
  void append(T item) { doc.append(std::move(item.doc)); }
  void set(size_t i, T item) { doc.set({Step::index(i)}, std::move(item.doc)); }
};

struct ValueList : Typed {
  const Value* begin() const { return doc.values().data(); }
  const Value* end() const { return begin() + doc.size(); }
  size_t size() const { return doc.size(); }
  bool empty() const { return doc.size() == 0; }
};

struct StringList : Typed {
  struct Iterator {
    const Value* at;
    std::string_view operator*() const { return at->asString(); }
    Iterator& operator++() {
      ++at;
      return *this;
    }
    bool operator!=(const Iterator& other) const { return at != other.at; }
  };
  Iterator begin() const { return {doc.values().data()}; }
  Iterator end() const { return {doc.values().data() + doc.size()}; }
  size_t size() const { return doc.size(); }
  bool empty() const { return doc.size() == 0; }
  std::string_view operator[](size_t i) const { return doc[i].asString(); }
  bool contains(std::string_view text) const {
    for (std::string_view s : *this) {
      if (s == text) return true;
    }
    return false;
  }
  void append(std::string_view text) { doc.append(text); }
};

/// A map by text: labels, annotations, quantities by resource name.
struct StringMap : Typed {
  std::string_view operator[](Key k) const { return doc[k].asString(); }
  std::string_view get(std::string_view k) const {
    const Value* v = doc.find(k);
    return v ? v->asString() : std::string_view();
  }
  bool contains(std::string_view k) const { return doc.find(k) != nullptr; }
  size_t size() const { return doc.size(); }
  bool empty() const { return doc.size() == 0; }
  std::string_view keyAt(size_t i) const { return doc.keyAt(i).text(); }
  std::string_view at(size_t i) const { return doc.values()[i].asString(); }
  void set(Key k, std::string_view v) { doc.set(k, v); }
  void set(std::string_view k, std::string_view v) { doc.set(Key(k), v); }
  bool erase(std::string_view k) { return contains(k) && doc.erase(Key(k)); }
};

}  // namespace api
