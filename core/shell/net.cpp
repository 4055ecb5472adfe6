// Commands about names and addresses. Their words are those of busybox 1.28, of later busyboxes and of bind's and
// curl's own programs, by System::toolset.
#include <algorithm>

#include "core/shell/command.hpp"
#include "core/shell/machine.hpp"

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

struct Url {
  HttpRequest request;
  std::string authority;
};
bool parseUrl(std::string_view text, Url& url) {
  HttpRequest& r = url.request;
  const size_t scheme = text.find("://");
  if (scheme != text.npos) {
    r.secure = text.substr(0, scheme) == "https";
    if (!r.secure && text.substr(0, scheme) != "http") return false;
    text.remove_prefix(scheme + 3);
  }
  r.port = r.secure ? 443 : 80;
  const size_t slash = text.find_first_of("/?");
  std::string_view host = text.substr(0, slash);
  if (slash != text.npos) r.path = std::string(text[slash] == '?' ? "/" : "") + std::string(text.substr(slash));
  r.path = r.path.substr(0, r.path.find('#'));
  const size_t at = host.find('@');
  if (at != host.npos) host.remove_prefix(at + 1);
  url.authority = host;
  const size_t colon = host.rfind(':');
  if (colon != host.npos) {
    r.port = int(integer(host.substr(colon + 1), -1));
    host = host.substr(0, colon);
  }
  r.host = host;
  return !r.host.empty() && r.port > 0 && r.port < 65536;
}

