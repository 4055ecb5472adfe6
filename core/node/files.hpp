#pragma once
// The file system that a container sees: its image's files below its own writable layer, what the kubelet makes
// (/etc/hosts, /etc/resolv.conf…), and its mounted volumes. Files of layers, emptyDirs and PersistentVolumes are facts
// (disk.hpp); ConfigMaps, Secrets and the downward API are read as they stand. Changes are kept apart until the
// caller records them, one fact each.
// NOT MODELLED: owners, modes and times of files, links, devices; a ConfigMap's minute of delay in a mounted volume.
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/node/disk.hpp"
#include "core/shell/system.hpp"

namespace node {

/// Where a mounted path leads.
struct Mounted {
  enum class Kind : uint8_t { layer, disk, emptyDir, given } kind = Kind::layer;
  std::string at;      ///< the mount's path; "" of the layer
  std::string fact;    ///< the fact that holds its files
  std::string volume;  ///< of a disk: the PersistentVolume's name
  std::string below;   ///< the folder of the fact that the mount shows; "" for all of it
  bool readOnly = false;
  api::Value files;   ///< of `given`: {path: text}
  int64_t limit = 0;  ///< bytes; 0 for none
};

class Files {
 public:
  /// What stands in the API objects is read now; facts are read when asked for.
  Files(const api::Pod&, const api::Container&, const decision::View&, const store::Facts&);

  shell::FileInfo stat(std::string_view path) const;
  shell::Errno read(std::string_view path, std::string& text) const;
  shell::Errno write(std::string_view path, std::string_view text, bool append);
  /// A file of so many zeros, of which only the number is kept.
  shell::Errno writeZeros(std::string_view path, int64_t size);
  shell::Errno remove(std::string_view path);
  shell::Errno makeDirectory(std::string_view path);
  shell::Errno list(std::string_view path, std::vector<std::string>& names) const;
  std::vector<shell::Mount> mounts() const;
  const std::vector<Mounted>& mounted() const { return mounts_; }

  /// The facts as changed, by key, with the PersistentVolume's name where it is one. Empty afterwards.
  struct Changed {
    std::string fact, volume;
    api::Value after;
  };
  std::vector<Changed> takeChanges();
  bool changed() const { return !edits_.empty(); }

 private:
  struct Spot {
    const Mounted* mount;
    std::string path;  ///< in the fact
  };
  Spot spot(std::string_view path) const;
  const api::Value& fact(const Mounted&) const;
  const api::Value* entry(const Spot&, std::string_view whole) const;
  bool isDirectory(std::string_view path) const;
  shell::Errno put(std::string_view path, api::Value entry, int64_t growth);
  api::Value& edit(const Mounted&);
  bool mayGrow(const Mounted&, int64_t by) const;

  std::vector<Mounted> mounts_;  ///< the layer first, then by ascending length of path
  api::Value base_;              ///< the image's files and those that the kubelet makes: {path: text}
  const store::Facts& facts_;
  struct Edit {
    api::Value fact;
    std::string volume;
  };
  std::map<std::string, Edit, std::less<>> edits_;
};

/// What a volume of a pod gives where no fact holds it (ConfigMap, Secret, downward API, projected): {path: text}.
/// `error` says what is missing, as the kubelet's Event FailedMount does; "" where all is there.
api::Value givenFiles(const api::Pod&, const api::Volume&, const decision::View&, std::string& error);
bool isGiven(const api::Volume&);

/// Joins and cleans a path: "/a//b/../c" is "/a/c".
std::string cleanPath(std::string_view path);

}  // namespace node
