#pragma once
// Where the memory comes from that is cut into small pieces (memory.cpp, value.cpp).
#include <cstddef>

namespace api {

/// A large piece that will be used from end to end, at a multiple of its size (a power of two). Never null: without
/// memory the program ends. Linux is asked for large pages: what lies in it is visited in no order.
void* largeBlock(size_t bytes);

}  // namespace api
