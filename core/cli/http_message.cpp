#include "core/cli/http_message.hpp"

#include <algorithm>

namespace cli {
namespace {
std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? char(c + 32) : c;
  return out;
}
std::string_view trim(std::string_view s) {
  while (!s.empty() && (s.front() == ' ' || s.front() == '\t')) s.remove_prefix(1);
  while (!s.empty() && (s.back() == ' ' || s.back() == '\t' || s.back() == '\r')) s.remove_suffix(1);
  return s;
}
bool isToken(std::string_view s) {
  static constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  return !s.empty() && std::all_of(s.begin(), s.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || others.find(c) != others.npos;
  });
}
bool number(std::string_view s, unsigned base, size_t& out) {
  if (s.empty() || s.size() > 12) return false;
  out = 0;
  for (char c : s) {
    const unsigned digit = c >= '0' && c <= '9'   ? unsigned(c - '0')
                           : c >= 'a' && c <= 'f' ? unsigned(c - 'a' + 10)
                           : c >= 'A' && c <= 'F' ? unsigned(c - 'A' + 10)
                                                  : 99;
    if (digit >= base) return false;
    out = out * base + digit;
  }
  return true;
}
}  // namespace

std::string_view HttpMessage::header(std::string_view name) const {
  for (const auto& [k, v] : headers) {
    if (k == name) return v;
  }
  return {};
}

bool HttpReader::wantsContinue() {
  if (!continue_) return false;
  continue_ = false;
  return true;
}

bool HttpReader::next(HttpMessage& out) {
  if (error_ || (!headRead_ && !readHead())) return false;
  if (!(chunked_ ? readChunks() : readBody())) return false;
  out = std::move(message_);
  message_ = {};
  headRead_ = chunked_ = continue_ = false;
  return true;
}

bool HttpReader::readHead() {
  while (in_.substr(0, 2) == "\r\n") in_.erase(0, 2);  // a client may end a message with one line too many
  size_t end = in_.find("\r\n\r\n");
  if (end == in_.npos) return in_.size() > maxHead ? fail(431) : false;
  if (end > maxHead) return fail(431);
  const std::string head = in_.substr(0, end + 2);
  in_.erase(0, end + 4);
  size_t at = head.find("\r\n");
  const std::string_view line = std::string_view(head).substr(0, at);
  const size_t first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || last == first) return fail(400);
  message_.method = line.substr(0, first);
  message_.target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return fail(version.substr(0, 5) == "HTTP/" ? 505 : 400);
  if (!isToken(message_.method) || message_.target.find(' ') != std::string::npos) return fail(400);
  if (message_.target.substr(0, 7) == "http://") {
    const size_t path = message_.target.find('/', 7);
    message_.target = path == std::string::npos ? "/" : message_.target.substr(path);
  }
  if (message_.target[0] != '/') return fail(400);
  while ((at += 2) < head.size()) {
    const size_t stop = head.find("\r\n", at);
    const std::string_view field = std::string_view(head).substr(at, stop - at);
    const size_t colon = field.find(':');
    if (colon == field.npos || !isToken(field.substr(0, colon))) return fail(400);
    message_.headers.emplace_back(lower(field.substr(0, colon)), trim(field.substr(colon + 1)));
    at = stop;
  }
  const std::string connection = lower(message_.header("connection"));
  message_.keepAlive = version == "HTTP/1.1" ? connection != "close" : connection == "keep-alive";
  length_ = 0;
  const std::string_view coding = message_.header("transfer-encoding"), length = message_.header("content-length");
  chunked_ = lower(coding) == "chunked";
  if (!coding.empty() && !chunked_) return fail(501);
  if (chunked_ && !length.empty()) return fail(400);
  if (!length.empty() && !number(length, 10, length_)) return fail(400);
  if (length_ > maxBody) return fail(413);
  continue_ = lower(message_.header("expect")) == "100-continue";
  return headRead_ = true;
}

bool HttpReader::readBody() {
  if (in_.size() < length_) return false;
  message_.body = in_.substr(0, length_);
  in_.erase(0, length_);
  return true;
}

/// "5\r\nhello\r\n0\r\n\r\n", as far as it has arrived.
bool HttpReader::readChunks() {
  while (true) {
    const size_t line = in_.find("\r\n");
    if (line == in_.npos) return in_.size() > 1024 ? fail(400) : false;
    size_t size = 0;
    const std::string_view digits = std::string_view(in_).substr(0, std::min(line, in_.find(';')));
    if (!number(trim(digits), 16, size)) return fail(400);
    if (message_.body.size() + size > maxBody) return fail(413);
    if (in_.size() < line + 2 + size + 2) return false;
    if (in_.compare(line + 2 + size, 2, "\r\n") != 0) return fail(400);
    message_.body.append(in_, line + 2, size);
    in_.erase(0, line + 2 + size + 2);
    if (size == 0) return true;
  }
}

namespace {
std::string_view phrase(int code) {
  switch (code) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 400: return "Bad Request";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 413: return "Request Entity Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Entity";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 504: return "Gateway Timeout";
    case 505: return "HTTP Version Not Supported";
    default: return "Unknown";
  }
}

/// A text in double quotes, as a Warning header holds it.
std::string quoted(std::string_view s) {
  std::string out = "\"";
  for (char c : s) {
    if (c == '"' || c == '\\') out += '\\';
    out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out + "\"";
}
}  // namespace

std::string toText(const HttpHead& h) {
  std::string out = "HTTP/1.1 " + std::to_string(h.code) + " ";
  out += phrase(h.code);
  out += "\r\nCache-Control: no-cache, private\r\nContent-Type: " + h.contentType + "\r\n";
  for (const std::string& w : h.warnings) out += "Warning: 299 - " + quoted(w) + "\r\n";
  out += h.chunked ? "Transfer-Encoding: chunked\r\n" : "Content-Length: " + std::to_string(h.length) + "\r\n";
  if (h.code == 429) out += "Retry-After: 1\r\n";
  if (!h.keepAlive) out += "Connection: close\r\n";
  return out + "\r\n";
}

std::string chunkOf(std::string_view s) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string size;
  for (size_t n = s.size(); n || size.empty(); n >>= 4) size.insert(size.begin(), digits[n & 15]);
  return size + "\r\n" + std::string(s) + "\r\n";
}

}  // namespace cli
