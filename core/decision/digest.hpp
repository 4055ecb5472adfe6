#pragma once
// A number that stands for a state: two states with the same digest are taken for one (64 bits: among a million states
// two that differ meet once in thirty million explorations). Used where states are compared (core/sim/explore.hpp).
// Only compared within one run of a program, so keys count by their ids.
#include <cstdint>
#include <string_view>
#include <type_traits>

#include "core/api/value.hpp"
#include "core/store/shared_map.hpp"

namespace decision {

class Digest {
 public:
  template <class T>
  requires std::is_integral_v<T> || std::is_enum_v<T> Digest& operator<<(T number) { return mix(uint64_t(number)); }
  Digest& operator<<(std::string_view text) { return mix(store::hashOf(text)); }
  Digest& operator<<(const std::string& text) { return *this << std::string_view(text); }
  Digest& operator<<(const api::Value&);
  /// What a container of texts or numbers holds, in its order.
  template <class C>
  Digest& all(const C& items) {
    *this << items.size();
    for (const auto& item : items) *this << item;
    return *this;
  }
  /// The same for a map.
  template <class M>
  Digest& pairs(const M& map) {
    *this << map.size();
    for (const auto& [key, value] : map) *this << key << value;
    return *this;
  }
  uint64_t value() const { return state_ ^ state_ >> 32; }

 private:
  Digest& mix(uint64_t word) {
    state_ = (state_ ^ word) * 0x9fb21c651e98df25u;
    state_ ^= state_ >> 28;
    return *this;
  }
  uint64_t state_ = 0x51ed270b35ae1c33u;
};

/// An API object, but for what every write changes and no decision reads: resourceVersion and managedFields.
uint64_t digestOfObject(const api::Value& object);

}  // namespace decision
