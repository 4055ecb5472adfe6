#pragma once
// Lines and columns: from offsets in a text to places, for the readers of this folder.
#include <string_view>
#include <vector>

#include "core/manifest/manifest.hpp"

namespace manifest {

class Lines {
 public:
  explicit Lines(std::string_view text);  ///< which must outlive this
  Place at(size_t offset, size_t length = 1) const;
  /// What stands on a line from a column on.
  std::string_view rest(int line, int column) const;
  size_t count() const { return starts_.size(); }

 private:
  std::string_view text_;
  std::vector<size_t> starts_;
};

/// Both lists by path; of the same path the first stays in front.
void sortPlaces(Places&);

}  // namespace manifest
