// ZooKeeper's tree: a line a node in "records", its counters beside it in "records.stat".
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/node/statements.hpp"
#include "core/shell/command.hpp"

namespace node {
using namespace statements;
using shell::Errno;
using shell::QueryReply;

namespace {

/// What ZooKeeper counts for a node, as `get` and `stat` show it. Kept as "czxid mzxid ctime mtime version children".
struct Stat {
  int64_t created = 0, modified = 0, createdAt = 0, modifiedAt = 0, version = 0, children = 0;
};

Stat parseStat(const std::string* text) {
  Stat s;
  if (!text) return s;
  const char* at = text->c_str();
  for (int64_t* n : {&s.created, &s.modified, &s.createdAt, &s.modifiedAt, &s.version, &s.children}) {
    char* end = nullptr;
    *n = std::strtoll(at, &end, 10);
    at = end;
  }
  return s;
}

std::string formatStat(const Stat& s) {
  std::string out;
  for (int64_t n : {s.created, s.modified, s.createdAt, s.modifiedAt, s.version, s.children})
    (out += out.empty() ? "" : " ") += std::to_string(n);
  return out;
}

std::string hexadecimal(int64_t n) {
  std::string out;
  do { out.insert(out.begin(), "0123456789abcdef"[n & 15]); } while (n >>= 4);
  return "0x" + out;
}

/// The next transaction of the first epoch: opening the client's session is one of its own.
int64_t nextTransaction(Pairs& stats) {
  const std::string* last = stats.get("zxid");
  const int64_t next = (last ? std::strtoll(last->c_str(), nullptr, 10) : int64_t(1) << 32) + 2;
  stats.set("zxid", std::to_string(next));
  return next;
}

std::string shown(const Stat& s, const std::string& value, int64_t children) {
  const auto time = [](api::Millis t) { return shell::formatTime(t, "%a %b %d %H:%M:%S UTC %Y"); };
  return "cZxid = " + hexadecimal(s.created) + "\nctime = " + time(s.createdAt) +
         "\nmZxid = " + hexadecimal(s.modified) + "\nmtime = " + time(s.modifiedAt) +
         "\npZxid = " + hexadecimal(s.created) + "\ncversion = " + std::to_string(s.children) +
         "\ndataVersion = " + std::to_string(s.version) +
         "\naclVersion = 0\nephemeralOwner = 0x0\ndataLength = " + std::to_string(value.size()) +
         "\nnumChildren = " + std::to_string(children);
}

int64_t childrenOf(const Pairs& pairs, const std::string& path) {
  int64_t n = 0;
  for (const std::string& k : pairs.keys())
    n += k.substr(0, path.size() + 1) == path + "/" && k.rfind('/') == path.size();
  return n;
}
}  // namespace

void runZooKeeper(StoreData& d, std::string_view statement, QueryReply& reply) {
  const Words w = wordsOf(statement);
  if (w.empty()) return;
  std::string path, value;
  for (size_t i = 1; i < w.size(); ++i) {
    if (w[i][0] == '-') continue;
    if (path.empty()) {
      path = w[i];
    } else {
      value += (value.empty() ? "" : " ") + w[i];
    }
  }
  Pairs pairs(d), stats(d, "records.stat");
  const std::string* found = pairs.get(path);
  const std::string missing = "Node does not exist: " + path;
  bool writes = false;
  if (w[0] == "create") {
    if (found) return void(reply.error = "Node already exists: " + path);
    const size_t slash = path.rfind('/');
    if (path.empty() || path[0] != '/' || path == "/") return void(reply.error = "Path must start with / character");
    if (slash > 0 && !pairs.get(path.substr(0, slash))) return void(reply.error = missing);
    pairs.set(path, value);
    const int64_t id = nextTransaction(stats);
    stats.set(path, formatStat({id, id, d.now, d.now, 0, 0}));
    writes = true;
    reply.text = "Created " + path;
  } else if (w[0] == "get" || w[0] == "stat") {
    if (!found) return void(reply.error = missing);
    const std::string text = *found;
    reply.text = (w[0] == "get" ? text + "\n" : "") + shown(parseStat(stats.get(path)), text, childrenOf(pairs, path));
  } else if (w[0] == "set") {
    if (!found) return void(reply.error = missing);
    pairs.set(path, value);
    Stat s = parseStat(stats.get(path));
    s.modified = nextTransaction(stats);
    s.modifiedAt = d.now;
    ++s.version;
    stats.set(path, formatStat(s));
    reply.text = shown(s, value, childrenOf(pairs, path));
    writes = true;
  } else if (w[0] == "delete" || w[0] == "rmr" || w[0] == "deleteall") {
    if (!pairs.erase(path)) return void(reply.error = missing);
    stats.erase(path);
    nextTransaction(stats);
    writes = true;
  } else if (w[0] == "ls") {
    Words names;
    if (path == "/") names.push_back("zookeeper");
    const std::string below = path == "/" ? "/" : path + "/";
    for (const std::string& k : pairs.keys()) {
      if (k.substr(0, below.size()) == below && k.find('/', below.size()) == k.npos)
        names.push_back(k.substr(below.size()));
    }
    std::sort(names.begin(), names.end());
    for (const std::string& n : names) reply.text += (reply.text.empty() ? "[" : ", ") + n;
    reply.text += reply.text.empty() ? "[]" : "]";
  } else {
    reply.text = "ZooKeeper -server host:port cmd args";
  }
  if (writes && (pairs.save() != Errno::ok || stats.save() != Errno::ok))
    reply.error = "KeeperErrorCode = ConnectionLoss for " + path;
}

}  // namespace node
