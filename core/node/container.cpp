#include "core/node/container.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/decision/rules.hpp"
#include "core/node/environment.hpp"
#include "core/node/records.hpp"
#include "core/node/serving.hpp"
#include "core/node/tools.hpp"

namespace node {
namespace {
using decision::Rule;
using shell::Errno;
using shell::Outcome;
using shell::Reached;
namespace key = api::key;
}  // namespace

ContainerSystem::ContainerSystem(NodeClient& client, const api::Pod& pod, const api::Container& container,
                                 ContainerRun& run, Turns& turns)
    : client_(client),
      pod_(pod),
      container_(container),
      run_(run),
      turns_(turns),
      files_(pod, container, client.view(), client.facts()),
      role_(roleOf(pod, container, client.view())),
      log_(logKey(pod.metadata().uid(), container.name(), run.restarts)) {}

void ContainerSystem::flush() {
  for (Files::Changed& c : files_.takeChanges()) {
    const bool kept = !c.volume.empty();
    const decision::Why why =
        kept ? decision::Why(Rule::FilesWritten, {{"pod", pod_.metadata().name()}, {"volume", c.volume}})
             : decision::Why(Rule::FilesWrittenToContainer,
                             {{"pod", pod_.metadata().name()}, {"container", container_.name()}});
    client_.setFact(why, std::move(c.fact), std::move(c.after),
                    kept ? "PersistentVolume//" + c.volume
                         : "Pod/" + store::keyOf(pod_.metadata().namespace_(), pod_.metadata().name()));
  }
}

shell::Variables ContainerSystem::variables() const {
  shell::Variables out{{"PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"},
                       {"HOSTNAME", hostname()}};
  for (auto& v : environmentOf(pod_, container_, client_.view()).variables) out.push_back(std::move(v));
  out.emplace_back("HOME", "/root");
  return out;
}

std::string ContainerSystem::hostname() const { return std::string(hostnameOf(pod_)); }

shell::FileInfo ContainerSystem::stat(std::string_view path) {
  shell::FileInfo info = files_.stat(path);
  if (info.kind != shell::FileInfo::Kind::none) {
    info.modified = run_.startedAt;
    return info;
  }
  // Commands are there without lying in any fact.
  for (std::string_view folder : {"/bin/", "/usr/bin/", "/usr/sbin/", "/sbin/", "/usr/local/bin/"}) {
    if (path.substr(0, folder.size()) != folder) continue;
    const std::string_view name = path.substr(folder.size());
    if (name.find('/') != name.npos || !isInstalled(name)) continue;
    info.kind = shell::FileInfo::Kind::file;
    info.executable = true;
  }
  return info;
}

Errno ContainerSystem::write(std::string_view path, std::string_view text, bool append) {
  if (path == "/dev/null") return Errno::ok;
  // What goes to the terminal of process 1 is the container's log.
  if (path == "/dev/stdout" || path == "/dev/stderr" || path.substr(0, 11) == "/proc/1/fd/") {
    client_.log(log_, path == "/dev/stderr" || path == "/proc/1/fd/2" ? 2 : 1, text);
    return Errno::ok;
  }
  return files_.write(path, text, append);
}

std::vector<shell::Process> ContainerSystem::processes() {
  lookedAround_ = true;
  std::string line(role_.program->commandLine);
  const auto words = [&](const std::vector<std::string>& list) {
    if (list[0] == "zkServer.sh" || list[0] == "run.sh") return std::string(role_.program->commandLine);
    std::string text;
    for (const std::string& word : list) (text += text.empty() ? "" : " ") += word;
    return text;
  };
  const bool runs = run_.shell && !run_.shell->running().empty();
  const std::string who = user().name;
  if (runs && run_.shell->replaced()) return {{1, who, words(run_.shell->running()), 0, run_.startedAt}};
  if (role_.kind != Role::Kind::server || role_.argv.size() > 1) {
    if (!role_.argv.empty()) line = words(role_.argv);
  }
  std::vector<shell::Process> out{{1, who, line, 0, run_.startedAt}};
  if (runs && run_.shell->running() != role_.argv) {
    out.push_back({7, who, words(run_.shell->running()), 1, run_.startedAt});
  } else if (role_.program->name == "nginx" && role_.serves) {
    out.push_back({29, "nginx", "nginx: worker process", 1, run_.startedAt});
  }
  return out;
}

namespace {
/// The names that images give to their users; others are numbers.
std::string nameOf(const Program& program, int64_t id) {
  if (id == 0) return "root";
  return id == 1000 && program.name == "zookeeper" ? "zookeeper" : std::to_string(id);
}
}  // namespace

shell::User ContainerSystem::user() const {
  const api::Value& of = pod_.doc.get({key::spec, key::securityContext});
  const api::Value& own = container_.doc[key::securityContext];
  const auto field = [&](api::Key k) { return (own.find(k) ? own[k] : of[k]).asInt(); };
  shell::User u;
  u.id = field(key::runAsUser);
  u.name = nameOf(*role_.program, u.id);
  const bool named = u.name != std::to_string(u.id);
  u.group = field(key::runAsGroup) || !named ? field(key::runAsGroup) : u.id;
  u.groupName = nameOf(*role_.program, u.group);
  return u;
}

/// What lies on a volume belongs to the pod's fsGroup, and to whoever wrote it.
shell::Owner ContainerSystem::owner(std::string_view path) {
  shell::Owner o;
  for (const Mounted& m : files_.mounted()) {
    const bool at = path == m.at, below = path.substr(0, m.at.size() + 1) == m.at + "/";
    if (m.at.empty() || m.kind == Mounted::Kind::given || (!at && !below)) continue;
    const api::Value& group = pod_.doc.get({key::spec, key::securityContext, key::fsGroup});
    o.shared = !group.isNull();
    o.writable = o.shared && at;
    if (o.shared) o.group = nameOf(*role_.program, group.asInt());
    if (!at) o.user = user().name;
    if (!at && !o.shared) o.group = user().groupName;
  }
  return o;
}

Errno ContainerSystem::kill(int pid, int signal) {
  if (pid == 7 && run_.shell && !run_.shell->running().empty()) {
    if (signal) run_.shell->signalCommand(signal);
    run_.wake = client_.now();
    return Errno::ok;
  }
  if (pid != 1) return Errno::noProcess;
  // The kernel shields process 1 of a container from signals that it does not handle, from within even from KILL.
  if (signal == 9 || signal == 0) return Errno::ok;
  run_.signal = signal;
  run_.wake = client_.now();
  return Errno::ok;
}

shell::Lookup ContainerSystem::resolve(std::string_view name, std::string_view type, bool search) {
  lookedAround_ = true;
  return lookUp(client_.view(), pod_, name, type, search);
}

shell::HttpReply ContainerSystem::http(const shell::HttpRequest& r) {
  lookedAround_ = true;
  return fetch(client_, pod_, r, turns_);
}

Reached ContainerSystem::connect(std::string_view host, int port, std::string& address) {
  lookedAround_ = true;
  const Arrival to = arrive(client_, pod_, host, port, turns_);
  address = to.address;
  return to.reached;
}

Reached ContainerSystem::receive(std::string_view host, int port, std::string& text) {
  lookedAround_ = true;
  flush();
  return receiveFrom(client_, pod_, host, port, turns_, text);
}

Reached ContainerSystem::ping(std::string_view host, std::string& address) {
  lookedAround_ = true;
  return pingPod(client_, pod_, host, address);
}

shell::QueryReply ContainerSystem::query(const shell::Query& q) {
  lookedAround_ = true;
  flush();
  return queryStore(client_, pod_, container_, q, turns_);
}

Outcome ContainerSystem::external(shell::Call& call) {
  const std::string_view name = std::string_view(call.args[0]).substr(call.args[0].rfind('/') + 1);
  const Outcome done = runTool(call, *this, files_, role_, client_.now());
  if (done != Outcome::unknown) return done;
  const bool server = isInstalled(name) || (role_.program->kind == Program::Kind::shell && isDaemon(name)) ||
                      name == "nc" || name == "ncat" || name == "socat";
  if (!server && role_.program->known) return Outcome::unknown;
  if (call.interrupted) {
    call.exit = 143;
    return Outcome::done;
  }
  if (!server && endsUnknown_) return Outcome::done;
  if (!call.started && !server) {
    call.err += std::string(name) + ": not known here; it does nothing until it is stopped\n";
  } else if (!call.started && isDaemon(name)) {
    call.out += startText(*role_.program, hostname());
  }
  call.wakeAt = INT64_MAX;
  return Outcome::waits;
}

bool ContainerSystem::has(std::string_view command) {
  if (role_.program->kind == Program::Kind::sleep && role_.program->known) return false;
  // The clients of a store come with its image alone, and the small test images have nothing else.
  for (std::string_view client : {"mysql", "mysqladmin", "psql", "redis-cli", "mongosh", "mongo", "cqlsh", "zkCli.sh",
                                  "etcdctl", "nodetool", "pg_isready"}) {
    if (command == client) return isInstalled(command) || !role_.program->known;
  }
  return true;
}

bool ContainerSystem::isInstalled(std::string_view command) const {
  if (!hasCommand(*role_.program, command)) return false;
  return files_.stat(executablePath(command)).kind == shell::FileInfo::Kind::file;
}

std::string_view ContainerSystem::toolset() const {
  const std::string_view image = container_.image();
  if (image.find("busybox:1.28") != image.npos) return "busybox-1.28";
  return image.find("busybox") != image.npos || image.find("alpine") != image.npos ? "busybox" : "gnu";
}

void ContainerSystem::output(int stream, std::string_view text) {
  std::string* to = stream == 2 ? err_ : out_;
  if (to) {
    if (to->size() < (size_t(1) << 20)) *to += text;
  } else {
    client_.log(log_, stream, text);
  }
}

}  // namespace node
