#include "core/api/names.hpp"

#include <algorithm>

namespace api {
namespace {

bool lower(char c) { return c >= 'a' && c <= 'z'; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool lowerOrDigit(char c) { return lower(c) || digit(c); }
bool letterOrDigit(char c) { return lowerOrDigit(c) || (c >= 'A' && c <= 'Z'); }

template <class Inner>
bool framed(std::string_view s, bool (*edge)(char), Inner inner) {
  return !s.empty() && edge(s.front()) && edge(s.back()) && std::all_of(s.begin(), s.end(), inner);
}
bool labelFormat(std::string_view s) {
  return framed(s, lowerOrDigit, [](char c) { return lowerOrDigit(c) || c == '-'; });
}
bool underscoreLabelFormat(std::string_view s) {
  if (!s.empty() && s[0] == '_') s.remove_prefix(1);
  return framed(s, lowerOrDigit, [](char c) { return lowerOrDigit(c) || c == '-' || c == '_'; });
}
bool keyFormat(std::string_view s) {
  return framed(s, letterOrDigit, [](char c) { return letterOrDigit(c) || c == '-' || c == '_' || c == '.'; });
}
template <class Label>
bool dotted(std::string_view s, Label label) {
  for (size_t from = 0;;) {
    const size_t dot = s.find('.', from);
    if (!label(s.substr(from, dot == s.npos ? dot : dot - from))) return false;
    if (dot == s.npos) return true;
    from = dot + 1;
  }
}
bool subdomainFormat(std::string_view s) { return dotted(s, labelFormat); }

constexpr std::string_view labelRegex = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
constexpr std::string_view subdomainRegex = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
constexpr std::string_view keyRegex = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
constexpr std::string_view keyMessage =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

void changesFolder(std::string_view s, Complaints& out) {
  if (s == ".")
    out.push_back("must not be '.'");
  else if (s == "..")
    out.push_back("must not be '..'");
  else if (s.substr(0, 2) == "..")
    out.push_back("must not start with '..'");
}
}  // namespace

std::string maxLenError(int length) { return "must be no more than " + std::to_string(length) + " characters"; }
std::string inclusiveRangeError(int64_t low, int64_t high) {
  return "must be between " + std::to_string(low) + " and " + std::to_string(high) + ", inclusive";
}
std::string regexError(std::string_view message, std::string_view format,
                       std::initializer_list<std::string_view> examples) {
  std::string out(message);
  out += " (";
  bool first = true;
  for (std::string_view e : examples) {
    out += first ? "e.g. '" : " or '";
    out += e;
    out += "', ";
    first = false;
  }
  out += "regex used for validation is '";
  out += format;
  return out + "')";
}

bool goodDNS1123Label(std::string_view s) { return s.size() <= 63 && labelFormat(s); }
bool goodDNS1123Subdomain(std::string_view s) { return s.size() <= 253 && subdomainFormat(s); }
bool goodLabelValue(std::string_view s) { return s.size() <= 63 && (s.empty() || keyFormat(s)); }
bool goodLabelKey(std::string_view s) {
  if (const size_t slash = s.find('/'); slash != s.npos) {
    if (!goodDNS1123Subdomain(s.substr(0, slash))) return false;
    s = s.substr(slash + 1);
  }
  return s.size() <= 63 && keyFormat(s);
}

Complaints isDNS1123Label(std::string_view s) {
  Complaints out;
  if (s.size() > 63) out.push_back(maxLenError(63));
  if (labelFormat(s)) return out;
  if (subdomainFormat(s))
    out.push_back("must not contain dots");
  else
    out.push_back(regexError(
        "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end "
        "with an alphanumeric character",
        labelRegex, {"my-name", "123-abc"}));
  return out;
}

Complaints isDNS1123Subdomain(std::string_view s) {
  Complaints out;
  if (s.size() > 253) out.push_back(maxLenError(253));
  if (!subdomainFormat(s))
    out.push_back(regexError(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must "
        "start and end with an alphanumeric character",
        subdomainRegex, {"example.com"}));
  return out;
}

Complaints isDNS1123SubdomainWithUnderscore(std::string_view s) {
  Complaints out;
  if (s.size() > 253) out.push_back(maxLenError(253));
  if (!dotted(s, underscoreLabelFormat))
    out.push_back(
        regexError("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or "
                   "'.', and must start and end with an alphanumeric character",
                   "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*", {"example.com"}));
  return out;
}

Complaints isDNS1035Label(std::string_view s) {
  Complaints out;
  if (s.size() > 63) out.push_back(maxLenError(63));
  if (!labelFormat(s) || !lower(s[0]))
    out.push_back(
        regexError("a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with "
                   "an alphabetic character, and end with an alphanumeric character",
                   "[a-z]([-a-z0-9]*[a-z0-9])?", {"my-name", "abc-123"}));
  return out;
}

Complaints isWildcardDNS1123Subdomain(std::string_view s) {
  Complaints out;
  if (s.size() > 253) out.push_back(maxLenError(253));
  if (s.substr(0, 2) != "*." || !subdomainFormat(s.substr(2)))
    out.push_back(
        regexError("a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, "
                   "which must consist of lower case alphanumeric characters, '-' or '.' and end with an "
                   "alphanumeric character",
                   "\\*\\." + std::string(subdomainRegex), {"*.example.com"}));
  return out;
}

Complaints isQualifiedName(std::string_view s) {
  Complaints out;
  const std::string wrong = regexError(keyMessage, keyRegex, {"MyName", "my.name", "123-abc"});
  std::string_view name = s;
  if (const size_t slash = s.find('/'); slash != s.npos) {
    const std::string_view prefix = s.substr(0, slash);
    name = s.substr(slash + 1);
    if (name.find('/') != name.npos)
      return {"a valid label key " + wrong +
              " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')"};
    if (prefix.empty())
      out.push_back("prefix part must be non-empty");
    else
      for (const std::string& c : isDNS1123Subdomain(prefix)) out.push_back("prefix part " + c);
  }
  if (name.empty())
    out.push_back("name part must be non-empty");
  else if (name.size() > 63)
    out.push_back("name part must be no more than 63 bytes");
  if (!keyFormat(name)) out.push_back("name part " + wrong);
  return out;
}

Complaints isValidLabelValue(std::string_view s) {
  Complaints out;
  if (s.size() > 63) out.push_back("must be no more than 63 bytes");
  if (!s.empty() && !keyFormat(s))
    out.push_back(regexError(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must "
        "start and end with an alphanumeric character",
        "(" + std::string(keyRegex) + ")?", {"MyValue", "my_value", "12345"}));
  return out;
}

Complaints isValidPortNum(int64_t port) {
  if (port >= 1 && port <= 65535) return {};
  return {inclusiveRangeError(1, 65535)};
}

Complaints isValidPortName(std::string_view s) {
  Complaints out;
  if (s.size() > 15) out.push_back(maxLenError(15));
  if (s.empty() || !std::all_of(s.begin(), s.end(), [](char c) { return lowerOrDigit(c) || c == '-'; }))
    out.push_back("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!std::any_of(s.begin(), s.end(), lower)) out.push_back("must contain at least one letter (a-z)");
  if (s.find("--") != s.npos) out.push_back("must not contain consecutive hyphens");
  if (!s.empty() && (s.front() == '-' || s.back() == '-')) out.push_back("must not begin or end with a hyphen");
  return out;
}

Complaints isValidPercent(std::string_view s) {
  if (s.size() > 1 && s.back() == '%' && std::all_of(s.begin(), s.end() - 1, digit)) return {};
  return {regexError("a valid percent string must be a numeric string followed by an ending '%'", "[0-9]+%",
                     {"1%", "93%"})};
}

Complaints isHTTPHeaderName(std::string_view s) {
  if (!s.empty() && std::all_of(s.begin(), s.end(), [](char c) { return letterOrDigit(c) || c == '-'; })) return {};
  return {regexError("a valid HTTP header must consist of alphanumeric characters or '-'", "[-A-Za-z0-9]+",
                     {"X-Header-Name"})};
}

Complaints isRelaxedEnvVarName(std::string_view s) {
  Complaints out;
  if (s.empty()) out.push_back("environment variable name must be non-empty");
  if (!std::all_of(s.begin(), s.end(), [](char c) { return c >= 0x20 && c < 0x7f && c != '='; }))
    out.push_back("a valid environment variable name must consist only of printable ASCII characters other than '='");
  return out;
}

Complaints isConfigMapKey(std::string_view s) {
  Complaints out;
  if (s.size() > 253) out.push_back(maxLenError(253));
  auto good = [](char c) { return letterOrDigit(c) || c == '-' || c == '_' || c == '.'; };
  if (s.empty() || !std::all_of(s.begin(), s.end(), good))
    out.push_back(regexError("a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                             "[-._a-zA-Z0-9]+", {"key.name", "KEY_NAME", "key-name"}));
  changesFolder(s, out);
  return out;
}

Complaints isValidUserID(int64_t id) {
  if (id >= 0 && id <= INT32_MAX) return {};
  return {inclusiveRangeError(0, INT32_MAX)};
}

namespace {
/// `zeros`: octets may begin with zeros.
bool ipv4(std::string_view s, bool zeros = false) {
  int parts = 0;
  for (size_t i = 0;; ++i) {
    const size_t from = i;
    int value = 0;
    while (i < s.size() && digit(s[i]) && i - from < 3) value = value * 10 + (s[i++] - '0');
    if (i == from || value > 255 || (!zeros && i - from > 1 && s[from] == '0')) return false;
    ++parts;
    if (i == s.size()) return parts == 4;
    if (s[i] != '.') return false;
  }
}
bool ipv6(std::string_view s) {
  int groups = 0;
  bool gap = false;
  size_t i = 0;
  if (s.substr(0, 2) == "::") {
    gap = true;
    i = 2;
    if (i == s.size()) return true;
  }
  while (i < s.size()) {
    if (s.find(':', i) == s.npos && s.find('.', i) != s.npos) {
      if (!ipv4(s.substr(i))) return false;
      groups += 2;
      break;
    }
    const size_t from = i;
    auto hex = [](char c) { return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    while (i < s.size() && hex(s[i])) ++i;
    if (i == from || i - from > 4) return false;
    ++groups;
    if (i == s.size()) break;
    if (s[i++] != ':') return false;
    if (i < s.size() && s[i] == ':') {
      if (gap) return false;
      gap = true;
      if (++i == s.size()) break;
    } else if (i == s.size())
      return false;
  }
  return gap ? groups < 8 : groups == 8;
}
}  // namespace

Complaints isValidIPv4OrIPv6(std::string_view s) {
  if (ipv4(s) || (s.find(':') != s.npos && ipv6(s))) return {};
  if (ipv4(s, true)) return {"must not have leading 0s"};
  return {"must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)"};
}

std::string quote(std::string_view s) {
  static const char hex[] = "0123456789abcdef";
  std::string out = "\"";
  for (size_t i = 0; i < s.size(); ++i) {
    const unsigned char c = static_cast<unsigned char>(s[i]);
    if (c == '"' || c == '\\')
      (out += '\\') += char(c);
    else if (c >= 0x20 && c != 0x7f)
      out += char(c);
    else if (const size_t at = std::string_view("\a\b\f\n\r\t\v").find(char(c)); at != std::string_view::npos)
      (out += '\\') += "abfnrtv"[at];
    else
      ((out += "\\x") += hex[c >> 4]) += hex[c & 15];
  }
  return out + '"';
}

}  // namespace api
