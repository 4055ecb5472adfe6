#include "core/kubectl/text.hpp"

#include "core/api/base64.hpp"

#include <cctype>
#include <cstdio>

namespace kubectl {

Strings split(std::string_view text, char separator) {
  Strings parts;
  size_t from = 0;
  for (size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] != separator) continue;
    parts.emplace_back(text.substr(from, i - from));
    from = i + 1;
  }
  return parts;
}

std::string join(const Strings& parts, std::string_view separator) {
  std::string out;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (i) out += separator;
    out += parts[i];
  }
  return out;
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = char(std::tolower((unsigned char)c));
  return out;
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = char(std::toupper((unsigned char)c));
  return out;
}

std::string trim(std::string_view text, std::string_view characters) {
  size_t from = text.find_first_not_of(characters);
  if (from == std::string_view::npos) return {};
  return std::string(text.substr(from, text.find_last_not_of(characters) - from + 1));
}

std::string replaceAll(std::string_view text, std::string_view from, std::string_view to) {
  std::string out;
  for (size_t at = 0;;) {
    size_t hit = text.find(from, at);
    out += text.substr(at, hit == std::string_view::npos ? hit : hit - at);
    if (hit == std::string_view::npos) return out;
    out += to;
    at = hit + from.size();
  }
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  char hex[8];
  for (unsigned char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      default:
        if (c < 0x20 || c == 0x7f) {
          std::snprintf(hex, sizeof hex, "\\x%02x", c);
          out += hex;
        } else {
          out += char(c);
        }
    }
  }
  return out + '"';
}

bool parseInt(std::string_view text, int bits, int64_t& out) {
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text.empty() || text.size() > 18) return false;
  int64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    value = value * 10 + (c - '0');
  }
  if (bits == 32 && value > (negative ? 2147483648LL : 2147483647LL)) return false;
  out = negative ? -value : value;
  return true;
}

bool parseDuration(std::string_view text, int64_t& millis) {
  bool negative = !text.empty() && text[0] == '-';
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  if (text == "0") {
    millis = 0;
    return true;
  }
  double total = 0;
  if (text.empty()) return false;
  while (!text.empty()) {
    double value = 0, scale = 1;
    size_t digits = 0;
    bool fraction = false;
    while (!text.empty() && (std::isdigit((unsigned char)text[0]) || text[0] == '.')) {
      if (text[0] == '.') {
        if (fraction) return false;
        fraction = true;
      } else {
        value = value * 10 + (text[0] - '0');
        if (fraction) scale *= 10;
        ++digits;
      }
      text.remove_prefix(1);
    }
    if (!digits) return false;
    struct Unit {
      std::string_view name;
      double millis;
    };
    static constexpr Unit units[] = {{"ms", 1}, {"ns", 1e-6}, {"us", 1e-3}, {"h", 3600e3}, {"m", 60 * 1e3}, {"s", 1e3}};
    bool found = false;
    for (const Unit& u : units) {
      if (!startsWith(text, u.name)) continue;
      total += value / scale * u.millis;
      text.remove_prefix(u.name.size());
      found = true;
      break;
    }
    if (!found) return false;
  }
  millis = int64_t(negative ? -total : total);
  return true;
}

std::string formatDuration(int64_t millis) {
  if (millis < 0) return "-" + formatDuration(-millis);
  if (millis == 0) return "0s";
  if (millis < 1000) return std::to_string(millis) + "ms";
  std::string out;
  int64_t hours = millis / 3600000, minutes = millis / 60000 % 60, rest = millis % 60000;
  if (hours) out += std::to_string(hours) + "h";
  if (hours || minutes) out += std::to_string(minutes) + "m";
  out += std::to_string(rest / 1000);
  if (rest % 1000) {
    char fraction[8];
    std::snprintf(fraction, sizeof fraction, ".%03d", int(rest % 1000));
    std::string f = fraction;
    while (f.back() == '0') f.pop_back();
    out += f;
  }
  return out + "s";
}

