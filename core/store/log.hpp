#pragma once
// An append-only list whose copies share what they have in common: chunks of 256, of which only the last is ever
// copied. So a copied cluster pays for its history when it goes on, not when it is copied.
#include <cstddef>
#include <memory>
#include <vector>

namespace store {

template <class T>
class SharedLog {
 public:
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  const T& operator[](size_t i) const { return (*chunks_[i / chunkSize])[i % chunkSize]; }
  const T& back() const { return (*this)[size_ - 1]; }
  void push(T item) { add() = std::move(item); }
  /// A new last item, to be filled.
  T& add() {
    Chunk& last = ownLast(size_ % chunkSize == 0);
    ++size_;
    return last.emplace_back();
  }
  /// The last item, to be completed. No copy of this log sees the change.
  T& editBack() { return ownLast(false).back(); }
  void truncate(size_t size) {
    if (size >= size_) return;
    chunks_.resize((size + chunkSize - 1) / chunkSize);
    size_ = size;
    if (size % chunkSize) ownLast(false).resize(size % chunkSize);
  }

 private:
  static constexpr size_t chunkSize = 256;
  using Chunk = std::vector<T>;
  Chunk& ownLast(bool fresh) {
    if (fresh) {
      chunks_.push_back(std::make_shared<Chunk>());
      if (size_ > 0) chunks_.back()->reserve(chunkSize);  // what has become long goes on
    } else if (chunks_.back().use_count() > 1) {
      chunks_.back() = std::make_shared<Chunk>(*chunks_.back());
    }
    return *chunks_.back();
  }
  std::vector<std::shared_ptr<Chunk>> chunks_;
  size_t size_ = 0;
};

}  // namespace store
