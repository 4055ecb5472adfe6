#pragma once
// What a shell and its commands see of the machine that they run on: files, time, names and addresses, other programs.
// core/node implements it for containers, core/console for the console. Paths are absolute and normalised ("/a/b", no
// dots, no slash at the end). Every call answers at once; what takes time is said by the reply and waited for by the
// shell's host.
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/api/time.hpp"
#include "core/api/value.hpp"

namespace shell {

enum class Errno : uint8_t {
  ok,
  noEntry,
  denied,
  exists,
  notDirectory,
  isDirectory,
  notEmpty,
  noSpace,
  readOnly,
  noProcess,
  invalid,
  unsupported,
  io,
};
/// strerror's words: "No such file or directory".
std::string_view text(Errno);

struct FileInfo {
  enum class Kind : uint8_t { none, file, directory } kind = Kind::none;
  int64_t size = 0;
  api::Millis modified = 0;
  bool executable = false;
};

/// A line of df.
struct Mount {
  std::string device, path;
  int64_t size = 0, used = 0;  ///< bytes
};

struct Process {
  int pid = 1;
  std::string user = "root", command;
  int parent = 0;
  api::Millis since = 0;
};

/// Who runs a program.
struct User {
  int64_t id = 0, group = 0;
  std::string name = "root", groupName = "root";
};

/// Whose a file is.
struct Owner {
  std::string user = "root", group = "root";
  bool shared = false;    ///< the folder hands its group on (setgid), as volumes with an fsGroup do
  bool writable = false;  ///< by the group
};

/// Of DNS.
struct Record {
  std::string name;  ///< complete, without the last dot
  std::string type;  ///< "A", "SRV", "PTR", "CNAME"
  std::string data;  ///< an address or a name
  int priority = 0, weight = 0, port = 0;
};
struct Lookup {
  bool found = false;  ///< false: NXDOMAIN. True without answers: the name is there, but not of this type
  bool timeout = false;
  std::string asked;  ///< the name that was answered, or the last that was tried
  std::vector<Record> answers, additional;
};

/// How an attempt to reach another program ended.
enum class Reached : uint8_t { ok, unknownHost, refused, timeout, unreachable };

struct HttpRequest {
  std::string method = "GET", host, path = "/", body;
  int port = 80;
  bool secure = false;
  std::vector<std::pair<std::string, std::string>> headers;
};
struct HttpReply {
  Reached reached = Reached::ok;
  std::string address;  ///< that the host's name stands for; "" where it stands for none
  int code = 200;
  std::string reason = "OK", body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// A statement sent to a store of records by one of its clients.
struct Query {
  std::string client;  ///< "mysql", "psql", "redis-cli", "mongosh", "cqlsh", "zkCli.sh", "etcdctl"
  std::string host;    ///< "" or "localhost": the container's own program, else a name or an address
  int port = 0;        ///< 0: the store's usual one
  std::string user, password, database;
  std::string statement;  ///< one, without its semicolon: "INSERT INTO test.messages VALUES ('hello')", "GET a"
};
struct QueryReply {
  Reached reached = Reached::ok;
  std::string error;     ///< the store's own words ("ERROR 1146 (42S02) at line 1: …")
  bool hasRows = false;  ///< it answers with rows, be there none
  std::vector<std::string> columns;
  std::vector<std::vector<std::string>> rows;
  std::string text;  ///< of stores that answer in text: "OK", "(integer) 1"
};

/// A command that runs: its words, its input, what it says. One value lives from the command's start to its end.
struct Call {
  std::vector<std::string> args;                         ///< the name first
  std::vector<std::pair<std::string, std::string>> env;  ///< exported variables
  std::string cwd = "/";
  std::string input;                              ///< what it may read
  size_t taken = 0;                               ///< how much of that it has read
  bool inputEnds = true;                          ///< no more input will come
  bool terminal = false;                          ///< input and output are a terminal
  bool started = false;                           ///< false in its first call
  bool interrupted = false;                       ///< Ctrl+C, or killed: it must end now
  std::vector<std::pair<int, std::string>> said;  ///< instead, where the order of stdout (1) and stderr (2) matters
  std::string out, err;                           ///< appended to; taken by the shell after every call
  api::Value memory;                              ///< its own, from call to call
  int exit = 0;
  api::Millis wakeAt = 0;
  bool partial = false;    ///< more lines will come: say only what they cannot change
  bool satisfied = false;  ///< of a partial run: whatever comes, it is done
  size_t shown = 0;        ///< of its output: how much earlier runs on fewer lines have said
};
/// What a command says when it returns.
enum class Outcome : uint8_t {
  done,     ///< ended, with `exit`
  waits,    ///< is to be called again at `wakeAt` (INT64_MAX: only when something happens)
  reads,    ///< is to be called again when there is more input
  unknown,  ///< there is no such command
};

class System {
 public:
  virtual ~System() = default;

  virtual api::Millis now() const = 0;
  virtual std::string hostname() const = 0;

  // ---- files
  virtual FileInfo stat(std::string_view path) = 0;
  virtual Errno read(std::string_view path, std::string& text) = 0;
  virtual Errno write(std::string_view path, std::string_view text, bool append) = 0;
  virtual Errno remove(std::string_view path) = 0;  ///< a file or an empty directory
  virtual Errno makeDirectory(std::string_view path) = 0;
  virtual Errno list(std::string_view path, std::vector<std::string>& names) = 0;  ///< sorted
  virtual std::vector<Mount> mounts() { return {}; }

  virtual Owner owner(std::string_view path) { return (void)path, Owner(); }

  // ---- processes
  virtual User user() const { return {}; }
  virtual std::vector<Process> processes() { return {}; }
  virtual Errno kill(int pid, int signal) { return (void)pid, (void)signal, Errno::noProcess; }

  // ---- network
  /// With `search` as a resolver library does, else the name as it stands. `type`: "A", "SRV", "PTR", "CNAME", "AAAA".
  virtual Lookup resolve(std::string_view name, std::string_view type, bool search) {
    return (void)name, (void)type, (void)search, Lookup();
  }
  virtual std::string nameserver() const { return "10.96.0.10"; }
  virtual HttpReply http(const HttpRequest&) {
    HttpReply r;
    r.reached = Reached::unknownHost;
    return r;
  }
  /// What a program that listens on a port sends to whoever connects, to its end.
  virtual Reached receive(std::string_view host, int port, std::string& text) {
    return (void)host, (void)port, (void)text, Reached::unknownHost;
  }
  /// Whether a connection can be made; `address` is what the host's name stands for.
  virtual Reached connect(std::string_view host, int port, std::string& address) {
    return (void)host, (void)port, (void)address, Reached::unknownHost;
  }
  virtual Reached ping(std::string_view host, std::string& address) {
    return (void)host, (void)address, Reached::unknownHost;
  }
  virtual QueryReply query(const Query&) {
    QueryReply r;
    r.reached = Reached::refused;
    return r;
  }

  /// Commands that the shell does not have itself. `kubectl` in the console, `nginx`, `mysqld`… in containers.
  virtual Outcome external(Call&) { return Outcome::unknown; }
  /// Whose programs are on this machine, where their words differ: "busybox-1.28", "busybox" or "gnu".
  virtual std::string_view toolset() const { return "gnu"; }
  /// Whether a command of the shell's own table is on this machine (an image may lack `curl`).
  virtual bool has(std::string_view command) { return (void)command, true; }

  /// What the program says: 1 is stdout, 2 is stderr.
  virtual void output(int stream, std::string_view text) = 0;
};

}  // namespace shell
