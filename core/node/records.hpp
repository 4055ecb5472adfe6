#pragma once
// What stores of records do with what clients ask: statements become lines in files of the data directory, so that
// kept and lost data are seen on the volume. A table is a file of one record a line beside a file of its columns
// ("messages", "messages.frm"); keys and values are lines "key<TAB>value" of the file "records". Members of one cluster
// (by their configuration: MySQL with read-only replicas, ZooKeeper, etcd, Cassandra, a MongoDB replica set, Redis
// replicas) get what is written to one of them.
// NOT MODELLED: types, joins, transactions, users; conflicts between members.
#include <string>
#include <string_view>
#include <vector>

#include "core/node/files.hpp"
#include "core/node/reach.hpp"

namespace node {

/// A client in `from` asks a store.
shell::QueryReply queryStore(NodeClient&, const api::Pod& from, const api::Container&, const shell::Query&, Turns&);

/// A member of a store's cluster that starts takes over what the others have.
void joinStore(NodeClient&, const api::Pod&, const api::Container&);

/// A client writes a record to the program in a pod's first container. "" or why not.
std::string writeRecord(NodeClient&, std::string_view ns, std::string_view pod, std::string_view text);
/// What the program would answer to a client that reads everything.
std::vector<std::string> readRecords(const decision::View&, const store::Facts&, const api::Pod&);

/// Records what was changed in a container's files.
void recordFiles(NodeClient&, const api::Pod&, const api::Container&, Files&);

// ---- the languages (statements.cpp)

/// A store's data as a statement sees it.
struct StoreData {
  Files& files;
  std::string folder;         ///< its data directory
  std::string database = {};  ///< the client's
  bool readOnly = false;
  int64_t serverId = 1;
  std::string hostname = {};
  api::Millis now = 0;
};
void runSql(StoreData&, std::string_view client, std::string_view statement, shell::QueryReply&);
void runRedis(StoreData&, std::string_view statement, shell::QueryReply&);
void runZooKeeper(StoreData&, std::string_view statement, shell::QueryReply&);
void runEtcd(StoreData&, std::string_view statement, shell::QueryReply&);
void runMongo(StoreData&, std::string_view statement, shell::QueryReply&);

}  // namespace node
