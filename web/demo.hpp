#pragma once
// Pictures by hand, for tests of views and scenes without a core: ordered creation held at web-1, and a lost node.
#include "web/source.hpp"

namespace web {

Snapshot demoOrderedCreation(Language);
Snapshot demoNodeFailure(Language);
std::string demoManifest();

class DemoSource final : public Source {
 public:
  explicit DemoSource(bool nodeFailure) : nodeFailure_(nodeFailure) {}
  const Snapshot& snapshot(const Shell&) override;
  void perform(const Command&, Shell&) override { version_++; }
  uint64_t version() const override { return version_; }

 private:
  bool nodeFailure_;
  Snapshot shown_;
  uint64_t version_ = 0;
};

}  // namespace web
