#include "core/apiserver/validation.hpp"

namespace apiserver {

ErrorList validateCreate(Resource, const Value&) { return {}; }
ErrorList validateUpdate(Resource, const Value&, const Value&, std::string_view) { return {}; }

}  // namespace apiserver
