// Commands that open connections: ping, nc.
#include <algorithm>

#include "core/shell/machine.hpp"
#include "core/shell/net.hpp"

namespace shell::commands {

bool waits(Call& c, System& s, api::Millis time) {
  if (c.memory.isNull()) c.memory = s.now() + time;
  c.wakeAt = c.memory.asInt();
  return s.now() < c.wakeAt && !c.interrupted;
}

/// One packet a second; memory: {address, sent, received, next}.
Outcome ping(Call& c, System& s) {
  int64_t count = INT64_MAX;
  std::string name;
  for (size_t i = 1; i < c.args.size(); ++i) {
    const std::string& w = c.args[i];
    if (w.substr(0, 2) == "-c" || w.substr(0, 2) == "-W" || w.substr(0, 2) == "-w" || w.substr(0, 2) == "-i") {
      const std::string value = w.size() > 2 ? w.substr(2) : i + 1 < c.args.size() ? c.args[++i] : "";
      if (w[1] == 'c') count = integer(value, 1);
      if (w[1] == 'w') count = std::min(count, integer(value, 1));
    } else if (w[0] != '-') {
      name = w;
    }
  }
  if (name.empty()) return fail(c, "usage: ping [-c COUNT] HOST");
  const bool gnu = s.toolset() == "gnu";
  const api::Key sentKey("sent"), receivedKey("received"), nextKey("next");
  int64_t sent = c.memory[sentKey].asInt(), received = c.memory[receivedKey].asInt();
  std::string address;
  const Reached reached = s.ping(name, address);
  if (!c.started) {
    if (reached == Reached::unknownHost)
      return gnu ? fail(c, name + ": Name or service not known", 2) : fail(c, "bad address '" + name + "'");
    c.out += "PING " + name + " (" + address + ")" + (gnu ? " 56(84) bytes of data.\n" : ": 56 data bytes\n");
  }
  if (!c.interrupted && sent < count && s.now() >= c.memory[nextKey].asInt()) {
    if (reached == Reached::ok) {
      c.out += "64 bytes from " + address +
               (gnu ? ": icmp_seq=" + std::to_string(sent + 1) : ": seq=" + std::to_string(sent)) + " ttl=63 time=0.0" +
               std::to_string(60 + sent % 9) + " ms\n";
      ++received;
    }
    ++sent;
    c.memory = api::Value::object({{sentKey, sent}, {receivedKey, received}, {nextKey, s.now() + 1000}});
  }
  if (!c.interrupted && sent < count) {
    c.wakeAt = c.memory[nextKey].asInt();
    return Outcome::waits;
  }
  const int64_t lost = sent ? (sent - received) * 100 / sent : 0;
  c.out += "\n--- " + name + " ping statistics ---\n" + std::to_string(sent) + " packets transmitted, " +
           std::to_string(received) + (gnu ? " received, " : " packets received, ") + std::to_string(lost) +
           "% packet loss" + (gnu ? ", time " + std::to_string((sent - 1) * 1000) + "ms" : "") + "\n";
  if (received)
    c.out +=
        gnu ? "rtt min/avg/max/mdev = 0.060/0.064/0.068/0.003 ms\n" : "round-trip min/avg/max = 0.060/0.064/0.068 ms\n";
  return done(c, received ? 0 : 1);
}

/// nc [-z] [-v] [-w N] HOST PORT; without -z what comes in is sent to a store as one text ("ruok"). With --recv-only it
/// takes what the other side sends.
Outcome nc(Call& c, System& s) {
  bool scans = false, verbose = false, receives = false;
  for (const std::string& w : c.args) {
    if (w == "--listen" || (w.size() > 1 && w[0] == '-' && w[1] != '-' && w.find('l') != w.npos))
      return s.external(c);  // a server, if this machine can be one
  }
  std::vector<std::string> words;
  for (size_t i = 1; i < c.args.size(); ++i) {
    const std::string& w = c.args[i];
    if (w[0] != '-') {
      words.push_back(w);
      continue;
    }
    receives = receives || w == "--recv-only";
    if (w.substr(0, 2) == "--") continue;
    scans = scans || w.find('z') != w.npos;
    verbose = verbose || w.find('v') != w.npos;
    if ((w.back() == 'w' || w.back() == 'q') && i + 1 < c.args.size()) ++i;
  }
  if (words.size() < 2) return fail(c, "usage: nc [-zv] HOST PORT");
  const int port = int(integer(words[1]));
  std::string address;
  const Reached reached = s.connect(words[0], port, address);
  const std::string target = words[0] + " (" + address + ") " + words[1];
  if (reached == Reached::unknownHost) return fail(c, "bad address '" + words[0] + "'");
  if (reached == Reached::timeout && waits(c, s, 5000)) return Outcome::waits;
  if (reached != Reached::ok) {
    const std::string why = reached == Reached::refused   ? "Connection refused"
                            : reached == Reached::timeout ? "Connection timed out"
                                                          : "Host is unreachable";
    return verbose || !scans ? fail(c, target + ": " + why) : done(c, 1);
  }
  if (verbose) c.err += target + " open\n";
  if (scans) return done(c);
  if (receives) return s.receive(words[0], port, c.out), done(c);
  if (!input(c)) return Outcome::reads;
  Query q;
  q.client = "nc";
  q.host = words[0];
  q.port = port;
  q.statement = c.input;
  while (!q.statement.empty() && (q.statement.back() == '\n' || q.statement.back() == '\r')) q.statement.pop_back();
  if (q.statement.substr(0, 4) == "GET ") {
    HttpRequest r;
    r.host = words[0];
    r.port = port;
    r.path = q.statement.substr(4, q.statement.find(' ', 4) - 4);
    const HttpReply reply = s.http(r);
    c.out = "HTTP/1.1 " + std::to_string(reply.code) + " " + reply.reason + "\r\n\r\n" + reply.body;
    return done(c);
  }
  c.out = s.query(q).text;
  return done(c);
}

}  // namespace shell::commands
