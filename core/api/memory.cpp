// operator new for what a program makes and drops all the time: texts, lists, map nodes, documents. Pieces of one size
// are cut from slabs of 64 KiB, whose first bytes say which, so that a piece needs no header. Large things go to
// malloc. Emscripten's small allocator is made to be short and glibc's to be shared by threads: this is several times
// quicker than either. Not thread safe, as all of core. AddressSanitizer keeps its own.
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

/// A large piece that will be used from end to end, at a multiple of its size (a power of two). Linux is asked for
/// large pages: what lies in it is visited in no order.
[[maybe_unused]] void* largeBlock(size_t bytes) {
  void* block = orEnd(std::aligned_alloc(bytes, bytes));
#ifdef __linux__
  madvise(block, bytes, MADV_HUGEPAGE);
#endif
  return block;
}
}  // namespace

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
// A slab's pieces are of one size and go back to the slab, so that what is made together lies together, also when all
// was made and dropped before: lists over all slabs would hand out pieces from everywhere.
struct Slab {
  Piece* free;  // given back
  char* rest;   // never given out, up to the slab's end
  Slab* next;   // of the waiting slabs of this size
  uint32_t list, used;
  size_t isWaiting;  // it has free pieces, and another is the current one
  char* begin() { return reinterpret_cast<char*>(this) + (sizeof(Slab) + step - 1) / step * step; }
  char* end() { return reinterpret_cast<char*>(this) + slabSize; }
};

constexpr size_t listCount = largest / step + 1;
Slab *current[listCount], *waiting[listCount];
uint8_t ours[(size_t(1) << (addressBits - arenaBits)) / 8];
char *fresh = nullptr, *freshEnd = nullptr;

bool isOurs(uintptr_t address) {
  const uintptr_t arena = address >> arenaBits;
  return ours[arena / 8] & (1 << arena % 8);
}

Slab* newSlab(size_t list) {
  if (fresh == freshEnd) {
    fresh = static_cast<char*>(largeBlock(arenaSize));
    freshEnd = fresh + arenaSize;
    const uintptr_t arena = reinterpret_cast<uintptr_t>(fresh) >> arenaBits;
    ours[arena / 8] |= uint8_t(1 << arena % 8);
  }
  Slab* slab = new (fresh) Slab{nullptr, nullptr, nullptr, uint32_t(list), 0, 0};
  fresh += slabSize;
  return slab;
}

/// The next slab with room becomes the current one; one that nobody uses begins anew.
Slab* refill(size_t list) {
  Slab* slab = waiting[list];
  if (slab) {
    waiting[list] = slab->next;
    slab->isWaiting = 0;
  } else {
    slab = newSlab(list);
  }
  if (slab->used == 0) {
    slab->free = nullptr;
    slab->rest = slab->begin();
  }
  return current[list] = slab;
}

void* take(Slab* slab, size_t size) {
  if (Piece* p = slab->free) {
    slab->free = p->next;
    slab->used++;
    return p;
  }
  if (size_t(slab->end() - slab->rest) < size) return nullptr;
  slab->used++;
  char* p = slab->rest;
  slab->rest += size;
  return p;
}

}  // namespace

void* operator new(size_t bytes) {
  const size_t list = bytes ? (bytes + step - 1) / step : 1;
  if (list >= listCount) return orEnd(std::malloc(bytes));
  if (Slab* slab = current[list]) {
    if (void* p = take(slab, list * step)) return p;
  }
  return take(refill(list), list * step);
}

void operator delete(void* memory) noexcept {
  const uintptr_t address = reinterpret_cast<uintptr_t>(memory);
  if (!isOurs(address)) return std::free(memory);
  Slab* slab = reinterpret_cast<Slab*>(address / slabSize * slabSize);
  Piece* p = static_cast<Piece*>(memory);
  p->next = slab->free;
  slab->free = p;
  slab->used--;
  if (slab->isWaiting || current[slab->list] == slab) return;
  slab->isWaiting = 1;
  slab->next = waiting[slab->list];
  waiting[slab->list] = slab;
}

void operator delete(void* memory, size_t) noexcept { operator delete(memory); }
void* operator new[](size_t bytes) { return operator new(bytes); }
void operator delete[](void* memory) noexcept { operator delete(memory); }
void operator delete[](void* memory, size_t) noexcept { operator delete(memory); }

#endif

#ifdef __EMSCRIPTEN__
// Emscripten's, in a program made for size, go byte by byte. What is copied here is mostly a few dozen bytes.
extern "C" __attribute__((no_builtin)) void* memcpy(void* to, const void* from, size_t size) {
  char* t = static_cast<char*>(to);
  const char* f = static_cast<const char*>(from);
  uint64_t word;
  if (size < sizeof word) {
    for (; size > 0; --size) *t++ = *f++;
    return to;
  }
  uint64_t last;
  __builtin_memcpy(&last, f + size - sizeof last, sizeof last);
  char* const end = t + size - sizeof last;
  for (; t < end; t += sizeof word, f += sizeof word) {
    __builtin_memcpy(&word, f, sizeof word);
    __builtin_memcpy(t, &word, sizeof word);
  }
  __builtin_memcpy(end, &last, sizeof last);
  return to;
}

// Most of what is compared begins alike ("default/web-").
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
