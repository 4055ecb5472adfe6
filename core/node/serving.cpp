#include "core/node/serving.hpp"

#include <algorithm>

#include "core/node/environment.hpp"
#include "core/node/files.hpp"
#include "core/node/inputs.hpp"
#include "core/node/roles.hpp"

namespace node {
namespace {
using api::Value;
using shell::Errno;
using shell::HttpReply;
using shell::Reached;
namespace key = api::key;

/// The texts of the program's configuration files, one after the other; those that are mounted come first, as they
/// stand for what the user wants.
std::string configurationOf(const Files& files, const Program& program) {
  std::string out;
  const auto add = [&](const std::string& path) {
    std::string text;
    if (files.read(path, text) == Errno::ok) out += text + "\n";
  };
  if (program.name == "nginx") {
    std::vector<std::string> names;
    files.list("/etc/nginx/conf.d", names);
    for (const std::string& name : names) add("/etc/nginx/conf.d/" + name);
    add("/etc/nginx/nginx.conf");
  } else if (program.name == "httpd") {
    add("/usr/local/apache2/conf/httpd.conf");
  } else if (program.name == "caddy") {
    add("/etc/caddy/Caddyfile");
  }
  return out;
}

struct Site {
  std::string server, version;
};
Site siteOf(const api::Container& c) {
  const Program& program = programOf(c.image());
  std::string tag = parseImageName(c.image()).tag.substr(1);
  tag.resize(std::min(tag.find('-'), tag.size()));
  const bool number = !tag.empty() && tag[0] >= '0' && tag[0] <= '9';
  if (program.name == "nginx") return {"nginx/" + (number && tag[0] == '1' ? tag : std::string("1.27.5")), ""};
  if (program.name == "httpd") return {"Apache/2.4.65 (Unix)", ""};
  if (program.name == "caddy") return {"Caddy", ""};
  return {"", ""};
}

std::string_view reasonOf(int code) {
  switch (code) {
    case 200: return "OK";
    case 301: return "Moved Permanently";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    default: return "Internal Server Error";
  }
}

std::string errorPage(const Program& program, const std::string& server, int code) {
  const std::string title = std::to_string(code) + " " + std::string(reasonOf(code));
  if (program.name == "nginx") {
    return "<html>\r\n<head><title>" + title + "</title></head>\r\n<body>\r\n<center><h1>" + title +
           "</h1></center>\r\n<hr><center>" + server + "</center>\r\n</body>\r\n</html>\r\n";
  }
  if (program.name == "caddy") return {};
  const std::string what = code == 404   ? "The requested URL was not found on this server."
                           : code == 403 ? "You don't have permission to access this resource."
                                         : "The request could not be served.";
  return "<!DOCTYPE HTML PUBLIC \"-//IETF//DTD HTML 2.0//EN\">\n<html><head>\n<title>" + title +
         "</title>\n</head><body>\n<h1>" + std::string(reasonOf(code)) + "</h1>\n<p>" + what + "</p>\n</body></html>\n";
}

std::string folderPage(const std::vector<std::string>& names, std::string_view path) {
  std::string out = "<!DOCTYPE HTML PUBLIC \"-//W3C//DTD HTML 3.2 Final//EN\">\n<html>\n <head>\n  <title>Index of " +
                    std::string(path) + "</title>\n </head>\n <body>\n<h1>Index of " + std::string(path) +
                    "</h1>\n<ul>";
  for (const std::string& n : names) out += "<li><a href=\"" + n + "\"> " + n + "</a></li>\n";
  return out + "</ul>\n</body></html>\n";
}

std::string_view typeOf(std::string_view path) {
  const std::string_view end = path.substr(std::min(path.rfind('.'), path.size()));
  if (end == ".html" || end == ".htm") return "text/html";
  if (end == ".txt") return "text/plain";
  if (end == ".css") return "text/css";
  if (end == ".js") return "application/javascript";
  if (end == ".json") return "application/json";
  return "application/octet-stream";
}

/// A file of the document root; what there is for a folder depends on the server.
void serveFile(const Files& files, const Program& program, const std::string& server, const std::string& root,
               std::string_view path, HttpReply& reply) {
  std::string at = cleanPath(root + "/" + std::string(path));
  shell::FileInfo info = files.stat(at);
  const bool folder = info.kind == shell::FileInfo::Kind::directory;
  reply.code = 200;
  if (folder) {
    const std::string index = (at == "/" ? "" : at) + "/index.html";
    if (files.stat(index).kind == shell::FileInfo::Kind::file) {
      at = index;
    } else if (program.name == "httpd") {
      std::vector<std::string> names;
      files.list(at, names);
      reply.body = folderPage(names, path);
      reply.headers.emplace_back("Content-Type", "text/html;charset=UTF-8");
      return;
    } else {
      reply.code = program.name == "nginx" ? 403 : 404;
    }
  } else if (info.kind == shell::FileInfo::Kind::none) {
    reply.code = 404;
  }
  if (reply.code == 200) {
    files.read(at, reply.body);
    reply.headers.emplace_back("Content-Type", typeOf(at));
  } else {
    reply.body = errorPage(program, server, reply.code);
    reply.headers.emplace_back("Content-Type", "text/html");
  }
}

std::string queryValue(std::string_view path, std::string_view name) {
  const size_t mark = path.find('?');
  if (mark == path.npos) return {};
  std::string_view query = path.substr(mark + 1);
  while (!query.empty()) {
    const std::string_view piece = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(piece.size() + 1, query.size()));
    if (piece.substr(0, name.size()) == name && piece.size() > name.size() && piece[name.size()] == '=')
      return std::string(piece.substr(name.size() + 1));
  }
  return {};
}

/// The test image's small server, those that say where they run, and those that nobody knows here.
void serveWords(NodeClient& client, const Arrival& to, const Role& role, std::string_view path, std::string_view from,
                HttpReply& reply) {
  const std::string host(to.pod.metadata().name());
  const std::string_view place = path.substr(0, path.find('?'));
  if (role.program->name == "hostnames" || role.mentions("serve-hostname") || place == "/hostname" ||
      place == "/hostName") {
    reply.body = host + (role.program->name == "hostnames" ? "\n" : "");
  } else if (role.program->name == "agnhost" && place == "/clientip") {
    reply.body = std::string(from) + ":40000";
  } else if (role.program->name == "agnhost" && place == "/echo") {
    reply.body = queryValue(path, "msg");
  } else if (role.program->name == "agnhost" && place == "/healthz") {
    reply.body = "OK";
  } else if (role.program->name == "agnhost") {
    reply.body = "NOW: " + api::formatTime(client.now());
  } else if (role.program->name == "hello") {
    reply.body = "Hello, world!\nVersion: 1.0.0\nHostname: " + host + "\n";
  } else {
    reply.body = "This stands for the answer of " + std::string(to.container.image()) + " in " + host +
                 ": the image is not known here.\n";
  }
  reply.headers.emplace_back("Content-Type", "text/plain; charset=utf-8");
}

constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
/// "01/Jan/2027:00:00:05 +0000"
std::string logTime(api::Millis now) {
  const std::string t = api::formatTime(now);
  const size_t month = size_t((t[5] - '0') * 10 + (t[6] - '0') - 1) % 12;
  return t.substr(8, 2) + "/" + std::string(months[month]) + "/" + t.substr(0, 4) + ":" + t.substr(11, 8) + " +0000";
}

/// As each server logs a request: nginx "combined" with X-Forwarded-For, httpd "common".
void logRequest(NodeClient& client, const Arrival& to, const Role& role, const shell::HttpRequest& request,
                const HttpReply& reply, std::string_view from) {
  const std::string line = std::string(from) + " - - [" + logTime(client.now()) + "] \"" + request.method + " " +
                           request.path + " HTTP/1.1\" " + std::to_string(reply.code) + " " +
                           std::to_string(reply.body.size());
  std::string agent = "-";
  for (const auto& [name, value] : request.headers) {
    if (name == "User-Agent") agent = value;
  }
  int64_t restarts = 0;
  for (const api::ContainerStatus& s : to.pod.status().containerStatuses()) {
    if (s.name() == to.container.name()) restarts = s.restartCount();
  }
  const std::string log = logKey(to.pod.metadata().uid(), to.container.name(), restarts);
  if (role.program->name == "nginx") {
    client.log(log, 1, line + " \"-\" \"" + agent + "\" \"-\"\n");
  } else if (role.program->name == "httpd") {
    client.log(log, 1, line + "\n");
  }
}
}  // namespace

