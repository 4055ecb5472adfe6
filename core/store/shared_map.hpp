#pragma once
// A map by text whose copies share what they have in common: pages of a hash table, of which a write copies only its
// own. So a look-up costs two steps whatever the size, and a copied cluster pays for its objects when they change, not
// when it is copied. Never iterated: an order is kept by SharedOrder beside it.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace store {

inline uint64_t hashOf(std::string_view s) {
  uint64_t h = 0x9e3779b97f4a7c15 ^ s.size();
  const char* p = s.data();
  size_t n = s.size();
  const auto mix = [&](uint64_t word) {
    h = (h ^ word) * 0xbf58476d1ce4e5b9;
    h ^= h >> 29;
  };
  for (; n >= 8; p += 8, n -= 8) {
    uint64_t word;
    std::memcpy(&word, p, 8);
    mix(word);
  }
  uint64_t word = 0;
  std::memcpy(&word, p, n);
  mix(word);
  return h ^ h >> 32;
}

template <class V>
class SharedMap {
 public:
  size_t size() const { return size_; }
  /// Null where there is none. Valid until the next change of this map.
  const V* find(std::string_view key) const {
    if (!size_) return nullptr;
    const uint64_t hash = hashOf(key);
    const Page* page = pages_[hash & (pages_.size() - 1)].page;
    const Entry* e = page ? page->find(tagOf(hash), key) : nullptr;
    return e ? &e->value : nullptr;
  }
  /// The value under that key, to be changed; a new one where there was none.
  V& edit(std::string_view key) {
    if (pages_.empty()) pages_.resize(1);
    const uint64_t hash = hashOf(key);
    Page& page = own(hash);
    if (const Entry* e = page.find(tagOf(hash), key)) return const_cast<Entry*>(e)->value;
    if (++size_ > pages_.size() * pageSize) grow();
    return add(hash, Entry{std::string(key), V()}).value;
  }
  bool erase(std::string_view key) {
    if (!find(key)) return false;
    const uint64_t hash = hashOf(key);
    own(hash).erase(tagOf(hash), key);
    --size_;
    return true;
  }

 private:
  static constexpr size_t pageSize = 4;  ///< on average at most
  struct Entry {
    std::string key;
    V value;
  };
  static uint32_t tagOf(uint64_t hash) { return uint32_t(hash >> 32); }

  /// Followed by a tag for each entry there is room for, which lie together so that a look-up reads few lines of
  /// memory, and by the entries.
  struct Page {
    uint32_t refs, size, room;
    static size_t head(uint32_t room) { return (sizeof(Page) + room * sizeof(uint32_t) + 7) / 8 * 8; }
    static size_t bytes(uint32_t room) { return head(room) + room * sizeof(Entry); }
    static Page* make(uint32_t room) { return new (::operator new(bytes(room))) Page{1, 0, room}; }
    static void drop(Page* p) {
      if (!p || --p->refs) return;
      for (uint32_t i = 0; i < p->size; ++i) p->entries()[i].~Entry();
      ::operator delete(p, bytes(p->room));
    }
    uint32_t* tags() { return reinterpret_cast<uint32_t*>(this + 1); }
    const uint32_t* tags() const { return reinterpret_cast<const uint32_t*>(this + 1); }
    Entry* entries() { return reinterpret_cast<Entry*>(reinterpret_cast<char*>(this) + head(room)); }
    const Entry* entries() const {
      return reinterpret_cast<const Entry*>(reinterpret_cast<const char*>(this) + head(room));
    }
    const Entry* find(uint32_t tag, std::string_view key) const {
      for (uint32_t i = 0; i < size; ++i) {
        if (tags()[i] == tag && entries()[i].key == key) return entries() + i;
      }
      return nullptr;
    }
    Entry& add(uint32_t tag, Entry e) {
      tags()[size] = tag;
      return *new (entries() + size++) Entry(std::move(e));
    }
    void erase(uint32_t tag, std::string_view key) {
      const Entry* e = find(tag, key);
      const size_t i = size_t(e - entries());
      if (--size != i) {
        entries()[i] = std::move(entries()[size]);
        tags()[i] = tags()[size];
      }
      entries()[size].~Entry();
    }
  };
  /// A page, counted.
  struct Ref {
    Page* page = nullptr;
    Ref() = default;
    Ref(const Ref& other) : page(other.page) {
      if (page) page->refs++;
    }
    Ref(Ref&& other) noexcept : page(std::exchange(other.page, nullptr)) {}
    Ref& operator=(Ref other) noexcept {
      std::swap(page, other.page);
      return *this;
    }
    ~Ref() { Page::drop(page); }
  };

