#include "core/cli/http_server.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/cli/protobuf.hpp"
#include "core/manifest/manifest.hpp"
#include "core/sim/connect.hpp"

namespace cli {
using namespace std::chrono_literals;

namespace {
constexpr size_t maxConnections = 256;
constexpr size_t maxUnsent = 64 * 1024 * 1024;  ///< a watcher that reads nothing is let go
constexpr auto messageTime = 30s;               ///< for a client to send a whole request
constexpr auto idleTime = 600s;
constexpr auto bookmarkTime = 60s;
constexpr auto watchTime = 3600s;  ///< of a watch that names no time

std::string bodyText(const apiserver::Response& r, bool pretty) {
  if (!r.text.empty()) return r.text;
  if (r.body.isNull()) return {};
  if (r.contentType == "application/yaml") return manifest::toYaml(r.body);
  return pretty ? manifest::toIndentedJson(r.body, 2) : api::toJson(r.body) + "\n";
}

/// Whether the answer is for a person's eyes. Models apiserver pkg/endpoints/handlers/negotiation isPrettyPrint.
bool isPretty(const HttpMessage& m) {
  const size_t at = m.target.find("pretty=");
  if (at != std::string::npos)
    return m.target.compare(at + 7, 1, "0") != 0 && m.target.compare(at + 7, 5, "false") != 0;
  const std::string_view agent = m.header("user-agent");
  return agent.substr(0, 4) == "curl" || agent.substr(0, 4) == "Wget" || agent.substr(0, 8) == "Mozilla/";
}

std::string contentTypeOf(const apiserver::Response& r) {
  if (!r.contentType.empty()) return r.contentType;
  return r.text.empty() ? "application/json" : "text/plain; charset=utf-8";
}

/// The seconds that a watch is to last; 0 where it does not say.
int64_t secondsOf(std::string_view target) {
  const size_t at = target.find("timeoutSeconds=");
  if (at == target.npos) return 0;
  int64_t out = 0;
  for (char c : target.substr(at + 15, 9)) {
    if (c < '0' || c > '9') break;
    out = out * 10 + (c - '0');
  }
  return out;
}
}  // namespace

HttpServer::~HttpServer() {
  for (Connection& c : connections_) ::close(c.fd);
  if (listener_ >= 0) ::close(listener_);
}

std::string HttpServer::listen(int port) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(uint16_t(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (listener_ < 0 || ::bind(listener_, generic, size) != 0 || ::listen(listener_, 64) != 0 ||
      ::getsockname(listener_, generic, &size) != 0)
    return std::string("cannot listen on 127.0.0.1:") + std::to_string(port) + ": " + std::strerror(errno);
  port_ = ntohs(address.sin_port);
  return {};
}

void HttpServer::serve(int milliseconds) {
  std::vector<pollfd> fds;
  fds.push_back({listener_, short(connections_.size() < maxConnections ? POLLIN : 0), 0});
  for (const Connection& c : connections_) fds.push_back({c.fd, short(POLLIN | (c.out.empty() ? 0 : POLLOUT)), 0});
  if (::poll(fds.data(), fds.size(), milliseconds) < 0) return;
  size_t i = 1;
  const Clock::time_point now = Clock::now();
  for (auto it = connections_.begin(); it != connections_.end(); ++i) {
    const short ready = fds[i].revents;
    bool alive = !(ready & (POLLERR | POLLNVAL)) && !isLate(*it, now);
    if (alive && (ready & (POLLIN | POLLHUP))) alive = receive(*it);
    if (alive && !it->out.empty()) alive = send(*it);
    if (alive && it->closing && it->out.empty()) alive = false;
    if (!alive) ::close(it->fd);
    it = alive ? std::next(it) : connections_.erase(it);
  }
  if (fds[0].revents & POLLIN) accept();
}

void HttpServer::accept() {
  while (connections_.size() < maxConnections) {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Connection& c = connections_.emplace_back();
    c.fd = fd;
    c.since = Clock::now();
  }
}

bool HttpServer::isLate(const Connection& c, Clock::time_point now) const {
  if (c.out.size() > maxUnsent) return true;
  if (c.watch) return false;
  return now - c.since > (c.reader.inside() || !c.out.empty() ? messageTime : idleTime);
}

/// Reads what has arrived and answers every message that is whole. False: the client is gone.
bool HttpServer::receive(Connection& c) {
  char buffer[16384];
  const ssize_t n = ::recv(c.fd, buffer, sizeof buffer, 0);
  if (n == 0) return false;
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  if (c.watch || c.closing) return true;  // whatever comes while an answer streams is not looked at
  if (!c.reader.inside()) c.since = Clock::now();
  c.reader.feed(std::string_view(buffer, size_t(n)));
  HttpMessage message;
  while (!c.closing && !c.watch && c.reader.next(message)) {
    answer(c, message);
    c.since = Clock::now();
  }
  if (c.reader.wantsContinue()) c.out += "HTTP/1.1 100 Continue\r\n\r\n";
  if (c.reader.error() && !c.closing) refuse(c, c.reader.error());
  return true;
}

void HttpServer::refuse(Connection& c, int code) {
  const std::string text = code == 413 ? "Request entity too large: limit is 3145728\n" : "400 Bad Request\n";
  HttpHead head;
  head.code = code;
  head.contentType = "text/plain; charset=utf-8";
  head.length = text.size();
  head.keepAlive = false;
  c.out += toText(head) + text;
  c.closing = true;
}

void HttpServer::answer(Connection& c, const HttpMessage& m) {
  apiserver::HttpRequest request;
  request.method = m.method;
  request.path = m.target;
  request.body = m.body;
  request.contentType = m.header("content-type");
  request.accept = m.header("accept");
  request.userAgent = m.header("user-agent");
  if (request.contentType == "application/vnd.kubernetes.protobuf" && jsonOfProtobuf(m.body, request.body))
    request.contentType = "application/json";
  std::optional<apiserver::Watch> watch;
  const bool reads = m.method == "GET";
  apiserver::Response r = reads ? cluster_.read(request, &watch) : cluster_.request(request);
  if (watch) return begin(c, m, r, std::move(*watch));
  if (sim::isLogReply(r)) r = sim::readLog(cluster_, r, cluster_.now());
  const std::string body = bodyText(r, isPretty(m));
  HttpHead head;
  head.code = r.code;
  head.contentType = contentTypeOf(r);
  head.warnings = std::move(r.warnings);
  head.length = body.size();
  head.keepAlive = m.keepAlive;
  c.out += toText(head);
  if (m.method != "HEAD") c.out += body;
  c.closing = !m.keepAlive;
}

void HttpServer::begin(Connection& c, const HttpMessage& m, const apiserver::Response& r, apiserver::Watch watch) {
  HttpHead head;
  head.contentType = contentTypeOf(r);
  head.chunked = true;
  c.out += toText(head);
  const int64_t seconds = secondsOf(m.target);
  const Clock::time_point now = Clock::now();
  c.ends = now + (seconds ? std::chrono::seconds(seconds) : watchTime);
  c.bookmark = now + bookmarkTime;
  c.watch = std::move(watch);
  feed(c);
}

void HttpServer::feed(Connection& c) {
  apiserver::Watch& watch = *c.watch;
  std::string text;
  const bool refused = !watch.refused.ok();
  const bool bookmarksFirst = !watch.begun && watch.request.sendInitialEvents.value_or(false);
  for (const api::Value& event : cluster_.events(watch)) text += api::toJson(event) + "\n";
  if (bookmarksFirst) c.bookmarked = watch.since;
  const Clock::time_point now = Clock::now();
  const bool over = refused || now >= c.ends;
  const bool late = over && watch.since != c.bookmarked;
  if (watch.request.allowWatchBookmarks && !refused && (late || now >= c.bookmark)) {
    c.bookmarked = watch.since;
    text += api::toJson(cluster_.bookmark(watch)) + "\n";
    c.bookmark = now + bookmarkTime;
  }
  if (!text.empty()) c.out += chunkOf(text);
  if (!over) return;
  c.out += chunkOf("");
  c.watch.reset();
  c.closing = true;
}

void HttpServer::feedWatches() {
  for (Connection& c : connections_) {
    if (c.watch) feed(c);
  }
}

bool HttpServer::send(Connection& c) {
  const ssize_t n = ::send(c.fd, c.out.data(), c.out.size(), MSG_NOSIGNAL);
  if (n < 0) return errno == EAGAIN || errno == EINTR;
  c.out.erase(0, size_t(n));
  c.since = Clock::now();
  return true;
}

}  // namespace cli
