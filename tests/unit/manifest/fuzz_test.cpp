// Seeded mutations of real manifests: reading, checking and printing must end, and what was read must print to a text
// that reads back the same.
#include <catch2/catch_test_macros.hpp>

#include "core/apiserver/check.hpp"
#include "core/manifest/manifest.hpp"

namespace {
constexpr std::string_view seeds[] = {
    "apiVersion: v1\nkind: Service\nmetadata:\n  name: nginx\n  labels: {app: nginx}\nspec:\n  ports:\n  - port: 80\n  "
    "  "
    "name: web\n  clusterIP: None\n  selector:\n    app: nginx\n---\n",
    "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: &m {name: web}\nspec:\n  serviceName: \"nginx\"\n  replicas: "
    "2\n  "
    "template:\n    metadata: *m\n    spec:\n      containers:\n      - name: 'c'\n        command: [sh, -c, |\n       "
    "   "
    "echo]\n        env: [{name: A, value: >-\n  x y}]\n",
    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"x\"},\"data\":{\"a\":\"b\\nc\\u00e9\"}}"};
constexpr std::string_view pieces[] = {"\n",   " ",     "  ",  "\t",   ":",  ": ", "- ", "{",
                                       "}",    "[",     "]",   "\"",   "'",  "#",  "&a", "*a",
                                       "|\n",  "---\n", "...", "<<: ", "!!", "?",  ",",  "\xe4\xb8\xad",
                                       "\xff", "0x",    "1e9", "~",    "%"};

uint32_t next(uint32_t& x) { return (x = x * 1664525 + 1013904223) >> 8; }

std::string mutated(uint32_t seed) {
  uint32_t x = seed;
  std::string text(seeds[next(x) % std::size(seeds)]);
  for (uint32_t n = 1 + next(x) % 6; n; --n) {
    const size_t at = next(x) % (text.size() + 1);
    switch (next(x) % 4) {
      case 0: text.insert(at, pieces[next(x) % std::size(pieces)]); break;
      case 1: text.erase(at, 1 + next(x) % 4); break;
      case 2: text.insert(at, text.substr(next(x) % (text.size() + 1), next(x) % 20)); break;
      default:
        if (at < text.size()) text[at] = char(next(x));
    }
  }
  return text;
}
}  // namespace

TEST_CASE("mutated manifests are read, checked and printed without harm") {
  for (uint32_t seed = 0; seed < 3000; ++seed) {
    const std::string text = mutated(seed);
    CAPTURE(seed, text);
    apiserver::checkManifest(text);
    for (const manifest::Document& d : manifest::parseYaml(text).documents) {
      const std::string json = api::toJson(d.value);
      std::string error;
      manifest::parseJson(json, error);
      REQUIRE(error.empty());
      manifest::toYaml(d.value);
    }
  }
}
