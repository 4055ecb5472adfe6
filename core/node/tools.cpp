#include "core/node/tools.hpp"

#include <algorithm>
#include <cstdlib>

#include "core/shell/command.hpp"

namespace node {
namespace {
using shell::absolute;
using shell::done;
using shell::Errno;
using shell::Outcome;

/// "10M", "1G", "512": bytes; -1 where it is no number.
int64_t bytesOf(std::string_view text) {
  int64_t n = 0;
  size_t i = 0;
  for (; i < text.size() && text[i] >= '0' && text[i] <= '9'; ++i)
    n = std::min<int64_t>(n * 10 + (text[i] - '0'), int64_t(1) << 40);
  if (i == 0) return -1;
  const char unit = i < text.size() ? char(text[i] | 32) : ' ';
  const int shift = unit == 'k' ? 10 : unit == 'm' ? 20 : unit == 'g' ? 30 : 0;
  return n << shift;
}

/// dd if=… of=FILE bs=N count=N: from /dev/zero (or /dev/urandom) only sizes count, else it copies a text.
Outcome dd(shell::Call& call, shell::System& system, Files& files) {
  std::string from, to;
  int64_t block = 512, count = -1;
  for (const std::string& arg : call.args) {
    const std::string_view a = arg;
    if (a.substr(0, 3) == "if=") from = a.substr(3);
    if (a.substr(0, 3) == "of=") to = a.substr(3);
    if (a.substr(0, 3) == "bs=") block = std::max<int64_t>(bytesOf(a.substr(3)), 1);
    if (a.substr(0, 6) == "count=") count = bytesOf(a.substr(6));
  }
  const bool endless = from.substr(0, 5) == "/dev/";
  std::string text;
  if (!endless) {
    if (const Errno e = system.read(absolute(call, from), text); e != Errno::ok) {
      call.err += "dd: can't open '" + from + "': " + std::string(shell::text(e)) + "\n";
      return done(call, 1);
    }
    if (count >= 0) text.resize(std::min<size_t>(text.size(), size_t(block * count)));
  }
  if (count < 0) count = endless ? int64_t(1) << 20 : (int64_t(text.size()) + block - 1) / block;
  const int64_t size = endless ? block * std::min<int64_t>(count, (int64_t(1) << 40) / block) : int64_t(text.size());
  if (!to.empty() && to != "/dev/null") {
    const std::string path = absolute(call, to);
    const Errno e = endless ? files.writeZeros(path, size) : files.write(path, text, false);
    if (e != Errno::ok) {
      call.err += "dd: " + std::string(e == Errno::noSpace ? "error writing '" : "can't open '") + to +
                  "': " + std::string(shell::text(e)) + "\n";
      return done(call, 1);
    }
  } else if (to.empty()) {
    if (shell::readDevice(system, from, text)) text.resize(std::min(text.size(), size_t(size)));
    call.out += text;
  }
  const std::string blocks = std::to_string(count) + "+0 records ";
  call.err += blocks + "in\n" + blocks + "out\n";
  return done(call, 0);
}

Outcome allocate(shell::Call& call, Files& files) {
  int64_t size = -1;
  std::string file;
  for (size_t i = 1; i < call.args.size(); ++i) {
    const std::string_view a = call.args[i];
    if (a == "-l" || a == "-s" || a == "--length" || a == "--size") {
      if (i + 1 < call.args.size()) size = bytesOf(call.args[++i]);
    } else if (a.substr(0, 2) == "-l" || a.substr(0, 2) == "-s") {
      size = bytesOf(a.substr(2));
    } else {
      file = a;
    }
  }
  if (size < 0 || file.empty()) {
    call.err += call.args[0] + ": no length specified\n";
    return done(call, 1);
  }
  const Errno e = files.writeZeros(absolute(call, file), size);
  if (e == Errno::ok) return done(call, 0);
  call.err += call.args[0] + ": " + file + ": " + std::string(shell::text(e)) + "\n";
  return done(call, 1);
}

/// nginx -t, -s reload, -v; without such an option it is the server itself.
Outcome nginx(shell::Call& call, shell::System& system) {
  for (size_t i = 1; i < call.args.size(); ++i) {
    const std::string& a = call.args[i];
    if (a == "-v" || a == "-V") return call.err += "nginx version: nginx/1.27.5\n", done(call, 0);
    if (a == "-t") {
      call.err +=
          "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"
          "nginx: configuration file /etc/nginx/nginx.conf test is successful\n";
      return done(call, 0);
    }
    if (a == "-s" && i + 1 < call.args.size()) {
      if (call.args[i + 1] == "stop" || call.args[i + 1] == "quit") system.kill(1, 15);
      return done(call, 0);
    }
  }
  return Outcome::unknown;
}

/// xbstream -x -C FOLDER: "@ SIZE PATH" and the file's bytes, for each file.
Outcome unpack(shell::Call& call, shell::System& system) {
  if (call.input.empty() && !call.inputEnds) return Outcome::reads;
  std::string folder = call.cwd;
  for (size_t i = 1; i + 1 < call.args.size(); ++i) {
    if (call.args[i] == "-C") folder = absolute(call, call.args[i + 1]);
  }
  call.taken = call.input.size();
  for (std::string_view rest = call.input; rest.size() > 2 && rest.substr(0, 2) == "@ ";) {
    const size_t end = std::min(rest.find('\n'), rest.size()), blank = std::min(rest.find(' ', 2), end);
    const size_t size = size_t(std::max<int64_t>(bytesOf(rest.substr(2)), 0));
    const std::string path = cleanPath(folder + "/" + std::string(rest.substr(blank, end - blank).substr(1)));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    for (size_t at = path.find('/', folder.size() + 1); at != path.npos; at = path.find('/', at + 1))
      system.makeDirectory(path.substr(0, at));
    if (const Errno e = system.write(path, rest.substr(0, size), false); e != Errno::ok) {
      call.err += "xbstream: error: cannot write " + path + ": " + std::string(shell::text(e)) + "\n";
      return done(call, 1);
    }
    rest.remove_prefix(std::min(size, rest.size()));
  }
  return done(call, 0);
}

void pack(shell::System& system, const std::string& folder, const std::string& below, std::string& out, int depth) {
  std::vector<std::string> names;
  system.list(folder + below, names);
  for (const std::string& name : names) {
    const std::string path = below + "/" + name;
    std::string text;
    if (name.substr(0, 6) == "change" || name.substr(0, 10) == "xtrabackup" || out.size() > (size_t(1) << 20)) continue;
    if (system.read(folder + path, text) == Errno::ok)
      out += "@ " + std::to_string(text.size()) + " " + path.substr(1) + "\n" + text;
    else if (depth < 8)
      pack(system, folder, path, out, depth + 1);
  }
}

/// xtrabackup --backup --stream=xbstream: the data folder, and at which place of the primary's log it stood.
Outcome backUp(shell::Call& call, shell::System& system, Files& files) {
  bool prepares = false;
  for (const std::string& word : call.args) prepares = prepares || word == "--prepare";
  if (prepares) return call.err += "completed OK!\n", done(call, 0);
  std::string address, configuration;
  if (system.connect("127.0.0.1", 3306, address) != shell::Reached::ok) {
    call.err += "xtrabackup: Failed to connect to MySQL server: Can't connect to MySQL server on '127.0.0.1' (111)\n";
    return done(call, 1);
  }
  std::vector<std::string> names;
  files.list("/etc/mysql/conf.d", names);
  for (const std::string& name : names) {
    std::string text;
    if (files.read("/etc/mysql/conf.d/" + name, text) == Errno::ok) configuration += text;
  }
  pack(system, "/var/lib/mysql", "", call.out, 0);
  const bool replica = configuration.find("super-read-only") != std::string::npos;
  const std::string at = replica ? "CHANGE MASTER TO MASTER_LOG_FILE='mysql-0-bin.000003', MASTER_LOG_POS=154;\n"
                                 : "mysql-0-bin.000003\t154\n";
  call.out +=
      "@ " + std::to_string(at.size()) + (replica ? " xtrabackup_slave_info\n" : " xtrabackup_binlog_info\n") + at;
  call.err += "completed OK!\n";
  return done(call, 0);
}

/// nodetool status: the ring as its members know it.
Outcome nodetool(shell::Call& call, const std::string& ring) {
  const std::string verb = call.args.size() > 1 ? call.args[1] : "help";
  if (verb == "status") {
    if (ring.empty()) {
      call.err += "nodetool: Failed to connect to '127.0.0.1:7199' - ConnectException: 'Connection refused'.\n";
      return done(call, 1);
    }
    call.out += ring;
  } else if (verb != "drain" && verb != "flush" && verb != "repair" && verb != "cleanup" && verb != "decommission") {
    call.out += "usage: nodetool <command> [<args>]\n";
  }
  return done(call, 0);
}

/// The readiness checks that images of stores bring: they ask their own server.
Outcome ready(shell::Call& call, shell::System& system, int port, std::string_view good, std::string_view bad) {
  std::string address;
  const bool ok = system.connect("localhost", port, address) == shell::Reached::ok;
  call.out += ok ? good : bad;
  return done(call, ok ? 0 : 1);
}
}  // namespace

Outcome runTool(shell::Call& call, shell::System& system, Files& files, const Role& role, api::Millis) {
  const std::string_view name = std::string_view(call.args[0]).substr(call.args[0].rfind('/') + 1);
  if (name == "dd") return dd(call, system, files);
  if (name == "fallocate" || name == "truncate") return allocate(call, files);
  if (name == "nginx" && role.program->name == "nginx") return nginx(call, system);
  if (!hasCommand(*role.program, name)) return Outcome::unknown;
  if (name == "xbstream") return unpack(call, system);
  if (name == "xtrabackup") return backUp(call, system, files);
  if (name == "nodetool") {
    shell::Query q;
    q.client = name;
    q.statement = "status";
    return nodetool(call, system.query(q).text);
  }
  if (name == "zkServer.sh" && call.args.size() > 1 && call.args[1] == "status") {
    shell::Query q;
    q.client = "nc";
    q.port = 2181;
    q.statement = "srvr";
    const std::string answer = system.query(q).text;
    const size_t mode = answer.find("Mode: ");
    call.err += "ZooKeeper JMX enabled by default\nUsing config: /opt/zookeeper/conf/zoo.cfg\n";
    call.out += mode == answer.npos ? "Error contacting service. It is probably not running.\n" : answer.substr(mode);
    return done(call, mode == answer.npos ? 1 : 0);
  }
  if (name == "pg_isready")
    return ready(call, system, 5432, "/var/run/postgresql:5432 - accepting connections\n",
                 "/var/run/postgresql:5432 - no response\n");
  if (name == "mysqladmin") {
    for (const std::string& a : call.args) {
      if (a == "ping")
        return ready(call, system, 3306, "mysqld is alive\n", "mysqladmin: connect to server at 'localhost' failed\n");
    }
  }
  return Outcome::unknown;
}

std::string startText(const Program& program, std::string_view hostname) {
  if (program.name == "nginx") return "/docker-entrypoint.sh: Configuration complete; ready for start up\n";
  if (program.name == "httpd")
    return "AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using " +
           std::string(hostname) + "\n";
  if (program.name == "mysql") return "[Server] /usr/sbin/mysqld: ready for connections. port: 3306\n";
  if (program.name == "postgres") return "LOG:  database system is ready to accept connections\n";
  if (program.name == "redis") return "* Ready to accept connections tcp\n";
  if (program.name == "mongo") return "{\"msg\":\"Waiting for connections\",\"attr\":{\"port\":27017}}\n";
  if (program.name == "zookeeper") return "[myid:] - INFO  binding to port 0.0.0.0/0.0.0.0:2181\n";
  if (program.name == "cassandra") return "INFO  [main] Startup complete\n";
  if (program.name == "etcd") return "{\"level\":\"info\",\"msg\":\"ready to serve client requests\"}\n";
  return {};
}

}  // namespace node
