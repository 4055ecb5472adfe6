// Members of a store's cluster: their configuration, their peers, leaders and rings.
#include "core/node/members.hpp"

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "core/api/pods.hpp"
#include "core/node/machine.hpp"
#include "core/node/serving.hpp"
#include "core/shell/command.hpp"

namespace node {
using api::Value;
using shell::Errno;
namespace key = api::key;

std::string configurationOf(const api::Container& c, const Files& files, const shell::Variables& variables) {
  std::string out;
  const Role role = roleOf(c, variables);
  for (const std::string& word : role.argv) out += word + "\n";
  for (const Value& v : c.doc[key::env].values()) {
    const std::string_view name = v[key::name].asString();
    for (const auto& [n, value] : variables) {
      if (n == name) out += n + "=" + value + "\n";
    }
  }
  for (std::string_view folder : {"/etc/mysql/conf.d", "/usr/local/etc/redis", "/etc/redis", "/etc/mysql"}) {
    std::vector<std::string> names;
    files.list(folder, names);
    for (const std::string& name : names) {
      std::string text;
      if (files.read(std::string(folder) + "/" + name, text) == Errno::ok) out += text + "\n";
    }
  }
  return out;
}

int64_t numberAfter(std::string_view text, std::string_view word, int64_t otherwise) {
  const size_t at = text.find(word);
  if (at == text.npos) return otherwise;
  const std::string rest(text.substr(at + word.size(), 20));
  const size_t digit = rest.find_first_of("0123456789");
  return digit > 2 ? otherwise : std::atoll(rest.c_str() + digit);
}

Membership membershipOf(const Program& program, std::string_view configuration) {
  const auto has = [&](std::string_view word) { return configuration.find(word) != configuration.npos; };
  Membership m;
  if (program.name == "mysql") {
    m.readOnly = has("super-read-only") || has("super_read_only");
    m.member = m.readOnly || has("log-bin") || has("log_bin");
  } else if (program.name == "redis") {
    m.readOnly = has("replicaof") || has("slaveof");
    m.member = true;  // it takes part where others say that they are its replicas
  } else if (program.name == "mongo") {
    m.member = has("replSet");
  } else if (program.name == "zookeeper") {
    m.servers = numberAfter(configuration, "--servers", 0);
    m.member = true;
  } else if (program.name == "etcd") {
    m.member = has("initial-cluster") || has("INITIAL_CLUSTER");
  } else if (program.name == "cassandra") {
    m.member = true;
  }
  return m;
}

std::vector<Peer> peersOf(NodeClient& client, const api::Pod& pod, const api::Container& container) {
  std::vector<Peer> out;
  const std::string owner(api::controllerOf(pod.metadata()).uid());
  if (owner.empty()) return out;
  for (const std::string& name : client.view().objects().controlledBy(api::Resource::pods, owner)) {
    const api::Pod other = client.view().getByKey<api::Pod>(name);
    if (!other || other.metadata().uid() == pod.metadata().uid() || isSilent(client.facts(), other.spec().nodeName()))
      continue;
    for (const api::ContainerStatus& s : other.status().containerStatuses()) {
      if (s.name() != container.name() || !s.state().has(key::running)) continue;
      for (const api::Container& c : other.spec().containers()) {
        if (c.name() != container.name()) continue;
        const Files files(other, c, client.view(), client.facts());
        const shell::Variables variables = environmentOf(other, c, client.view()).variables;
        out.push_back({other, c, membershipOf(programOf(c.image()), configurationOf(c, files, variables))});
      }
    }
  }
  return out;
}

std::string folderOf(const Program& program, const api::Container& container) {
  std::string named;
  for (const api::VolumeMount& m : container.volumeMounts()) {
    const std::string at = cleanPath(m.mountPath()), usual(program.dataDirectory);
    if (usual.substr(0, at.size()) == at) return usual;
    if (at.find(program.name) != at.npos && at.find("conf") == at.npos) named = at;
  }
  return named.empty() ? std::string(program.dataDirectory) : named;
}

bool hasMajority(NodeClient& client, const api::Pod& pod, const api::Container& container, const Membership& own) {
  return own.servers <= 1 || int64_t(peersOf(client, pod, container).size()) + 1 > own.servers / 2;
}

static api::Millis startOf(const api::Pod& pod, const api::Container& container) {
  for (const api::ContainerStatus& s : pod.status().containerStatuses()) {
    if (s.name() == container.name() && s.state().has(key::running))
      return api::parseTime(s.state().running().startedAt());
  }
  return INT64_MAX;
}

/// Whether a ZooKeeper server leads: of those whose start completed the majority, the one with the highest number.
static bool leads(NodeClient& client, const api::Pod& pod, const api::Container& container, const Membership& own) {
  if (own.servers <= 1) return true;
  struct Server {
    api::Millis since;
    std::string name;
  };
  std::vector<Server> servers{{startOf(pod, container), std::string(pod.metadata().name())}};
  for (const Peer& p : peersOf(client, pod, container))
    servers.push_back({startOf(p.pod, p.container), std::string(p.pod.metadata().name())});
  const auto later = [](const Server& a, const Server& b) {
    return std::tie(a.since, a.name) < std::tie(b.since, b.name);
  };
  std::sort(servers.begin(), servers.end(), later);
  servers.resize(std::min(servers.size(), size_t(own.servers / 2 + 1)));
  std::string_view best;
  for (const Server& s : servers) {
    if (std::pair(s.name.size(), std::string_view(s.name)) > std::pair(best.size(), best)) best = s.name;
  }
  return best == pod.metadata().name();
}

std::string fourLetterWord(NodeClient& client, const Arrival& to, const Membership& own, const shell::Query& q) {
  const std::string number = [&] {
    const std::string_view name = to.pod.metadata().name();
    const std::string ordinal(name.substr(name.rfind('-') + 1));
    return std::to_string(std::atoll(ordinal.c_str()) + 1);
  }();
  std::string time = shell::formatTime(client.now(), "%F %T,") + std::to_string(1000 + client.now() % 1000).substr(1);
  const std::string head = time + " [myid:" + number + "] - INFO  [";
  const std::string factory = "NIOServerCxn.Factory:0.0.0.0/0.0.0.0:2181:", peer = "/127.0.0.1:52740";
  std::string log = head + factory + "NIOServerCnxnFactory@192] - Accepted socket connection from " + peer + "\n";
  log += head + factory + "NIOServerCnxn@827] - Processing " + q.statement + " command from " + peer + "\n";
  log += head + "Thread-1:NIOServerCnxn@1008] - Closed socket connection for client " + peer +
         " (no session established for client)\n";
  int64_t restarts = 0;
  for (const api::ContainerStatus& s : to.pod.status().containerStatuses()) {
    if (s.name() == to.container.name()) restarts = s.restartCount();
  }
  client.log(logKey(to.pod.metadata().uid(), to.container.name(), restarts), 1, log);
  if (q.statement == "ruok") return "imok";
  if (!hasMajority(client, to.pod, to.container, own))
    return "This ZooKeeper instance is not currently serving requests\n";
  if (q.statement != "srvr" && q.statement != "stat" && q.statement != "mntr") return {};
  return "Zookeeper version: 3.4.10\nMode: " +
         std::string(own.servers <= 1                           ? "standalone"
                     : leads(client, to.pod, to.container, own) ? "leader"
                                                                : "follower") +
         "\n";
}

std::string ringOf(NodeClient& client, const api::Pod& pod, const api::Container& container) {
  const shell::Variables variables = environmentOf(pod, container, client.view()).variables;
  const auto variable = [&](std::string_view name, std::string_view otherwise) {
    for (const auto& [n, v] : variables) {
      if (n == name) return v;
    }
    return std::string(otherwise);
  };
  const std::string center = variable("CASSANDRA_DC", "datacenter1"), rack = variable("CASSANDRA_RACK", "rack1");
  std::vector<api::Pod> members;
  const std::string owner(api::controllerOf(pod.metadata()).uid());
  for (const std::string& name : client.view().objects().controlledBy(api::Resource::pods, owner)) {
    const api::Pod member = client.view().getByKey<api::Pod>(name);
    if (member && !member.status().podIP().empty()) members.push_back(member);
  }
  if (members.empty()) members.push_back(pod);
  size_t width = 10;
  for (const api::Pod& m : members) width = std::max(width, m.status().podIP().size());
  const auto padded = [](std::string text, size_t size) {
    return text.append(size - std::min(size, text.size()), ' ');
  };
  std::string out = "Datacenter: " + center + "\n" + std::string(12 + center.size(), '=') +
                    "\nStatus=Up/Down\n|/ State=Normal/Leaving/Joining/Moving\n--  " + padded("Address", width) + "  " +
                    padded("Load", 9) + "  Tokens       Owns (effective)  " + padded("Host ID", 36) + "  Rack\n";
  // Keys have two copies at least where there are two members, so the shares add up to 200%.
  const size_t share = members.size() < 2 ? 1000 : (2000 + members.size() / 2) / members.size();
  for (const api::Pod& m : members) {
    const api::Millis since = startOf(m, container);
    const bool up = since != INT64_MAX && !isSilent(client.facts(), m.spec().nodeName());
    const bool joins = up && client.now() < since + programOf(container.image()).startTime;
    const Files files(m, container, client.view(), client.facts());
    std::string id(m.metadata().uid());
    size_t bytes = 0;
    for (const Mounted& mount : files.mounted()) {
      if (mount.kind != Mounted::Kind::disk) continue;
      if (mount.volume.substr(0, 4) == "pvc-") id = mount.volume.substr(4);
      bytes += usedBytes(client.facts().get(mount.fact));
    }
    const size_t load = 8357 + bytes * 100 / 1024;
    out += std::string(up ? "U" : "D") + (joins ? "J" : "N") + "  " + padded(std::string(m.status().podIP()), width) +
           "  " + padded(std::to_string(load / 100) + "." + std::to_string(100 + load % 100).substr(1) + " KiB", 9) +
           "  " + padded(variable("CASSANDRA_NUM_TOKENS", "32"), 11) + "  " +
           padded(std::to_string(share / 10) + "." + std::to_string(share % 10) + "%", 16) + "  " + padded(id, 36) +
           "  " + rack + "\n";
  }
  return out;
}

}  // namespace node
