#include "core/apiserver/decode.hpp"

namespace apiserver {

Decoded decode(const api::Type&, const Value& document, const std::vector<std::string>&) { return {document, {}, {}}; }
Refusal decodeBody(Resource, Value&, std::string_view, const std::vector<std::string>&, std::vector<std::string>&) {
  return {};
}
Refusal validateOptions(std::string_view, const std::vector<std::string>&, std::string_view, std::string_view, bool,
                        bool) {
  return {};
}

}  // namespace apiserver
