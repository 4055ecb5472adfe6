#pragma once
// Reading JSON with the error texts of Go's encoding/json, places and duplicate members.
#include <string>
#include <string_view>
#include <vector>

#include "core/manifest/manifest.hpp"

namespace manifest {

struct JsonRead {
  api::Value value;
  size_t end = 0;                 ///< where the value ended
  size_t offset = 0;              ///< of an error, as Go counts: the bytes read
  std::string error;              ///< "invalid character 'a' looking for beginning of value"
  std::vector<Error> duplicates;  ///< path and place of each
  Places places;                  ///< filled if wanted
};
/// Reads one value from `text` at `from`; what follows it is not looked at.
JsonRead readJson(std::string_view text, size_t from, bool wantPlaces);

}  // namespace manifest
