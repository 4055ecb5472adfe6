// curl and wget.
#include <algorithm>

#include "core/shell/machine.hpp"
#include "core/shell/net.hpp"

namespace shell::commands {

namespace {
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
}  // namespace

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

}  // namespace shell::commands
