// operator new for what a program makes and drops all the time: texts, lists, map nodes. Pieces of one size are cut
// from slabs of 64 KiB and go back to a list of their size; a slab's first bytes say which, so that a piece needs no
// header. Large things go to malloc. Emscripten's small allocator is made to be short and glibc's to be shared by
// threads: this is several times quicker than either. Not thread safe, as all of core. AddressSanitizer keeps its own.
#include "core/api/memory.hpp"

#include <cstdint>
#include <cstdlib>
#include <new>
#ifdef __linux__
#include <sys/mman.h>
#endif

namespace {
void* orEnd(void* memory) {
  if (!memory) std::abort();
  return memory;
}
}  // namespace

void* api::largeBlock(size_t bytes) {
  void* block = orEnd(std::aligned_alloc(bytes, bytes));
#ifdef __linux__
  madvise(block, bytes, MADV_HUGEPAGE);
#endif
  return block;
}

#if defined(__SANITIZE_ADDRESS__)
#define ORDINAL_SYSTEM_NEW
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ORDINAL_SYSTEM_NEW
#endif
#endif
#ifndef ORDINAL_SYSTEM_NEW

namespace {

// Slabs are cut from arenas, and a bit says for each place in the address space that an arena may have whether it has.
constexpr bool wide = sizeof(void*) == 8;
constexpr int arenaBits = wide ? 26 : 20, addressBits = wide ? 47 : 32;
constexpr uintptr_t arenaSize = uintptr_t(1) << arenaBits, slabSize = 65536;
constexpr size_t step = wide ? 16 : 8, largest = 512;

struct Piece {
  Piece* next;
};
struct Slab {
  size_t list;
};

Piece* lists[largest / step + 1];
uint8_t ours[(size_t(1) << (addressBits - arenaBits)) / 8];
char *fresh = nullptr, *freshEnd = nullptr;

bool isOurs(uintptr_t address) {
  const uintptr_t arena = address >> arenaBits;
  return ours[arena / 8] & (1 << arena % 8);
}

/// Cuts a new slab into pieces.
void fill(size_t list) {
  if (fresh == freshEnd) {
    fresh = static_cast<char*>(api::largeBlock(arenaSize));
    freshEnd = fresh + arenaSize;
    const uintptr_t arena = reinterpret_cast<uintptr_t>(fresh) >> arenaBits;
    ours[arena / 8] |= uint8_t(1 << arena % 8);
  }
  char* slab = fresh;
  fresh += slabSize;
  const size_t size = list * step;
  new (slab) Slab{list};
  for (char* end = slab + slabSize - size; end >= slab + step; end -= size) {
    Piece* p = reinterpret_cast<Piece*>(end);
    p->next = lists[list];
    lists[list] = p;
  }
}

}  // namespace

void* operator new(size_t bytes) {
  const size_t list = bytes ? (bytes + step - 1) / step : 1;
  if (list >= sizeof lists / sizeof *lists) return orEnd(std::malloc(bytes));
  if (!lists[list]) fill(list);
  Piece* p = lists[list];
  lists[list] = p->next;
  return p;
}

void operator delete(void* memory) noexcept {
  const uintptr_t address = reinterpret_cast<uintptr_t>(memory);
  if (!isOurs(address)) return std::free(memory);
  const size_t list = reinterpret_cast<Slab*>(address / slabSize * slabSize)->list;
  Piece* p = static_cast<Piece*>(memory);
  p->next = lists[list];
  lists[list] = p;
}

void operator delete(void* memory, size_t) noexcept { operator delete(memory); }
void* operator new[](size_t bytes) { return operator new(bytes); }
void operator delete[](void* memory) noexcept { operator delete(memory); }
void operator delete[](void* memory, size_t) noexcept { operator delete(memory); }

#endif

#ifdef __EMSCRIPTEN__
// Emscripten's compares byte by byte, and most of what is compared here begins alike ("default/web-").
extern "C" __attribute__((no_builtin)) int memcmp(const void* left, const void* right, size_t size) {
  const char *a = static_cast<const char*>(left), *b = static_cast<const char*>(right);
  uint64_t x, y;
  for (; size >= sizeof x; size -= sizeof x, a += sizeof x, b += sizeof x) {
    __builtin_memcpy(&x, a, sizeof x);
    __builtin_memcpy(&y, b, sizeof y);
    if (x == y) continue;
    const int bit = __builtin_ctzll(x ^ y) / 8 * 8;  // of the first byte that differs
    return int(x >> bit & 255) - int(y >> bit & 255);
  }
  for (; size > 0; --size, ++a, ++b) {
    if (*a != *b) return int(uint8_t(*a)) - int(uint8_t(*b));
  }
  return 0;
}
#endif
