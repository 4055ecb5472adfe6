// HTTP as it arrives: in pieces, several messages at once, too big, or no HTTP at all.
#include "core/cli/http_message.hpp"

#include <catch2/catch_test_macros.hpp>

using cli::HttpMessage;
using cli::HttpReader;

namespace {
/// What a reader makes of a text that is fed byte by byte: "GET /a body;" for each message, then the error.
std::string read(std::string_view text, size_t step = 1) {
  HttpReader reader;
  HttpMessage m;
  std::string out;
  for (size_t i = 0; i < text.size(); i += step) {
    reader.feed(text.substr(i, step));
    while (reader.next(m)) out += m.method + " " + m.target + " " + m.body + (m.keepAlive ? ";" : ".");
  }
  return reader.error() ? out + std::to_string(reader.error()) : out;
}
}  // namespace

TEST_CASE("messages are read in whatever pieces they come") {
  const std::string two =
      "GET /api HTTP/1.1\r\nHost: a\r\n\r\nPOST /b?c=d HTTP/1.1\r\ncontent-LENGTH: 3\r\n\r\nxyz"
      "DELETE /e HTTP/1.1\r\nConnection: close\r\n\r\n";
  CHECK(read(two, 1) == "GET /api ;POST /b?c=d xyz;DELETE /e .");
  CHECK(read(two, 1000) == read(two, 7));
  CHECK(read("GET / HTTP/1.0\r\n\r\n") == "GET / .");
  CHECK(read("GET http://127.0.0.1:1/x HTTP/1.1\r\n\r\n") == "GET /x ;");
}

TEST_CASE("a chunked body is put together") {
  CHECK(read("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n") ==
        "PUT /a abc0123456789;");
  CHECK(read("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\n") == "400");
  CHECK(read("PUT /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nffffffff\r\n") == "413");
}

TEST_CASE("what is no HTTP or too big is refused, and nothing after it is read") {
  CHECK(read("\x16\x03\x01\x02\r\n\r\n") == "400");
  CHECK(read("GET /\r\n\r\n") == "400");
  CHECK(read("GET nowhere HTTP/1.1\r\n\r\n") == "400");
  CHECK(read("GET / HTTP/2.0\r\n\r\n") == "505");
  CHECK(read("GET / HTTP/1.1\r\nno colon\r\n\r\n") == "400");
  CHECK(read("POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n") == "400");
  CHECK(read("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n") == "413");
  CHECK(read("POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n") == "400");
  CHECK(read("GET / HTTP/1.1\r\nA: " + std::string(70000, 'x'), 5000) == "431");
}

TEST_CASE("a client that asks before it sends is told once to go on") {
  HttpReader reader;
  HttpMessage m;
  reader.feed("PUT /a HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK_FALSE(reader.next(m));
  CHECK(reader.wantsContinue());
  CHECK_FALSE(reader.wantsContinue());
  reader.feed("ok");
  CHECK(reader.next(m));
  CHECK(m.body == "ok");
}

TEST_CASE("heads and chunks are as HTTP has them") {
  cli::HttpHead head;
  head.contentType = "application/json";
  head.length = 2;
  head.warnings = {"say \"hi\""};
  CHECK(cli::toText(head) ==
        "HTTP/1.1 200 OK\r\nCache-Control: no-cache, private\r\nContent-Type: application/json\r\n"
        "Warning: 299 - \"say \\\"hi\\\"\"\r\nContent-Length: 2\r\n\r\n");
  CHECK(cli::chunkOf(std::string(18, 'x')) == "12\r\n" + std::string(18, 'x') + "\r\n");
  CHECK(cli::chunkOf("") == "0\r\n\r\n");
}
