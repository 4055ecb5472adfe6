#pragma once
// A map by text whose copies share what they have in common: pages of a hash table, of which a write copies only its
// own. So a look-up costs two steps whatever the size, and a copied cluster pays for its objects when they change, not
// when it is copied. Never iterated: an order is kept by SharedOrder beside it.
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
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
    const Page* page = pages_[hash & (pages_.size() - 1)].get();
    if (!page) return nullptr;
    for (const Entry& e : *page) {
      if (e.hash == hash && e.key == key) return &e.value;
    }
    return nullptr;
  }
  /// The value under that key, to be changed; a new one where there was none.
  V& edit(std::string_view key) {
    if (pages_.empty()) pages_.resize(1);
    const uint64_t hash = hashOf(key);
    Page& page = own(hash);
    for (Entry& e : page) {
      if (e.hash == hash && e.key == key) return e.value;
    }
    if (++size_ > pages_.size() * pageSize) {
      grow();
      Page& wider = own(hash);
      return wider.emplace_back(Entry{hash, std::string(key), V()}).value;
    }
    return page.emplace_back(Entry{hash, std::string(key), V()}).value;
  }
  bool erase(std::string_view key) {
    if (!find(key)) return false;
    const uint64_t hash = hashOf(key);
    Page& page = own(hash);
    for (size_t i = 0; i < page.size(); ++i) {
      if (page[i].hash != hash || page[i].key != key) continue;
      if (i + 1 != page.size()) std::swap(page[i], page.back());
      page.pop_back();
      break;
    }
    --size_;
    return true;
  }

 private:
  static constexpr size_t pageSize = 4;  ///< on average at most
  struct Entry {
    uint64_t hash;
    std::string key;
    V value;
  };
  using Page = std::vector<Entry>;
  Page& own(uint64_t hash) {
    std::shared_ptr<Page>& page = pages_[hash & (pages_.size() - 1)];
    if (!page) {
      page = std::make_shared<Page>();
    } else if (page.use_count() > 1) {
      page = std::make_shared<Page>(*page);
    }
    return *page;
  }
  void grow() {
    std::vector<std::shared_ptr<Page>> old(pages_.size() * 4);
    old.swap(pages_);
    for (const auto& page : old) {
      if (!page) continue;
      for (const Entry& e : *page) own(e.hash).push_back(e);
    }
  }
  std::vector<std::shared_ptr<Page>> pages_;  ///< a power of two of them
  size_t size_ = 0;
};

/// Texts in order, shared between copies likewise.
class SharedOrder {
 public:
  void insert(std::string_view text) {
    const size_t at = chunkOf(text);
    if (at == chunks_.size()) {
      const bool room = at > 0 && chunks_[at - 1]->size() < chunkSize;
      if (!room) chunks_.push_back(std::make_shared<Chunk>());
      own(room ? at - 1 : at).emplace_back(text);
      return;
    }
    Chunk& chunk = own(at);
    const auto place = std::lower_bound(chunk.begin(), chunk.end(), text);
    if (place != chunk.end() && *place == text) return;
    chunk.emplace(place, text);
    if (chunk.size() <= chunkSize) return;
    auto half = std::make_shared<Chunk>(chunk.begin() + chunkSize / 2, chunk.end());
    chunk.resize(chunkSize / 2);
    chunks_.insert(chunks_.begin() + long(at) + 1, std::move(half));
  }
  void erase(std::string_view text) {
    const size_t at = chunkOf(text);
    if (at == chunks_.size()) return;
    Chunk& chunk = own(at);
    const auto place = std::lower_bound(chunk.begin(), chunk.end(), text);
    if (place == chunk.end() || *place != text) return;
    chunk.erase(place);
    if (chunk.empty()) chunks_.erase(chunks_.begin() + long(at));
  }
  /// Calls f(text) for each from `start` on until it says false.
  template <class F>
  void each(std::string_view start, F&& f) const {
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
  /// The first chunk whose last text is not before `text`.
  size_t chunkOf(std::string_view text) const {
    const auto it = std::lower_bound(chunks_.begin(), chunks_.end(), text,
                                     [](const auto& chunk, std::string_view t) { return chunk->back() < t; });
    return size_t(it - chunks_.begin());
  }
  Chunk& own(size_t i) {
    if (chunks_[i].use_count() > 1) chunks_[i] = std::make_shared<Chunk>(*chunks_[i]);
    return *chunks_[i];
  }
  std::vector<std::shared_ptr<Chunk>> chunks_;
};

}  // namespace store
