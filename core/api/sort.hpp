#pragma once
// Sorting with one algorithm for all types. std::stable_sort and std::sort are compiled anew for every type and every
// comparison, 3 kB each time; here only the comparison and the moves are. Used wherever items are put into an order.
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace api {

/// Whether item `a` comes before item `b` of what `context` points to.
using Before = bool (*)(const void* context, uint32_t a, uint32_t b);
/// For each place of the sorted sequence the index of the item that belongs there; equal items keep their order.
std::vector<uint32_t> sortedOrder(size_t count, Before before, const void* context);

/// Sorts by `less`, a strict weak order. Equal items keep their order.
template <class T, class Less>
void sort(std::vector<T>& items, const Less& less) {
  struct Context {
    const T* items;
    const Less& less;
  } context{items.data(), less};
  std::vector<uint32_t> from = sortedOrder(
      items.size(),
      [](const void* c, uint32_t a, uint32_t b) {
        const Context& all = *static_cast<const Context*>(c);
        return bool(all.less(all.items[a], all.items[b]));
      },
      &context);
  // Each cycle of the permutation is walked once; a place that has its item points to itself.
  for (uint32_t start = 0; start < from.size(); ++start) {
    if (from[start] == start) continue;
    T first = std::move(items[start]);
    uint32_t hole = start;
    for (uint32_t next; (next = from[hole]) != start; hole = next) {
      items[hole] = std::move(items[next]);
      from[hole] = hole;
    }
    items[hole] = std::move(first);
    from[hole] = hole;
  }
}

template <class T>
void sort(std::vector<T>& items) {
  sort(items, [](const T& a, const T& b) { return a < b; });
}

}  // namespace api
