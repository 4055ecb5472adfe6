// Paths, queries and Accept headers taken apart.
#include <algorithm>

#include "core/apiserver/http.hpp"

namespace apiserver {
namespace {
int hexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string unescaped(std::string_view s, bool plusIsSpace) {
  std::string out;
  for (size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%' && i + 2 < s.size() && hexDigit(s[i + 1]) >= 0 && hexDigit(s[i + 2]) >= 0) {
      out += char(hexDigit(s[i + 1]) * 16 + hexDigit(s[i + 2]));
      i += 2;
    } else {
      out += plusIsSpace && s[i] == '+' ? ' ' : s[i];
    }
  }
  return out;
}

bool startsWith(std::string_view s, std::string_view prefix) { return s.substr(0, prefix.size()) == prefix; }

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}
}  // namespace

std::string_view nextPiece(std::string_view& rest, char separator) {
  const size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view piece = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return trimmed(piece);
}

const std::string& Url::get(std::string_view name) const {
  static const std::string none;
  for (const auto& [k, v] : query) {
    if (k == name) return v;
  }
  return none;
}
bool Url::has(std::string_view name) const {
  for (const auto& entry : query) {
    if (entry.first == name) return true;
  }
  return false;
}

Url parseUrl(std::string_view path) {
  Url url;
  const size_t mark = std::min(path.find('?'), path.size());
  std::string_view query = path.substr(std::min(mark + 1, path.size())), rest = path.substr(0, mark);
  while (!rest.empty()) {
    const size_t end = std::min(rest.find('/'), rest.size());
    if (end) url.parts.push_back(unescaped(rest.substr(0, end), false));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  while (!query.empty()) {
    const std::string_view piece = nextPiece(query, '&');
    if (piece.empty()) continue;
    const size_t equal = std::min(piece.find('='), piece.size());
    url.query.emplace_back(unescaped(piece.substr(0, equal), true),
                           unescaped(piece.substr(std::min(equal + 1, piece.size())), true));
  }
  return url;
}

Accepted parseAccept(std::string_view accept) {
  Accepted out;
  if (trimmed(accept).empty()) return out;
  while (!accept.empty()) {
    std::string_view clause = nextPiece(accept, ',');
    const std::string_view type = nextPiece(clause, ';');
    if (type != "application/json" && type != "application/yaml" && type != "*/*" && type != "application/*" &&
        type != "application/vnd.kubernetes.protobuf")
      continue;
    bool table = false, metadata = false, metadataList = false, beta = false, good = true;
    while (!clause.empty()) {
      const std::string_view parameter = nextPiece(clause, ';');
      if (startsWith(parameter, "as=")) {
        table = parameter == "as=Table";
        metadataList = parameter == "as=PartialObjectMetadataList";
        metadata = metadataList || parameter == "as=PartialObjectMetadata";
        good = table || metadata;
        out.known = true;
      } else if (startsWith(parameter, "g=")) {
        good = good && parameter == "g=meta.k8s.io";
      } else if (startsWith(parameter, "v=")) {
        beta = parameter == "v=v1beta1";
        good = good && (beta || parameter == "v=v1");
      }
    }
    if (!good) continue;
    out.table = table;
    out.metadata = metadata;
    out.metadataList = metadataList;
    out.beta = beta && (table || metadata);
    out.yaml = type == "application/yaml";
    return out;
  }
  out.good = false;
  return out;
}

}  // namespace apiserver
