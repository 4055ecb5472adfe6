#include "core/controllers/pod_template_hash.hpp"

#include "core/controllers/revisions.hpp"

namespace controllers {

std::string computeHash(const api::PodTemplateSpec& podTemplate, const int64_t* collisionCount) {
  uint32_t h = 2166136261u;
  auto add = [&](std::string_view s) {
    for (const unsigned char c : s) h = (h ^ c) * 16777619u;
  };
  add(api::toJson(podTemplate.doc));
  if (collisionCount) {
    char bytes[8] = {};
    for (int i = 0; i < 4; ++i) bytes[i] = char(uint32_t(*collisionCount) >> (8 * i));
    add({bytes, sizeof bytes});
  }
  return safeEncodeString(std::to_string(h));
}

}  // namespace controllers
