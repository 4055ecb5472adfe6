// Commands about names and addresses. Their words are those of busybox 1.28, of later busyboxes and of bind's own
// programs, by System::toolset.
#include <algorithm>

#include "core/shell/machine.hpp"
#include "core/shell/net.hpp"

namespace shell::commands {

namespace {
bool isAddress(std::string_view text) {
  int dots = 0;
  for (char c : text) {
    if (c == '.')
      ++dots;
    else if (c < '0' || c > '9')
      return false;
  }
  return dots == 3;
}

/// "10.244.1.6" → "6.1.244.10.in-addr.arpa"
std::string reverseName(std::string_view address) {
  std::string out;
  for (std::string_view rest = address; !rest.empty();) {
    const size_t dot = rest.rfind('.');
    (out += rest.substr(dot == rest.npos ? 0 : dot + 1)) += '.';
    rest = dot == rest.npos ? std::string_view() : rest.substr(0, dot);
  }
  return out + "in-addr.arpa";
}
std::string nameOf(System& s, std::string_view address) {
  const Lookup l = s.resolve(reverseName(address), "PTR", false);
  return l.answers.empty() ? "" : l.answers[0].data;
}

std::string shown(const Record& r) {
  return r.type == "SRV" ? std::to_string(r.priority) + " " + std::to_string(r.weight) + " " + std::to_string(r.port) +
                               " " + r.data + "."
                         : r.data + (isAddress(r.data) ? "" : ".");
}

Outcome nslookupOld(Call& c, System& s, const std::string& name) {
  const std::string server = s.nameserver();
  std::string serverName = nameOf(s, server);
  if (serverName.empty() && server == "10.96.0.10") serverName = "kube-dns.kube-system.svc.cluster.local";
  c.out = "Server:    " + server + "\nAddress 1: " + server + (serverName.empty() ? "" : " " + serverName) + "\n\n";
  std::vector<std::string> found;
  if (isAddress(name)) {
    found = {name};
  } else {
    for (const Record& r : s.resolve(name, "A", true).answers) {
      if (r.type == "A") found.push_back(r.data);
    }
  }
  if (found.empty()) {
    c.err = "nslookup: can't resolve '" + name + "'\n";
    return done(c, 1);
  }
  c.out += "Name:      " + name + "\n";
  for (size_t i = 0; i < found.size(); ++i) {
    const std::string n = nameOf(s, found[i]);
    c.out += "Address " + std::to_string(i + 1) + ": " + found[i] + (n.empty() ? "" : " " + n) + "\n";
  }
  return done(c);
}
}  // namespace

Outcome nslookup(Call& c, System& s) {
  std::string type = "A", name, server = s.nameserver();
  for (size_t i = 1; i < c.args.size(); ++i) {
    const std::string& w = c.args[i];
    if (w.substr(0, 6) == "-type=" || w.substr(0, 3) == "-q=")
      type = w.substr(w.find('=') + 1);
    else if (w.substr(0, 11) == "-querytype=")
      type = w.substr(11);
    else if (w[0] == '-')
      continue;
    else if (name.empty())
      name = w;
    else
      server = w;
  }
  for (char& ch : type) ch = ch >= 'a' && ch <= 'z' ? char(ch - 32) : ch;
  if (name.empty()) return fail(c, "usage: nslookup HOST [DNS_SERVER]");
  const std::string_view tools = s.toolset();
  if (tools == "busybox-1.28") return nslookupOld(c, s, name);
  const bool busybox = tools == "busybox", address = isAddress(name);
  if (address) type = "PTR";
  const Lookup l = s.resolve(address ? reverseName(name) : name, type, !address);
  if (l.timeout) {
    c.out = ";; connection timed out; no servers could be reached\n\n";
    return done(c, 1);
  }
  c.out = "Server:\t\t" + server + "\nAddress:\t" + server + (busybox ? ":53" : "#53") + "\n\n";
  if (!l.found) {
    c.out += "** server can't find " + (busybox || address ? l.asked : name) + ": NXDOMAIN\n\n";
    return done(c, 1);
  }
  if (l.answers.empty()) {
    c.out += "*** Can't find " + name + ": No answer\n\n";
    return done(c, busybox ? 0 : 1);
  }
  for (const Record& r : l.answers) {
    if (r.type == "A")
      c.out += "Name:\t" + r.name + "\nAddress: " + r.data + "\n";
    else if (r.type == "SRV")
      c.out += r.name + "\tservice = " + shown(r) + "\n";
    else if (r.type == "PTR")
      c.out += r.name + "\tname = " + r.data + (busybox ? "" : ".") + "\n";
    else
      c.out += r.name + "\tcanonical name = " + r.data + ".\n";
  }
  c.out += '\n';
  return done(c);
}

Outcome dig(Call& c, System& s) {
  std::string type = "A", name;
  bool brief = false, search = false, noAll = false, answer = false;
  for (size_t i = 1; i < c.args.size(); ++i) {
    const std::string& w = c.args[i];
    if (w == "+short")
      brief = true;
    else if (w == "+search")
      search = true;
    else if (w == "+noall")
      noAll = true;
    else if (w == "+answer")
      answer = true;
    else if (w == "-x" && i + 1 < c.args.size())
      name = reverseName(c.args[++i]), type = "PTR";
    else if (w == "-t" && i + 1 < c.args.size())
      type = c.args[++i];
    else if (w[0] == '@' || w[0] == '+' || w[0] == '-')
      continue;
    else if (w == "A" || w == "SRV" || w == "PTR" || w == "CNAME" || w == "AAAA" || w == "a" || w == "srv")
      type = w;
    else
      name = w;
  }
  for (char& ch : type) ch = ch >= 'a' && ch <= 'z' ? char(ch - 32) : ch;
  if (name.empty()) return fail(c, "give a name to look up");
  if (name.back() == '.') name.pop_back();
  const Lookup l = s.resolve(name, type, search);
  if (l.timeout) return c.out = ";; communications error to " + s.nameserver() + "#53: timed out\n", done(c, 9);
  if (brief) {
    for (const Record& r : l.answers) c.out += shown(r) + "\n";
    return done(c);
  }
  const std::string asked = l.asked.empty() ? name : l.asked;
  const auto lineOf = [&](const Record& r) { return r.name + ".\t30\tIN\t" + r.type + "\t" + shown(r) + "\n"; };
  if (!noAll) {
    c.out = "\n; <<>> DiG 9.18 <<>> " + name +
            "\n;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: " + (l.found ? "NOERROR" : "NXDOMAIN") +
            "\n;; QUERY: 1, ANSWER: " + std::to_string(l.answers.size()) +
            ", ADDITIONAL: " + std::to_string(l.additional.size()) + "\n\n;; QUESTION SECTION:\n;" + asked +
            ".\t\tIN\t" + type + "\n\n";
    if (!l.answers.empty()) c.out += ";; ANSWER SECTION:\n";
  }
  if (!noAll || answer) {
    for (const Record& r : l.answers) c.out += lineOf(r);
  }
  if (!noAll) {
    if (!l.additional.empty()) c.out += "\n;; ADDITIONAL SECTION:\n";
    for (const Record& r : l.additional) c.out += lineOf(r);
    c.out += "\n;; SERVER: " + s.nameserver() + "#53(" + s.nameserver() +
             ") (UDP)\n;; WHEN: " + formatTime(s.now(), "%a %b %d %T UTC %Y") + "\n\n";
  }
  return done(c);
}

Outcome host(Call& c, System& s) {
  if (c.args.size() < 2) return fail(c, "usage: host NAME");
  const std::string& name = c.args.back();
  if (isAddress(name)) {
    const std::string n = nameOf(s, name);
    c.out = n.empty() ? "Host " + reverseName(name) + ". not found: 3(NXDOMAIN)\n"
                      : reverseName(name) + " domain name pointer " + n + ".\n";
    return done(c, n.empty());
  }
  const Lookup l = s.resolve(name, "A", true);
  for (const Record& r : l.answers) c.out += r.name + " has address " + r.data + "\n";
  if (!l.found) c.out = "Host " + name + " not found: 3(NXDOMAIN)\n";
  return done(c, !l.found);
}

Outcome getent(Call& c, System& s) {
  if (c.args.size() < 3) return fail(c, "usage: getent hosts NAME");
  const Lookup l = s.resolve(c.args[2], "A", true);
  for (const Record& r : l.answers) c.out += padded(r.data, -15) + " " + r.name + "\n";
  return done(c, l.answers.empty() ? 2 : 0);
}

}  // namespace shell::commands
