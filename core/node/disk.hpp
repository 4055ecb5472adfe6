#pragma once
// What lies on disks and in containers. A volume's contents are a fact keyed by its PersistentVolume ("disk/<name>"),
// an emptyDir's by its pod ("emptydir/<uid>/<volume>"), a hostPath's by its machine ("hostpath/<node>/<path>"), a
// container's writable layer by pod and container ("container/<uid>/<container>"): {"files": {path: text}, "full":
// true}. Paths are from the volume's root. A path that is true is an empty folder, one that is false a file of the
// image that was removed; {"size": n} is a file of which only the size counts. Programs, probes, the canvas and lessons
// read the same files, so that lost data is seen and not told.
#include <string>
#include <string_view>
#include <vector>

#include "core/decision/controller.hpp"

namespace node {

std::string diskKey(std::string_view persistentVolume);
std::string emptyDirKey(std::string_view podUid, std::string_view volume);
std::string hostPathKey(std::string_view machine, std::string_view path);
std::string layerKey(std::string_view podUid, std::string_view container);

/// The records in all files of a fact: one a line. Configuration and what describes tables holds none.
size_t countRecords(const api::Value& fact);
std::vector<std::string> recordsOf(const api::Value& fact);
/// Bytes of all files.
size_t usedBytes(const api::Value& fact);

/// The machine behind a volume throws its contents away: called by whoever deletes the volume.
void eraseDisk(decision::Client&, std::string_view persistentVolume);
/// A volume has no space left, or has it again.
std::string fillDisk(decision::Client&, std::string_view persistentVolume, bool full);

}  // namespace node
