#pragma once
// Reading one YAML document, for parse.cpp.
#include "core/manifest/manifest.hpp"

namespace manifest {

/// Fills `out` or gives an error; never throws.
bool readYamlDocument(std::string_view text, Document& out, Error& error);

}  // namespace manifest
