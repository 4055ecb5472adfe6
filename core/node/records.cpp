#include "core/node/records.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "core/api/pods.hpp"
#include "core/decision/rules.hpp"
#include "core/node/environment.hpp"
#include "core/node/machine.hpp"
#include "core/node/members.hpp"
#include "core/node/roles.hpp"
#include "core/node/serving.hpp"
#include "core/shell/command.hpp"

namespace node {
namespace {
using api::Value;
using decision::Rule;
using shell::Errno;
using shell::QueryReply;
using shell::Reached;
namespace key = api::key;

struct Client {
  std::string_view name;
  int port;
};
constexpr Client clients[] = {{"mysql", 3306},   {"psql", 5432},    {"redis-cli", 6379}, {"mongosh", 27017},
                              {"mongo", 27017},  {"cqlsh", 9042},   {"zkCli.sh", 2181},  {"etcdctl", 2379},
                              {"mariadb", 3306}, {"nodetool", 9042}};

void copyFolder(const Files& from, Files& to, const std::string& folder, int depth = 0) {
  std::vector<std::string> names;
  from.list(folder, names);
  for (const std::string& name : names) {
    const std::string path = folder + "/" + name;
    if (name == "myid" || depth > 8) continue;
    std::string text, had;
    if (from.read(path, text) == Errno::ok) {
      if (to.read(path, had) != Errno::ok || had != text) to.write(path, text, false);
    } else {
      if (to.stat(path).kind == shell::FileInfo::Kind::none) to.makeDirectory(path);
      copyFolder(from, to, path, depth + 1);
    }
  }
}

/// A change goes to all members whose role it is to follow.
void replicate(NodeClient& client, const Arrival& to, const Membership& own, const std::string& folder) {
  if (!own.member) return;
  const Program& program = programOf(to.container.image());
  const bool primary = program.name == "mysql" || program.name == "redis";
  for (const Peer& p : peersOf(client, to.pod, to.container)) {
    if (!p.membership.member || (primary && !p.membership.readOnly)) continue;
    const Files source(to.pod, to.container, client.view(), client.facts());
    Files target(p.pod, p.container, client.view(), client.facts());
    copyFolder(source, target, folder);
    recordFiles(client, p.pod, p.container, target);
  }
}

std::string dataFile(const api::Container& container, const Program& program) {
  std::string folder = folderOf(program, container);
  if (folder.empty()) {
    const auto mounts = container.volumeMounts();
    folder = mounts.empty() ? "/tmp" : std::string(mounts[0].mountPath());
  }
  return cleanPath(folder + "/records");
}
}  // namespace

void recordFiles(NodeClient& client, const api::Pod& pod, const api::Container&, Files& files) {
  const std::string_view name = pod.metadata().name();
  for (Files::Changed& c : files.takeChanges()) {
    const bool kept = !c.volume.empty();
    const decision::Why why = kept ? decision::Why(Rule::RecordWritten, {{"pod", name}, {"volume", c.volume}})
                                   : decision::Why(Rule::RecordWrittenToContainer, {{"pod", name}});
    client.setFact(why, std::move(c.fact), std::move(c.after),
                   kept ? "PersistentVolume//" + c.volume : "Pod/" + store::keyOf(pod.metadata().namespace_(), name));
  }
}

QueryReply queryStore(NodeClient& client, const api::Pod& from, const api::Container&, const shell::Query& q,
                      Turns& turns) {
  QueryReply reply;
  int port = q.port;
  for (const Client& c : clients) {
    if (!port && c.name == q.client) port = c.port;
  }
  const Arrival to =
      arrive(client, from, q.host.empty() ? std::string_view("localhost") : std::string_view(q.host), port, turns);
  reply.reached = to.reached;
  if (to.reached != Reached::ok) return reply;
  const Program& program = programOf(to.container.image());
  if (program.kind != Program::Kind::recordStore) {
    reply.reached = Reached::timeout;  // whatever listens there speaks another language
    return reply;
  }
  Files files(to.pod, to.container, client.view(), client.facts());
  const shell::Variables variables = environmentOf(to.pod, to.container, client.view()).variables;
  const std::string configuration = configurationOf(to.container, files, variables);
  const Membership own = membershipOf(program, configuration);
  const bool speaks = q.client != "nc" && q.client != "nodetool";
  if (speaks && !hasMajority(client, to.pod, to.container, own)) {
    reply.error = "KeeperErrorCode = ConnectionLoss: the ensemble has no majority";
    return reply;
  }
  if (q.client == "nodetool") return reply.text = ringOf(client, to.pod, to.container), reply;
  if (q.client == "nc")
    return reply.text = program.name == "zookeeper" ? fourLetterWord(client, to, own, q) : "", reply;
  StoreData data{.files = files,
                 .folder = folderOf(program, to.container),
                 .database = q.database,
                 .readOnly = own.readOnly,
                 .serverId = numberAfter(configuration, "server-id", 1),
                 .hostname = std::string(to.pod.metadata().name()),
                 .now = client.now()};
  if (program.name == "mysql" || program.name == "postgres" || program.name == "cassandra") {
    runSql(data, program.name, q.statement, reply);
  } else if (program.name == "redis") {
    runRedis(data, q.statement, reply);
  } else if (program.name == "zookeeper") {
    runZooKeeper(data, q.statement, reply);
  } else if (program.name == "etcd") {
    runEtcd(data, q.statement, reply);
  } else {
    runMongo(data, q.statement, reply);
  }
  if (files.changed()) {
    recordFiles(client, to.pod, to.container, files);
    replicate(client, to, own, data.folder);
  }
  return reply;
}

/// A server of MySQL that finds an empty data directory on a volume makes its own tables there.
static void initialise(NodeClient& client, const api::Pod& pod, const api::Container& container, Files& files) {
  const Program& program = programOf(container.image());
  const std::string folder = folderOf(program, container);
  if (program.name != "mysql" || files.stat(folder + "/mysql").kind != shell::FileInfo::Kind::none) return;
  for (const Mounted& m : files.mounted()) {
    if (m.kind == Mounted::Kind::disk && folder.substr(0, m.at.size()) == m.at) files.makeDirectory(folder + "/mysql");
  }
  for (Files::Changed& c : files.takeChanges()) {
    client.setFact({Rule::FilesWritten, {{"pod", pod.metadata().name()}, {"volume", c.volume}}}, std::move(c.fact),
                   std::move(c.after), "PersistentVolume//" + c.volume);
  }
}

void joinStore(NodeClient& client, const api::Pod& pod, const api::Container& container) {
  const Program& program = programOf(container.image());
  if (program.kind != Program::Kind::recordStore) return;
  Files files(pod, container, client.view(), client.facts());
  const shell::Variables variables = environmentOf(pod, container, client.view()).variables;
  const Membership own = membershipOf(program, configurationOf(container, files, variables));
  if (!roleOf(container, variables).serves) return;
  initialise(client, pod, container, files);
  const bool primary = program.name == "mysql" || program.name == "redis";
  if (!own.member || (primary && !own.readOnly)) return;
  for (const Peer& p : peersOf(client, pod, container)) {
    if (!p.membership.member) continue;
    const Files source(p.pod, p.container, client.view(), client.facts());
    copyFolder(source, files, folderOf(program, container));
    if (files.changed()) recordFiles(client, pod, container, files);
    return;
  }
}

std::string writeRecord(NodeClient& client, std::string_view ns, std::string_view name, std::string_view text) {
  const auto pod = client.view().get<api::Pod>(ns, name);
  if (!pod) return "pods \"" + std::string(name) + "\" not found";
  if (pod.status().phase() != "Running") return "pod " + std::string(name) + " is not running";
  if (isSilent(client.facts(), pod.spec().nodeName())) return "no route to " + std::string(pod.status().podIP());
  const auto statuses = pod.status().containerStatuses();
  if (statuses.empty() || !statuses[0].state().has(key::running)) return "connection refused";
  const api::Container container = pod.spec().containers()[0];
  Files files(pod, container, client.view(), client.facts());
  const Errno e = files.write(dataFile(container, programOf(container.image())), std::string(text) + "\n", true);
  if (e == Errno::noSpace) return "no space left on device";
  if (e != Errno::ok) return "the record cannot be written";
  recordFiles(client, pod, container, files);
  return {};
}

std::vector<std::string> readRecords(const decision::View& view, const store::Facts& facts, const api::Pod& pod) {
  const auto containers = pod.spec().containers();
  if (containers.empty()) return {};
  const Files files(pod, containers[0], view, facts);
  std::string text;
  std::vector<std::string> out;
  if (files.read(dataFile(containers[0], programOf(containers[0].image())), text) != Errno::ok) return out;
  std::string_view rest = text;
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('\n'), rest.size());
    out.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return out;
}

}  // namespace node
