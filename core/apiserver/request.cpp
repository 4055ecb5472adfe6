#include "core/apiserver/request.hpp"

namespace apiserver {

std::string_view text(Verb v) {
  static constexpr std::string_view texts[] = {"get",    "list",  "watch",  "create",
                                               "update", "patch", "delete", "deletecollection"};
  return texts[size_t(v)];
}

}  // namespace apiserver
