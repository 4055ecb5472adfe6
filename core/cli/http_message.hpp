#pragma once
// HTTP/1.1 as text: a reader that is fed what arrives, piece by piece, and the heads of answers. No sockets. Used by
// HttpServer. NOT MODELLED: upgrades (exec, port-forward), trailers, compression.
#include <string>
#include <string_view>
#include <vector>

namespace cli {

struct HttpMessage {
  std::string method, target;                                ///< the target with its query
  std::vector<std::pair<std::string, std::string>> headers;  ///< names in lower case
  std::string body;
  bool keepAlive = true;
  /// The value of a header ("" where there is none); of several the first.
  std::string_view header(std::string_view name) const;
};

/// Reads one message after the other. Refuses what is too big or no HTTP: `error` is then the status code, and nothing
/// more is read.
class HttpReader {
 public:
  static constexpr size_t maxHead = 64 * 1024;
  static constexpr size_t maxBody = 4 * 1024 * 1024;

  void feed(std::string_view bytes) { in_.append(bytes); }
  /// True: a whole message has been taken out of what was fed.
  bool next(HttpMessage&);
  int error() const { return error_; }
  /// A head has been read that asks to be told to go on; true once for each.
  bool wantsContinue();
  /// Whether a message has begun that is not whole yet.
  bool inside() const { return headRead_ || !in_.empty(); }

 private:
  bool readHead();
  bool readBody();
  bool readChunks();
  bool fail(int code) { return error_ = code, false; }
  std::string in_;
  HttpMessage message_;
  size_t length_ = 0;
  bool headRead_ = false, chunked_ = false, continue_ = false;
  int error_ = 0;
};

struct HttpHead {
  int code = 200;
  std::string contentType;
  std::vector<std::string> warnings;  ///< texts of Warning headers
  bool chunked = false;               ///< a stream: its end is not known yet
  size_t length = 0;                  ///< of the body, where it is
  bool keepAlive = true;
};
std::string toText(const HttpHead&);
/// A piece of a chunked body; the empty one ends it.
std::string chunkOf(std::string_view);

}  // namespace cli
