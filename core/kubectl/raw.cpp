#include "core/kubectl/raw.hpp"

#include "core/manifest/manifest.hpp"

namespace kubectl {
namespace {

bool isHex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

/// Where "http:" ends in "http://host/path"; 0 where there is no scheme.
size_t schemeOf(std::string_view uri) {
  for (size_t i = 0; i < uri.size(); ++i) {
    const char c = char(uri[i] | 32);
    if (c >= 'a' && c <= 'z') continue;
    if (i > 0 && ((uri[i] >= '0' && uri[i] <= '9') || uri[i] == '+' || uri[i] == '-' || uri[i] == '.')) continue;
    return i > 0 && uri[i] == ':' ? i + 1 : 0;
  }
  return 0;
}

/// Why it is no URI of a request, or "". `path`: of it and its query. Models Go's net/url ParseRequestURI.
std::string uriProblem(const std::string& uri, std::string& path) {
  for (char c : uri) {
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7f) return "net/url: invalid control character in URL";
  }
  if (uri[0] == ':') return "missing protocol scheme";
  path = uri.substr(schemeOf(uri));
  if (path.empty() || path[0] != '/') {
    if (path.size() == uri.size()) return "invalid URI for request";
    path = "/";  // "mailto:someone" has no path
  }
  if (path.size() != uri.size() && path.substr(0, 2) == "//") {
    const size_t slash = path.find('/', 2);
    path = slash == path.npos ? "/" : path.substr(slash);
  }
  const size_t end = std::min(path.find('?'), path.size());
  for (size_t i = 0; i < end; ++i) {
    if (path[i] != '%') continue;
    if (i + 2 >= end || !isHex(path[i + 1]) || !isHex(path[i + 2]))
      return "invalid URL escape " + quote(path.substr(i, std::min<size_t>(3, end - i)));
  }
  return {};
}

Error send(Invocation& in, std::string_view method) {
  apiserver::HttpRequest request;
  request.method = method;
  if (std::string problem = uriProblem(in.get("raw"), request.path); !problem.empty())
    return plain("--raw must be a valid URL path: parse " + quote(in.get("raw")) + ": " + problem);
  for (const std::string& file : in.flags.list("filename")) {
    if (method == "GET") continue;
    if (file == "-") {
      request.body = in.input;
    } else if (!in.host.readFile(file, request.body)) {
      return plain("open " + file + ": no such file or directory");
    }
  }
  const bool pretty = request.path.find("pretty=true") != std::string::npos || request.path == "/version";
  const apiserver::Response reply = in.sendRaw(std::move(request));
  if (!reply.ok()) return fromResponse(reply);
  if (!reply.text.empty()) {
    in.print(reply.text);
  } else if (!reply.body.isNull()) {
    in.print(pretty ? manifest::toIndentedJson(reply.body, 2) : api::toJson(reply.body) + "\n");
  }
  return {};
}

/// What create, replace and delete say in common; delete can do without a file.
Error filesProblem(const Invocation& in, bool needed) {
  const Strings& files = in.flags.list("filename");
  if (files.size() > 1 || (needed && files.empty())) return plain("--raw can only use a single local file or stdin");
  if (!files.empty() && (startsWith(files[0], "http://") || startsWith(files[0], "https://")))
    return plain("--raw cannot read from a url");
  if (in.is("recursive")) return plain("--raw and --recursive are mutually exclusive");
  return {};
}

Error outputProblem(const Invocation& in) {
  return in.get("output").empty() ? Error() : plain("--raw and --output are mutually exclusive");
}
}  // namespace

Error getRaw(Invocation& in) {
  if (!in.args.empty()) return plain("arguments may not be passed when --raw is specified");
  if (in.is("watch") || in.is("watch-only") || !in.get("selector").empty())
    return plain("--raw may not be specified with other flags that filter the server request or alter the output");
  if (Error e = outputProblem(in)) return e;
  return send(in, "GET");
}

Error createRaw(Invocation& in) {
  if (in.is("edit")) return plain("--raw and --edit are mutually exclusive");
  if (Error e = filesProblem(in, true)) return e;
  if (!in.get("selector").empty()) return plain("--raw and --selector (-l) are mutually exclusive");
  if (Error e = outputProblem(in)) return e;
  return send(in, "POST");
}

Error replaceRaw(Invocation& in) {
  if (Error e = filesProblem(in, true)) return e;
  if (Error e = outputProblem(in)) return e;
  return send(in, "PUT");
}

Error deleteRaw(Invocation& in) {
  if (in.is("interactive")) return plain("--interactive can not be used with --raw");
  if (Error e = filesProblem(in, false)) return e;
  if (Error e = outputProblem(in)) return e;
  return send(in, "DELETE");
}

}  // namespace kubectl
