#pragma once
// Why a command failed, and how kubectl words it.
#include <string>
#include <vector>

#include "core/apiserver/request.hpp"
#include "core/kubectl/text.hpp"

namespace kubectl {

struct Error {
  enum class Type : uint8_t { none, plain, status, configuration, noKind, bare, exit, killed, aggregate };
  Type type = Type::none;
  std::string text;
  api::Value status;        ///< of type status: the server's Status
  std::vector<Error> list;  ///< of type aggregate
  int code = 1;

  explicit operator bool() const { return type != Type::none; }
  bool is(std::string_view reason) const {
    return type == Type::status && status[api::key::reason].asString() == reason;
  }
  bool isNotFound() const { return is("NotFound"); }
  /// As err.Error().
  std::string message() const;
};

/// An error that prints as "error: text".
Error plain(std::string text);
/// A text that prints as it stands.
Error bare(std::string text);
/// Exit 1 without a word more.
Error silent();
/// The reply's Status, if the request failed.
Error fromResponse(const apiserver::Response&);
Error statusError(int code, std::string_view reason, std::string message);
/// None where the list is empty; the error itself where it is one, an aggregate of one included (it prints without
/// "error: "); nested ones are flattened.
Error aggregate(std::vector<Error> errors);
/// Puts "error when VERB "SOURCE": " before a message. Models kubectl cmd/util AddSourceToErr.
Error withSource(std::string_view verb, std::string_view source, Error);
Error withPrefix(std::string_view prefix, Error);
/// What goes to stderr, with its newline. Models kubectl cmd/util checkErr.
std::string describeError(const Error&);

}  // namespace kubectl
