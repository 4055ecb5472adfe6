#include "core/apiserver/patch.hpp"

namespace apiserver {
using namespace api;

Response applyPatch(const ResourceInfo&, const Request& request, const Value& before, Value& after) {
  after = mergePatch(before, request.body);
  return {};
}

}  // namespace apiserver
