#pragma once
// Kubernetes' JSONPath: fields, array slices, wildcards, unions, filters, recursive descent, range … end, texts.
// Models client-go util/jsonpath; errors are in its words.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/api/value.hpp"

namespace kubectl {

class JsonPath {
 public:
  JsonPath();
  ~JsonPath();
  JsonPath(JsonPath&&) noexcept;
  JsonPath& operator=(JsonPath&&) noexcept;
  /// "" or why the template cannot be parsed.
  std::string parse(std::string_view text);
  void allowMissingKeys(bool allow) { allowMissing_ = allow; }
  using Results = std::vector<std::vector<api::Value>>;
  /// "" or why the template does not fit the data.
  std::string find(const api::Value& data, Results& results);
  /// Appends the results as `-o jsonpath` prints them.
  std::string execute(const api::Value& data, std::string& out);

  struct Node;

 private:
  struct Evaluation;
  std::vector<Node> nodes_;
  bool allowMissing_ = false;
};

/// "metadata.name", ".metadata.name" and "{.metadata.name}" all mean the last. "" and `error` where it is none of them.
std::string relaxedJsonPath(std::string_view text, std::string& error);

}  // namespace kubectl