// Models apimachinery pkg/util/duration HumanDuration.
std::string humanDuration(int64_t millis) {
  int64_t seconds = millis / 1000;
  if (seconds < -1) return "<invalid>";
  if (seconds < 0) return "0s";
  auto pair = [](int64_t a, const char* x, int64_t b, const char* y) {
    return std::to_string(a) + x + (b ? std::to_string(b) + y : std::string());
  };
  if (seconds < 120) return std::to_string(seconds) + "s";
  int64_t minutes = seconds / 60;
  if (minutes < 10) return pair(minutes, "m", seconds % 60, "s");
  if (minutes < 180) return std::to_string(minutes) + "m";
  int64_t hours = minutes / 60;
  if (hours < 8) return pair(hours, "h", minutes % 60, "m");
  if (hours < 48) return std::to_string(hours) + "h";
  if (hours < 192) return pair(hours / 24, "d", hours % 24, "h");
  if (hours < 24 * 365 * 2) return std::to_string(hours / 24) + "d";
  if (hours < 24 * 365 * 8) return pair(hours / 24 / 365, "y", hours / 24 % 365, "d");
  return std::to_string(hours / 24 / 365) + "y";
}

std::string since(api::Millis now, std::string_view time) {
  api::Millis t = api::parseTime(time);
  return t < 0 ? "<unknown>" : humanDuration(now - t);
}

std::string rfc1123(std::string_view time) {
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  static constexpr const char* days[] = {"Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"};
  api::Millis t = api::parseTime(time);
  if (t < 0) return "Mon, 01 Jan 0001 00:00:00 +0000";
  std::string text = api::formatTime(t);  // 2027-01-01T00:00:00Z
  int64_t month = 1;
  parseInt(std::string_view(text).substr(5, 2), 32, month);
  return std::string(days[t / 86400000 % 7]) + ", " + text.substr(8, 2) + " " + months[(month - 1) % 12] + " " +
         text.substr(0, 4) + " " + text.substr(11, 8) + " +0000";
}

bool shellWords(std::string_view line, Strings& words, std::string& error) {
  std::string word;
  bool any = false;
  for (size_t i = 0; i < line.size(); ++i) {
    char c = line[i];
    if (c == '\'' || c == '"') {
      size_t open = i;
      any = true;
      for (++i; i < line.size() && line[i] != c; ++i) {
        if (c == '"' && line[i] == '\\' && i + 1 < line.size() && contains("\"\\$`\n", line.substr(i + 1, 1))) {
          if (line[++i] == '\n') continue;
        }
        word += line[i];
      }
      if (i == line.size()) {
        error = std::string("unexpected EOF while looking for matching `") + line[open] + "'";
        return false;
      }
    } else if (c == '\\' && i + 1 < line.size()) {
      if (line[++i] != '\n') word += line[i], any = true;
    } else if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
      if (any) words.push_back(std::move(word));
      word.clear();
      any = false;
    } else if (c == '#' && !any) {
      while (i < line.size() && line[i] != '\n') ++i;
    } else {
      word += c;
      any = true;
    }
  }
  if (any) words.push_back(std::move(word));
  return true;
}

std::string base64(std::string_view bytes) { return api::base64(bytes); }
std::string unbase64(std::string_view text) { return api::unbase64(text); }

std::string scalar(const api::Value& v) {
  return v.kind() == api::Kind::String ? std::string(v.asString()) : api::toJson(v);
}

std::string goText(const api::Value& v) {
  std::string out;
  switch (v.kind()) {
    case api::Kind::Null: return "<nil>";
    case api::Kind::Array:
      for (const api::Value& item : v.values()) out += (out.empty() ? "" : " ") + goText(item);
      return "[" + out + "]";
    case api::Kind::Object:
      for (size_t i = 0; i < v.size(); ++i) {
        out += (i ? " " : "") + std::string(v.keyAt(i).text()) + ":" + goText(v.values()[i]);
      }
      return "map[" + out + "]";
    default: return scalar(v);
  }
}

}  // namespace kubectl