  /// The page of a hash, of this map alone and with at least that room.
  Page& own(uint64_t hash, uint32_t room = 0) {
    Page*& page = pages_[hash & (pages_.size() - 1)].page;
    if (page && page->refs == 1 && room <= page->room) return *page;
    Page* made = Page::make(std::max<uint32_t>(room, page ? std::max<uint32_t>(page->size, 1) : 1));
    for (uint32_t i = 0; page && i < page->size; ++i) {
      Entry& e = page->entries()[i];
      made->add(page->tags()[i], page->refs == 1 ? std::move(e) : e);
    }
    Page::drop(page);
    page = made;
    return *page;
  }
  Entry& add(uint64_t hash, Entry e) {
    Page* page = pages_[hash & (pages_.size() - 1)].page;
    const uint32_t size = page ? page->size : 0;
    return own(hash, size && size < page->room ? size + 1 : std::max<uint32_t>(2, size * 2))
        .add(tagOf(hash), std::move(e));
  }
  void grow() {
    std::vector<Ref> old(pages_.size() * 4);
    old.swap(pages_);
    for (Ref& ref : old) {
      for (uint32_t i = 0; ref.page && i < ref.page->size; ++i) {
        const Entry& e = ref.page->entries()[i];
        add(hashOf(e.key), e);
      }
    }
  }
  std::vector<Ref> pages_;  ///< a power of two of them
  size_t size_ = 0;
};

/// Texts in order, shared between copies likewise. They are put in order when somebody asks: of Events, which are most
/// of what is written, hardly anybody does.
class SharedOrder {
 public:
  void insert(std::string_view text) {
    if (late_.empty() || late_.back()->size() == chunkSize) late_.push_back(std::make_shared<Chunk>());
    own(late_.back()).emplace_back(text);
  }
  void erase(std::string_view text) {
    arrange();
    const size_t at = chunkOf(text);
    if (at == chunks_.size()) return;
    Chunk& chunk = own(chunks_[at]);
    const auto place = std::lower_bound(chunk.begin(), chunk.end(), text);
    if (place == chunk.end() || *place != text) return;
    chunk.erase(place);
    if (chunk.empty()) chunks_.erase(chunks_.begin() + long(at));
  }
  /// Calls f(text) for each from `start` on until it says false.
  template <class F>
  void each(std::string_view start, F&& f) const {
    arrange();
    for (size_t i = chunkOf(start); i < chunks_.size(); ++i) {
      const std::shared_ptr<Chunk> chunk = chunks_[i];
      auto it = std::lower_bound(chunk->begin(), chunk->end(), start);
      for (; it != chunk->end(); ++it) {
        if (!f(*it)) return;
      }
    }
  }

 private:
  static constexpr size_t chunkSize = 64;
  using Chunk = std::vector<std::string>;
  using Chunks = std::vector<std::shared_ptr<Chunk>>;

  void arrange() const {
    for (const auto& chunk : std::exchange(late_, {})) {
      for (const std::string& text : *chunk) place(text);
    }
  }
  void place(const std::string& text) const {
    const size_t at = chunkOf(text);
    if (at == chunks_.size()) {
      const bool room = at > 0 && chunks_[at - 1]->size() < chunkSize;
      if (!room) chunks_.push_back(std::make_shared<Chunk>());
      own(chunks_.back()).push_back(text);
      return;
    }
    Chunk& chunk = own(chunks_[at]);
    const auto place = std::lower_bound(chunk.begin(), chunk.end(), text);
    if (place != chunk.end() && *place == text) return;
    chunk.insert(place, text);
    if (chunk.size() <= chunkSize) return;
    auto half = std::make_shared<Chunk>(chunk.begin() + chunkSize / 2, chunk.end());
    chunk.resize(chunkSize / 2);
    chunks_.insert(chunks_.begin() + long(at) + 1, std::move(half));
  }
  /// The first chunk whose last text is not before `text`.
  size_t chunkOf(std::string_view text) const {
    const auto it = std::lower_bound(chunks_.begin(), chunks_.end(), text,
                                     [](const auto& chunk, std::string_view t) { return chunk->back() < t; });
    return size_t(it - chunks_.begin());
  }
  static Chunk& own(std::shared_ptr<Chunk>& chunk) {
    if (chunk.use_count() > 1) chunk = std::make_shared<Chunk>(*chunk);
    return *chunk;
  }
  mutable Chunks chunks_;
  mutable Chunks late_;  ///< in no order
};

}  // namespace store
