#pragma once
// Which stores of records belong together, and what they know of each other. Private to records.cpp and members.cpp.
#include <string>
#include <string_view>
#include <vector>

#include "core/node/environment.hpp"
#include "core/node/records.hpp"
#include "core/node/roles.hpp"

namespace node {

struct Membership {
  bool member = false;    ///< of a cluster whose members share what is written
  bool readOnly = false;  ///< a replica
  int64_t servers = 0;    ///< of an ensemble that needs a majority; 0 where it needs none
};
Membership membershipOf(const Program&, std::string_view configuration);
/// All texts of a store's configuration: its command, its variables and the files that are mounted for it.
std::string configurationOf(const api::Container&, const Files&, const shell::Variables&);
/// The number that stands right behind a word; `otherwise` where none does.
int64_t numberAfter(std::string_view text, std::string_view word, int64_t otherwise);

struct Peer {
  api::Pod pod;
  api::Container container;
  Membership membership;
};
/// The other pods of the same owner whose store runs, by name.
std::vector<Peer> peersOf(NodeClient&, const api::Pod&, const api::Container&);
/// The program's data directory, or the mounted one that is named after it where the usual one is on no volume.
std::string folderOf(const Program&, const api::Container&);

/// Whether an ensemble can decide.
bool hasMajority(NodeClient&, const api::Pod&, const api::Container&, const Membership&);
/// What a ZooKeeper server answers to "ruok", "srvr" and "stat", which it logs.
std::string fourLetterWord(NodeClient&, const Arrival& to, const Membership&, const shell::Query&);
/// nodetool status: all members of a Cassandra ring, those that do not run as down.
std::string ringOf(NodeClient&, const api::Pod&, const api::Container&);

}  // namespace node
