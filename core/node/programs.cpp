#include "core/node/programs.hpp"

#include <cstdlib>

#include "core/api/pods.hpp"
#include "core/decision/rules.hpp"
#include "core/node/disk.hpp"
#include "core/node/machine.hpp"

namespace node {
namespace {
using decision::Rule;
using Kind = Program::Kind;

struct Known {
  std::string_view image;
  Program program;
};
constexpr Known images[] = {
    {"nginx", {Kind::webServer, "/usr/share/nginx/html", "records", 500, true}},
    {"nginx-slim", {Kind::webServer, "/usr/share/nginx/html", "records", 500, true}},
    {"httpd", {Kind::webServer, "/usr/local/apache2/htdocs", "records", 500, true}},
    {"caddy", {Kind::webServer, "/usr/share/caddy", "records", 500, true}},
    {"mysql", {Kind::recordStore, "/var/lib/mysql", "records", 2000, true}},
    {"mariadb", {Kind::recordStore, "/var/lib/mysql", "records", 2000, true}},
    {"postgres", {Kind::recordStore, "/var/lib/postgresql/data", "records", 2000, true}},
    {"redis", {Kind::recordStore, "/data", "records", 1000, true}},
    {"mongo", {Kind::recordStore, "/data/db", "records", 2000, true}},
    {"cassandra", {Kind::recordStore, "/var/lib/cassandra", "records", 2000, true}},
    {"zookeeper", {Kind::recordStore, "/var/lib/zookeeper", "records", 1000, true}},
    {"kubernetes-zookeeper", {Kind::recordStore, "/var/lib/zookeeper", "records", 1000, true}},
    {"etcd", {Kind::recordStore, "/var/lib/etcd", "records", 1000, true}},
    {"record-store", {Kind::recordStore, "/data", "records", 1000, true}},
    {"busybox", {Kind::shell, "", "records", 500, true}},
    {"alpine", {Kind::shell, "", "records", 500, true}},
    {"pause", {Kind::sleep, "", "records", 100, true}},
};

std::string_view lastPart(std::string_view image) {
  image = image.substr(0, image.find('@'));
  image.remove_prefix(image.rfind('/') + 1);
  return image.substr(0, image.find(':'));
}

/// The whole command line of a container, its words joined by spaces.
std::string commandLine(const api::Container& c) {
  std::string line;
  for (std::string_view word : c.command()) (line += line.empty() ? "" : " ") += word;
  for (std::string_view word : c.args()) (line += line.empty() ? "" : " ") += word;
  return line;
}

std::string dataFile(const api::Container& container, const Program& program) {
  std::string_view folder = program.dataDirectory;
  if (folder.empty()) {
    const auto mounts = container.volumeMounts();
    folder = mounts.empty() ? "/tmp" : mounts[0].mountPath();
  }
  return std::string(folder) + (folder.back() == '/' ? "" : "/") + std::string(program.recordFile);
}
}  // namespace

Program programOf(std::string_view image) {
  const std::string_view name = lastPart(image);
  for (const Known& k : images) {
    if (k.image == name) return k.program;
  }
  return Program{Kind::sleep, "", "records", 500, false};
}

Run runOf(const api::Container& container) {
  Run run;
  const std::string line = commandLine(container);
  const Program program = programOf(container.image());
  if (program.kind == Kind::shell && line.empty()) {
    run.ends = true;  // a shell without a terminal reads the end of its input
    return run;
  }
  const auto number = [&](size_t at) { return std::strtol(line.c_str() + at, nullptr, 10); };
  const size_t sleep = line.find("sleep "), exit = line.rfind("exit "), loop = line.find("while ");
  const bool forever = loop != line.npos || line.find("sleep infinity") != line.npos;
  if (sleep != line.npos && !forever) {
    run.ends = true;
    run.after = number(sleep + 6) * 1000;
    run.ignoresTerm = true;  // as process 1 it has no handler for SIGTERM
  }
  if (forever && program.kind == Kind::shell) run.ignoresTerm = true;
  if (exit != line.npos && !forever) {
    run.ends = true;
    run.exitCode = int(number(exit + 5)) & 255;
  } else if (line == "false" || line == "/bin/false") {
    run.ends = true;
    run.exitCode = 1;
  } else if (program.kind == Kind::shell && sleep == line.npos && !forever) {
    run.ends = line.find("httpd") == line.npos && line.find("nc ") == line.npos && line.find("tail -f") == line.npos;
  }
  return run;
}

std::string writeRecord(decision::Client& client, std::string_view ns, std::string_view name, std::string_view text) {
  const auto pod = client.view().get<api::Pod>(ns, name);
  if (!pod) return "pods \"" + std::string(name) + "\" not found";
  if (pod.status().phase() != "Running") return "pod " + std::string(name) + " is not running";
  if (isSilent(client.facts(), pod.spec().nodeName())) return "no route to " + std::string(pod.status().podIP());
  const auto statuses = pod.status().containerStatuses();
  if (statuses.empty() || !statuses[0].state().has(api::key::running)) return "connection refused";
  const api::Container container = pod.spec().containers()[0];
  const Place place = placeOf(pod, container, dataFile(container, programOf(container.image())), client.view());
  const bool kept = !place.volume.empty();
  const decision::Why why = kept ? decision::Why(Rule::RecordWritten, {{"pod", name}, {"volume", place.volume}})
                                 : decision::Why(Rule::RecordWrittenToContainer, {{"pod", name}});
  return appendFile(client, why, place, std::string(text) + "\n",
                    kept ? "PersistentVolume//" + place.volume : "Pod/" + store::keyOf(ns, name));
}

std::vector<std::string> readRecords(const decision::View& view, const store::Facts& facts, const api::Pod& pod) {
  const auto containers = pod.spec().containers();
  if (containers.empty()) return {};
  const Place place = placeOf(pod, containers[0], dataFile(containers[0], programOf(containers[0].image())), view);
  const api::Value& file = readFile(facts, place);
  return recordsOf(api::Value::object({{api::Key("files"), api::Value::object({{api::Key(place.path), file}})}}));
}

}  // namespace node
