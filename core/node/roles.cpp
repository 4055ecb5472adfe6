#include "core/node/roles.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/node/environment.hpp"

namespace node {
namespace {
using Kind = Role::Kind;
namespace key = api::key;

constexpr std::string_view daemons =
    " nginx nginx-debug httpd httpd-foreground apachectl caddy agnhost serve_hostname hello-app mysqld mariadbd "
    "postgres "
    "redis-server valkey-server mongod cassandra run.sh zkServer.sh start-zookeeper etcd record-store pause "
    "docker-entrypoint.sh entrypoint.sh tini dumb-init ";

std::string_view baseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

bool isWordEnd(std::string_view text, size_t at) {
  return at >= text.size() || std::string_view(" \t\n;&|\"')").find(text[at]) != std::string_view::npos;
}

/// The number after `flag` ("-p", "--port", "listen"), with a blank or '=' or ':' between; 0 where there is none.
int numberAfter(std::string_view text, std::string_view flag) {
  for (size_t at = text.find(flag); at != text.npos; at = text.find(flag, at + 1)) {
    if (at > 0 && std::string_view(" \t\n;{'\"").find(text[at - 1]) == std::string_view::npos) continue;
    size_t n = at + flag.size();
    while (n < text.size() && (text[n] == ' ' || text[n] == '=' || text[n] == '\t')) ++n;
    // "listen [::]:80" and "listen 0.0.0.0:80" end in their port.
    const size_t end = std::min(text.find_first_of(" ;\n\t\"'", n), text.size());
    const std::string word(text.substr(n, end - n));
    const size_t colon = word.rfind(':');
    const int number = std::atoi(word.c_str() + (colon == word.npos ? 0 : colon + 1));
    if (number > 0 && number < 65536) return number;
  }
  return 0;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& w : words) (out += out.empty() ? "" : " ") += w;
  return out;
}
}  // namespace

bool isDaemon(std::string_view command) {
  const std::string_view name = baseName(command);
  return !name.empty() && daemons.find(" " + std::string(name) + " ") != daemons.npos;
}

bool Role::mentions(std::string_view word) const {
  for (const std::string& text : argv) {
    for (size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
      const bool begins = at == 0 || isWordEnd(text, at - 1) || text[at - 1] == '/' || text[at - 1] == '(';
      if (begins && isWordEnd(text, at + word.size())) return true;
    }
  }
  return false;
}

Role roleOf(const api::Container& c, const shell::Variables& variables) {
  Role role;
  role.program = &programOf(c.image());
  for (std::string_view word : c.command()) role.argv.push_back(expand(word, variables));
  const bool entrypoint = role.argv.empty();
  for (std::string_view word : c.args()) role.argv.push_back(expand(word, variables));
  const bool server =
      role.program->kind == Program::Kind::webServer || role.program->kind == Program::Kind::recordStore;
  const std::string_view first = role.argv.empty() ? std::string_view() : std::string_view(role.argv[0]);
  const bool own = first.empty() || (entrypoint && (first[0] == '-' || role.program->name == "agnhost"));
  // Of the daemons this one is a script, which writes its configuration first.
  if (own || (isDaemon(first) && baseName(first) != "start-zookeeper")) {
    role.serves = server || (isDaemon(first) && !own);
    role.kind = server ? Kind::server : Kind::idle;
    if (role.program->kind == Program::Kind::shell) {
      role.kind = Kind::command;
      role.serves = false;
      if (role.argv.empty()) role.argv = {"sh"};
    }
    return role;
  }
  role.kind = Kind::command;
  // A script that starts the image's program in the end serves as well.
  std::string_view names = daemons;
  while (server && !names.empty()) {
    names.remove_prefix(1);
    const std::string_view name = names.substr(0, names.find(' '));
    if (!name.empty() && hasCommand(*role.program, name) && role.mentions(name)) role.serves = true;
    names.remove_prefix(name.size());
  }
  if (server && (role.mentions("docker-entrypoint.sh") || role.mentions("entrypoint.sh"))) role.serves = true;
  return role;
}

Role roleOf(const api::Pod& pod, const api::Container& c, const decision::View& view) {
  bool asks = false;
  for (std::string_view word : c.command()) asks |= word.find('$') != word.npos;
  for (std::string_view word : c.args()) asks |= word.find('$') != word.npos;
  if (!asks) return roleOf(c, {});
  return roleOf(c, environmentOf(pod, c, view).variables);
}

std::vector<int> portsOf(const api::Container& c, const Role& role, std::string_view configuration) {
  std::vector<int> ports;
  const std::string line = joined(role.argv);
  const auto add = [&](int port) {
    if (port > 0 && std::find(ports.begin(), ports.end(), port) == ports.end()) ports.push_back(port);
  };
  if (!role.program->known) {
    for (const api::ContainerPort& p : c.ports()) add(int(p.containerPort()));
    return ports;
  }
  if (role.serves) {
    int asked = 0;
    for (std::string_view flag : {"--http-port", "--port", "--client_port", "-p", "--bind-port"}) {
      if (!asked) asked = numberAfter(line, flag);
    }
    for (std::string_view word : {"listen", "Listen"}) {
      if (!asked) asked = numberAfter(configuration, word);
    }
    if (role.mentions("serve-hostname") && !asked) asked = 9376;
    add(asked ? asked : role.program->port);
    add(role.program->otherPort);
    return ports;
  }
  if (role.mentions("httpd") || role.mentions("nc") || role.mentions("ncat") || role.mentions("socat")) {
    const int asked =
        std::max({numberAfter(line, "-p"), numberAfter(line, "-l"), numberAfter(line, "-lk"), numberAfter(line, "-lkp"),
                  numberAfter(line, "-lp"), numberAfter(line, "--max-conns=1")});
    if (role.mentions("httpd")) add(asked ? asked : 80);
    if (asked) add(asked);
  }
  if (line.find("http.server") != line.npos) {
    const int asked = numberAfter(line, "http.server");
    add(asked ? asked : 8000);
  }
  return ports;
}

std::string documentRoot(const Role& role, std::string_view configuration) {
  if (role.program->kind == Program::Kind::webServer && role.serves) {
    for (std::string_view word : {"root", "DocumentRoot"}) {
      for (size_t at = configuration.find(word); at != configuration.npos; at = configuration.find(word, at + 1)) {
        if (at > 0 && configuration[at - 1] != ' ' && configuration[at - 1] != '\n' && configuration[at - 1] != '\t')
          continue;
        const size_t slash = configuration.find('/', at + word.size());
        if (slash == configuration.npos || slash > at + word.size() + 24) continue;
        return std::string(configuration.substr(slash, configuration.find_first_of(";\"\n ", slash) - slash));
      }
    }
    return std::string(role.program->dataDirectory);
  }
  const std::string line = joined(role.argv);
  const size_t at = line.find("-h /");
  if (role.mentions("httpd") && at != line.npos)
    return line.substr(at + 3, line.find_first_of(" ;\"'&", at + 3) - at - 3);
  return "/";
}

}  // namespace node
