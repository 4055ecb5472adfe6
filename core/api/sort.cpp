#include "core/api/sort.hpp"

#include <algorithm>

namespace api {

std::vector<uint32_t> sortedOrder(size_t count, Before before, const void* context) {
  std::vector<uint32_t> order(count), merged(count);
  for (uint32_t i = 0; i < count; ++i) order[i] = i;
  for (size_t width = 1; width < count; width *= 2) {
    for (size_t left = 0; left < count; left += 2 * width) {
      const size_t middle = std::min(left + width, count), right = std::min(left + 2 * width, count);
      size_t a = left, b = middle;
      // Two runs that follow each other are copied as they are: sorted input costs one comparison a run.
      if (middle < right && !before(context, order[middle], order[middle - 1])) a = middle;
      std::copy(order.begin() + long(left), order.begin() + long(a), merged.begin() + long(left));
      for (size_t out = a; out < right; ++out) {
        const bool takeRight = b < right && (a >= middle || before(context, order[b], order[a]));
        merged[out] = order[takeRight ? b++ : a++];
      }
    }
    order.swap(merged);
  }
  return order;
}

}  // namespace api