/// A wait of some seconds before a timeout is told: true while it is to be waited.
bool waits(Call& c, System& s, api::Millis time) {
  if (c.memory.isNull()) c.memory = s.now() + time;
  c.wakeAt = c.memory.asInt();
  return s.now() < c.wakeAt && !c.interrupted;
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

Outcome curl(Call& c, System& s) {
  Options o;
  std::vector<std::string> args = c.args;
  api::Millis limit = 130000;
  bool failSilently = false, silent = false, showError = false;
  std::string format, output, method, body, url, headers;
  std::vector<std::pair<std::string, std::string>> given;
  bool head = false, include = false, verbose = false;
  for (size_t i = 1; i < args.size(); ++i) {
    std::string w = args[i];
    if (w.empty() || w[0] != '-') {
      url = w;
      continue;
    }
    constexpr std::pair<std::string_view, char> names[] = {{"--silent", 's'},    {"--show-error", 'S'},
                                                           {"--fail", 'f'},      {"--output", 'o'},
                                                           {"--head", 'I'},      {"--include", 'i'},
                                                           {"--request", 'X'},   {"--data", 'd'},
                                                           {"--header", 'H'},    {"--location", 'L'},
                                                           {"--insecure", 'k'},  {"--verbose", 'v'},
                                                           {"--max-time", 'm'},  {"--connect-timeout", 'm'},
                                                           {"--write-out", 'w'}, {"--retry", 'R'},
                                                           {"--url", 'U'},       {"--user", 'u'},
                                                           {"--data-raw", 'd'},  {"--data-binary", 'd'}};
    std::string shorts = w.substr(1), value;
    bool hasValue = false;
    if (w[1] == '-') {
      const size_t equals = w.find('=');
      shorts = "?";
      for (const auto& [n, ch] : names) {
        if (n == w.substr(0, equals)) shorts = std::string(1, ch);
      }
      if (equals != w.npos) value = w.substr(equals + 1), hasValue = true;
    }
    for (size_t k = 0; k < shorts.size(); ++k) {
      const char f = shorts[k];
      if (std::string_view("oXdHmwRUuA").find(f) != std::string_view::npos) {
        if (!hasValue) value = k + 1 < shorts.size() ? shorts.substr(k + 1) : i + 1 < args.size() ? args[++i] : "";
        k = shorts.size();
      }
      switch (f) {
        case 's': silent = true; break;
        case 'S': showError = true; break;
        case 'f': failSilently = true; break;
        case 'o': output = value; break;
        case 'I': head = true; break;
        case 'i': include = true; break;
        case 'X': method = value; break;
        case 'd': body += (body.empty() ? "" : "&") + value; break;
        case 'H':
          given.emplace_back(value.substr(0, value.find(':')),
                             value.find(": ") == value.npos ? "" : value.substr(value.find(": ") + 2));
          break;
        case 'v': verbose = true; break;
        case 'm': limit = api::Millis(number(value) * 1000); break;
        case 'w': format = value; break;
        case 'U': url = value; break;
        default: break;
      }
    }
  }
  const auto error = [&](int code, const std::string& text) {
    if (!silent || showError) c.err += "curl: (" + std::to_string(code) + ") " + text + "\n";
    return done(c, code);
  };
  Url u;
  if (url.empty()) return error(2, "no URL specified");
  if (!parseUrl(url, u)) return error(3, "URL rejected: Malformed input to a URL function");
  HttpRequest& r = u.request;
  r.method = !method.empty() ? method : head ? "HEAD" : !body.empty() ? "POST" : "GET";
  r.body = body[0] == '@' ? std::string() : body;
  if (body == "@-")
    r.body = c.input, c.taken = c.input.size();
  else if (body[0] == '@' && !slurp(c, s, body.substr(1), r.body))
    return Outcome::done;
  r.headers = given;
  const HttpReply reply = s.http(r);
  const std::string port = std::to_string(r.port);
  switch (reply.reached) {
    case Reached::unknownHost: return error(6, "Could not resolve host: " + r.host);
    case Reached::refused:
      return error(7, "Failed to connect to " + r.host + " port " + port + " after 0 ms: Couldn't connect to server");
    case Reached::unreachable:
      return error(7, "Failed to connect to " + r.host + " port " + port + " after 3068 ms: No route to host");
    case Reached::timeout:
      if (waits(c, s, limit)) return Outcome::waits;
      return error(28, "Failed to connect to " + r.host + " port " + port + " after " + std::to_string(limit) +
                           " ms: Timeout was reached");
    default: break;
  }
  if (r.secure) return error(35, "error: the servers here speak no TLS");
  std::string top = "HTTP/1.1 " + std::to_string(reply.code) + " " + reply.reason + "\r\n";
  for (const auto& [name, value] : reply.headers) top += name + ": " + value + "\r\n";
  top += "\r\n";
  if (verbose) {
    c.err += "*   Trying " + reply.address + ":" + port + "...\n* Connected to " + r.host + " (" + reply.address +
             ") port " + port + "\n> " + r.method + " " + r.path + " HTTP/1.1\n> Host: " + u.authority +
             "\n> User-Agent: curl/8.5.0\n> Accept: */*\n> \n";
    for (std::string_view line : lines(top)) c.err += "< " + std::string(line.substr(0, line.size() - 1)) + "\n";
  }
  if (failSilently && reply.code >= 400)
    return error(22, "The requested URL returned error: " + std::to_string(reply.code));
  std::string text = (include || head ? top : "") + (head ? "" : reply.body);
  if (output.empty() || output == "-") {
    c.out += text;
  } else if (output != "/dev/null") {
    const Errno e = s.write(absolute(c, output), text, false);
    if (e != Errno::ok) return error(23, "Failure writing output to destination");
  }
  format = unescaped(format);
  const std::pair<std::string_view, std::string> values[] = {{"%{http_code}", std::to_string(reply.code)},
                                                             {"%{response_code}", std::to_string(reply.code)},
                                                             {"%{remote_ip}", reply.address},
                                                             {"%{time_total}", "0.001"},
                                                             {"%{size_download}", std::to_string(reply.body.size())}};
  for (const auto& [key, value] : values) {
    for (size_t at = format.find(key); at != format.npos; at = format.find(key, at + value.size()))
      format.replace(at, key.size(), value);
  }
  c.out += format;
  return done(c);
}

Outcome wget(Call& c, System& s) {
  bool quiet = false, spider = false, headers = false;
  std::string output, url, body, method = "GET";
  api::Millis limit = 60000;
  for (size_t i = 1; i < c.args.size(); ++i) {
    const std::string& w = c.args[i];
    const auto next = [&] { return i + 1 < c.args.size() ? c.args[++i] : std::string(); };
    if (w == "--spider")
      spider = true;
    else if (w.substr(0, 12) == "--post-data=")
      body = w.substr(12), method = "POST";
    else if (w.substr(0, 10) == "--timeout=")
      limit = api::Millis(number(w.substr(10)) * 1000);
    else if (w.substr(0, 2) == "--")
      continue;
    else if (w.size() > 1 && w[0] == '-') {
      for (size_t k = 1; k < w.size(); ++k) {
        if (w[k] == 'q')
          quiet = true;
        else if (w[k] == 'S')
          headers = true;
        else if (w[k] == 'O' || w[k] == 'T' || w[k] == 't' || w[k] == 'U') {
          const std::string value = k + 1 < w.size() ? w.substr(k + 1) : next();
          if (w[k] == 'O') output = value;
          if (w[k] == 'T') limit = api::Millis(number(value) * 1000);
          break;
        }
      }
    } else {
      url = w;
    }
  }
  Url u;
  if (url.empty() || !parseUrl(url, u)) return fail(c, url.empty() ? "missing URL" : "not an http or ftp url: " + url);
  u.request.body = body;
  u.request.method = method;
  const HttpReply reply = s.http(u.request);
  const std::string target = "(" + reply.address + ":" + std::to_string(u.request.port) + ")";
  if (reply.reached == Reached::unknownHost) return fail(c, "bad address '" + u.authority + "'");
  if (!quiet && !c.started) c.err += "Connecting to " + u.authority + " " + target + "\n";
  if (reply.reached == Reached::timeout) return waits(c, s, limit) ? Outcome::waits : fail(c, "download timed out");
  if (reply.reached == Reached::refused)
    return fail(c, "can't connect to remote host (" + reply.address + "): Connection refused");
  if (reply.reached != Reached::ok)
    return fail(c, "can't connect to remote host (" + reply.address + "): Host is unreachable");
  if (headers) {
    c.err += "  HTTP/1.1 " + std::to_string(reply.code) + " " + reply.reason + "\n";
    for (const auto& [name, value] : reply.headers) c.err += "  " + name + ": " + value + "\n";
  }
  if (reply.code >= 400)
    return fail(c, "server returned error: HTTP/1.1 " + std::to_string(reply.code) + " " + reply.reason);
  if (spider) return c.err += quiet ? "" : "remote file exists\n", done(c);
  if (output.empty()) output = u.request.path.substr(u.request.path.rfind('/') + 1);
  if (output.empty()) output = "index.html";
  if (output == "-") return c.out = reply.body, done(c);
  const Errno e = s.write(absolute(c, output), reply.body, false);
  if (e != Errno::ok) return fail(c, "can't open '" + output + "': " + std::string(text(e)));
  if (!quiet) c.err += "saving to '" + output + "'\n'" + output + "' saved\n";
  return done(c);
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
