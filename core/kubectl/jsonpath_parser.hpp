#pragma once
// The syntax tree of a JSONPath template, and its parser. Models client-go util/jsonpath/parser.go.
#include "core/kubectl/jsonpath.hpp"

namespace kubectl {

struct JsonPath::Node {
  enum class Type : uint8_t {
    list,
    text,
    field,
    array,
    filter,
    number,
    boolean,
    wildcard,
    recursive,
    union_,
    identifier
  };
  struct Bound {
    bool known = false, derived = false;
    int64_t value = 0;
  };
  Type type = Type::list;
  std::string text;         ///< of texts, fields, identifiers; a filter's operator
  std::vector<Node> nodes;  ///< of lists and unions; a filter's two sides
  Bound slice[3];
  api::Value value;  ///< of numbers and bools
};

std::string parseJsonPath(std::string_view text, std::vector<JsonPath::Node>& root);

}  // namespace kubectl