std::string logKey(std::string_view podUid, std::string_view container, int64_t restarts) {
  return std::string(podUid) + "/" + std::string(container) + "/" + std::to_string(restarts);
}

bool isHanging(const Value& hangs, std::string_view container, int64_t restarts) {
  const Value* since = hangs.find(container);
  return since && since->asInt() == restarts;
}

bool listensOn(NodeClient& client, const api::Pod& pod, const api::Container& c, int port) {
  const Role role = roleOf(pod, c, client.view());
  if (role.program->kind != Program::Kind::webServer || !role.serves) {
    const std::vector<int> ports = portsOf(c, role, {});
    return std::find(ports.begin(), ports.end(), port) != ports.end();
  }
  const Files files(pod, c, client.view(), client.facts());
  const std::vector<int> ports = portsOf(c, role, configurationOf(files, *role.program));
  return std::find(ports.begin(), ports.end(), port) != ports.end();
}

HttpReply serveHttp(NodeClient& client, const Arrival& to, const shell::HttpRequest& request, std::string_view from) {
  HttpReply reply;
  reply.address = to.address;
  const Role role = roleOf(to.pod, to.container, client.view());
  const std::string server = siteOf(to.container).server;
  if (!server.empty()) reply.headers.emplace_back("Server", server);
  const bool files =
      (role.serves && !role.program->dataDirectory.empty() && role.program->kind == Program::Kind::webServer) ||
      (!role.serves && (role.mentions("httpd") || role.mentions("http.server")));
  if (files) {
    const Files system(to.pod, to.container, client.view(), client.facts());
    const std::string root = documentRoot(role, configurationOf(system, *role.program));
    const std::string_view path = std::string_view(request.path).substr(0, request.path.find('?'));
    serveFile(system, *role.program, server, root, path, reply);
    if (request.method != "GET" && request.method != "HEAD") {
      reply.code = 405;
      reply.body = errorPage(*role.program, server, 405);
    }
  } else if (role.serves || !role.program->known) {
    serveWords(client, to, role, request.path, from, reply);
  } else {
    reply.reached = Reached::timeout;  // something listens, but it speaks no HTTP
  }
  reply.reason = reasonOf(reply.code);
  reply.headers.emplace_back("Content-Length", std::to_string(reply.body.size()));
  logRequest(client, to, role, request, reply, from);
  if (request.method == "HEAD") reply.body.clear();
  return reply;
}

HttpReply fetch(NodeClient& client, const api::Pod& from, const shell::HttpRequest& request, Turns& turns) {
  const Arrival to = arrive(client, from, request.host, request.port, turns);
  HttpReply reply;
  reply.address = to.address;
  reply.reached = to.reached;
  if (to.reached != Reached::ok) return reply;
  if (!to.pod) {
    reply.code = 403;
    reply.reason = reasonOf(403);
    reply.body =
        "{\"kind\":\"Status\",\"apiVersion\":\"v1\",\"metadata\":{},\"status\":\"Failure\",\"message\":\"forbidden: "
        "User "
        "\\\"system:anonymous\\\" cannot get path \\\"" +
        request.path + "\\\"\",\"reason\":\"Forbidden\",\"details\":{},\"code\":403}\n";
    return reply;
  }
  const std::string_view own = from.status().podIP();
  reply = serveHttp(client, to, request, own.empty() ? std::string_view("127.0.0.1") : own);
  reply.address = to.address;
  return reply;
}

}  // namespace node
