#include "core/apiserver/defaulting.hpp"

namespace apiserver {

void setDefaults(api::Resource, api::Value&) {}

}  // namespace apiserver
