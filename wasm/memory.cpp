// Memory for what the program makes and drops all the time: texts, lists, map nodes. Emscripten's small allocator is
// made to be short, not quick. Here pieces of one size are cut from slabs of 64 KiB and go back to a list of their
// size; a slab's first bytes say which, so that a piece needs no header. Large things go to malloc as before.
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

constexpr uintptr_t slabSize = 65536, slabsAtOnce = 16;
constexpr size_t step = 8, largest = 512;

struct Piece {
  Piece* next;
};
struct Slab {
  uint32_t pieceSize, unused;
};

Piece* lists[largest / step + 1];
uint8_t ours[65536 / 8];  // a bit for each slab that a 32-bit address may lie in
char *fresh = nullptr, *freshEnd = nullptr;

bool isOurs(uintptr_t slab) { return ours[slab / 8] & (1 << slab % 8); }

/// Cuts a new slab into pieces.
void fill(size_t at) {
  if (fresh == freshEnd) {
    fresh = static_cast<char*>(std::aligned_alloc(slabSize, slabSize * slabsAtOnce));
    if (!fresh) std::abort();
    freshEnd = fresh + slabSize * slabsAtOnce;
  }
  char* slab = fresh;
  fresh += slabSize;
  const uintptr_t number = reinterpret_cast<uintptr_t>(slab) / slabSize;
  ours[number / 8] |= uint8_t(1 << number % 8);
  const size_t size = at * step;
  new (slab) Slab{uint32_t(size), 0};
  for (char* end = slab + slabSize - size; end >= slab + sizeof(Slab); end -= size) {
    Piece* p = reinterpret_cast<Piece*>(end);
    p->next = lists[at];
    lists[at] = p;
  }
}

}  // namespace

void* operator new(size_t bytes) {
  const size_t at = bytes ? (bytes + step - 1) / step : 1;
  if (at >= sizeof lists / sizeof *lists) {
    void* p = std::malloc(bytes);
    if (!p) std::abort();
    return p;
  }
  if (!lists[at]) fill(at);
  Piece* p = lists[at];
  lists[at] = p->next;
  return p;
}

void operator delete(void* memory) noexcept {
  const uintptr_t slab = reinterpret_cast<uintptr_t>(memory) / slabSize;
  if (!isOurs(slab)) return std::free(memory);
  const size_t at = reinterpret_cast<Slab*>(slab * slabSize)->pieceSize / step;
  Piece* p = static_cast<Piece*>(memory);
  p->next = lists[at];
  lists[at] = p;
}

void operator delete(void* memory, size_t) noexcept { operator delete(memory); }
void* operator new[](size_t bytes) { return operator new(bytes); }
void operator delete[](void* memory) noexcept { operator delete(memory); }
void operator delete[](void* memory, size_t) noexcept { operator delete(memory); }
