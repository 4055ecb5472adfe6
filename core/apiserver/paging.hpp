#pragma once
// The token with which the rest of a list is read. Models apiserver pkg/storage/continue.go (v1.37). DEVIATION: the
// rest is read as of now, not as of the first part's revision.
#include <cstdint>
#include <string>
#include <string_view>

namespace apiserver {

std::string writeContinue(uint64_t revision, std::string_view start);
/// "" or why the token is none.
std::string readContinue(std::string_view token, uint64_t& revision, std::string& start);

}  // namespace apiserver
