// Stores of keys and values: Redis, etcd.
#include <algorithm>
#include <cstdlib>
#include <utility>

#include "core/node/statements.hpp"

namespace node {
using namespace statements;
using shell::Errno;
using shell::QueryReply;

namespace {
std::string integer(int64_t n) { return "(integer) " + std::to_string(n); }

/// "*" in a pattern stands for anything.
bool globs(std::string_view pattern, std::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (globs(pattern.substr(1), text.substr(i))) return true;
    }
    return false;
  }
  return !text.empty() && (pattern[0] == '?' || pattern[0] == text[0]) && globs(pattern.substr(1), text.substr(1));
}
}  // namespace

void runRedis(StoreData& d, std::string_view statement, QueryReply& reply) {
  Words w = wordsOf(statement);
  if (w.empty()) return;
  // Blanks separate arguments, whatever characters these have.
  w.clear();
  for (std::string_view rest = statement; !rest.empty();) {
    while (!rest.empty() && rest[0] == ' ') rest.remove_prefix(1);
    if (rest.empty()) break;
    const char quote = rest[0] == '"' || rest[0] == '\'' ? rest[0] : ' ';
    if (quote != ' ') rest.remove_prefix(1);
    const size_t end = std::min(rest.find(quote), rest.size());
    w.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  const std::string verb = upper(w[0]);
  Pairs pairs(d);
  bool writes = true;
  const auto arg = [&](size_t i) { return i < w.size() ? w[i] : std::string(); };
  const bool wants = verb == "SET" || verb == "INCR" || verb == "INCRBY" || verb == "DECR" || verb == "APPEND" ||
                     verb == "RPUSH" || verb == "LPUSH" || verb == "DEL" || verb == "FLUSHALL" || verb == "FLUSHDB";
  if (wants && d.readOnly) return void(reply.text = "(error) READONLY You can't write against a read only replica.");
  if (wants && verb != "FLUSHALL" && verb != "FLUSHDB" && w.size() < (verb == "SET" || verb == "APPEND" ? 3u : 2u)) {
    std::string small = verb;
    for (char& c : small) c = char(c | 32);
    return void(reply.text = "(error) ERR wrong number of arguments for '" + small + "' command");
  }
  if (verb == "SET") {
    pairs.set(arg(1), arg(2));
    reply.text = "OK";
  } else if (verb == "INCR" || verb == "INCRBY" || verb == "DECR") {
    const std::string* v = pairs.get(arg(1));
    const int64_t by = verb == "INCRBY" ? std::atoll(arg(2).c_str()) : verb == "DECR" ? -1 : 1;
    const int64_t n = int64_t(uint64_t(v ? std::atoll(v->c_str()) : 0) + uint64_t(by));
    pairs.set(arg(1), std::to_string(n));
    reply.text = integer(n);
  } else if (verb == "APPEND") {
    const std::string* v = pairs.get(arg(1));
    const std::string all = (v ? *v : "") + arg(2);
    pairs.set(arg(1), all);
    reply.text = integer(int64_t(all.size()));
  } else if (verb == "RPUSH" || verb == "LPUSH") {
    const std::string* v = pairs.get(arg(1));
    Words list = v && !v->empty() ? fieldsOf(*v) : Words();
    for (size_t i = 2; i < w.size(); ++i) list.insert(verb == "RPUSH" ? list.end() : list.begin(), w[i]);
    pairs.set(arg(1), joined(list, '\t'));
    reply.text = integer(int64_t(list.size()));
  } else if (verb == "DEL") {
    int64_t n = 0;
    for (size_t i = 1; i < w.size(); ++i) n += pairs.erase(w[i]);
    reply.text = integer(n);
  } else if (verb == "FLUSHALL" || verb == "FLUSHDB") {
    pairs.clear();
    reply.text = "OK";
  } else {
    writes = false;
    if (verb == "GET") {
      const std::string* v = pairs.get(arg(1));
      reply.text = v ? "\"" + *v + "\"" : "(nil)";
    } else if (verb == "EXISTS") {
      reply.text = integer(pairs.get(arg(1)) ? 1 : 0);
    } else if (verb == "DBSIZE") {
      reply.text = integer(int64_t(pairs.size()));
    } else if (verb == "LLEN" || verb == "LRANGE" || verb == "KEYS") {
      const std::string* v = pairs.get(arg(1));
      Words all = verb == "KEYS" ? pairs.keys() : v ? fieldsOf(*v) : Words();
      if (verb == "KEYS")
        std::erase_if(all, [&](const std::string& k) { return !globs(std::string_view(arg(1)).substr(0, 64), k); });
      if (verb == "LLEN") return void(reply.text = integer(int64_t(all.size())));
      for (size_t i = 0; i < all.size(); ++i)
        reply.text += (i ? "\n" : "") + std::to_string(i + 1) + ") \"" + all[i] + "\"";
      if (all.empty()) reply.text = "(empty array)";
    } else if (verb == "PING") {
      reply.text = w.size() > 1 ? "\"" + w[1] + "\"" : "PONG";
    } else if (verb == "ROLE") {
      reply.text = d.readOnly ? "1) \"slave\"" : "1) \"master\"";
    } else if (verb == "INFO") {
      reply.text = std::string("# Replication\nrole:") + (d.readOnly ? "slave" : "master");
    } else if (verb == "SAVE" || verb == "BGSAVE" || verb == "AUTH" || verb == "SELECT" || verb == "CONFIG") {
      reply.text = "OK";
    } else {
      reply.text = "(error) ERR unknown command '" + w[0] + "'";
    }
  }
  if (writes && pairs.save() != Errno::ok)
    reply.text =
        "(error) MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk.";
}

void runEtcd(StoreData& d, std::string_view statement, QueryReply& reply) {
  const Words w = wordsOf(statement);
  bool prefix = false;
  Words args;
  for (const std::string& word : w) {
    if (word == "--prefix") {
      prefix = true;
    } else if (word.empty() || word[0] != '-') {
      args.push_back(word);
    }
  }
  if (args.empty()) return;
  const std::string at = args.size() > 1 ? args[1] : "";
  Pairs pairs(d);
  if (args[0] == "put") {
    pairs.set(at, args.size() > 2 ? args[2] : "");
    reply.text = "OK";
    if (pairs.save() != Errno::ok) reply.error = "Error: etcdserver: mvcc: database space exceeded";
  } else if (args[0] == "del") {
    reply.text = pairs.erase(at) ? "1" : "0";
    if (pairs.save() != Errno::ok) reply.error = "Error: etcdserver: mvcc: database space exceeded";
  } else if (args[0] == "get") {
    for (const std::string& k : pairs.keys()) {
      if (prefix ? k.substr(0, at.size()) != at : k != at) continue;
      reply.text += (reply.text.empty() ? "" : "\n") + k + "\n" + *pairs.get(k);
    }
  } else if (args[0] == "endpoint" || args[0] == "member") {
    reply.text = "127.0.0.1:2379 is healthy: successfully committed proposal";
  } else {
    reply.error = "Error: unknown command \"" + args[0] + "\" for \"etcdctl\"";
  }
}

}  // namespace node
