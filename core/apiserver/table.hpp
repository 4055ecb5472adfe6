#pragma once
// Objects as the server prints them: Tables, with columns and cells per kind. kubectl's default output comes from
// these. Models pkg/printers/internalversion/printers.go (v1.37).
#include <string>
#include <vector>

#include "core/api/resources.hpp"
#include "core/api/time.hpp"

namespace apiserver {

/// The Table of one object (`list` false) or of a list's items. `include` says what rows carry of their object: "None",
/// "Object", else its metadata. `listMetadata` becomes the Table's metadata.
api::Value tableOf(const api::ResourceInfo&, const std::vector<api::Value>& objects, bool list,
                   std::string_view include, api::Value listMetadata, api::Millis now);

/// The object's PartialObjectMetadata.
api::Value metadataOf(const api::Value& object);

/// One object's cells, those of wide output last in order of the columns.
std::vector<api::Value> cellsOf(const api::ResourceInfo&, const api::Value& object, api::Millis now);

/// "5s", "2m10s", "3h", "4d2h". Models apimachinery pkg/util/duration HumanDuration.
std::string humanDuration(api::Millis);

}  // namespace apiserver
