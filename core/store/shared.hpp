#pragma once
// A value that copies share until one of them changes it. So a copied cluster pays for a part when it changes it, not
// when it is copied: exploration copies clusters a hundred thousand times a second.
#include <memory>

namespace store {

template <class T>
class Shared {
 public:
  Shared() : value_(std::make_shared<T>()) {}
  explicit Shared(T value) : value_(std::make_shared<T>(std::move(value))) {}
  const T& operator*() const { return *value_; }
  const T* operator->() const { return value_.get(); }
  /// To be changed. No copy of this sees the change. Valid until the next copy of this.
  T& own() {
    if (value_.use_count() > 1) value_ = std::make_shared<T>(*value_);
    return *value_;
  }

 private:
  std::shared_ptr<T> value_;
};

}  // namespace store
