#include "core/api/time.hpp"

namespace api {
namespace {

/// Days since 1970-01-01 of a civil date (proleptic Gregorian).
int64_t daysOf(int64_t y, int m, int d) {
  y -= m <= 2;
  const int64_t era = (y >= 0 ? y : y - 399) / 400;
  const int64_t yoe = y - era * 400, doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
  return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

struct Civil {
  int64_t year;
  int month, day, hour, minute, second;
};

Civil civilOf(Millis t) {
  int64_t days = t / 86400000, rest = t % 86400000;
  if (rest < 0) rest += 86400000, days -= 1;
  const int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
  const int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365,
                doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
  const int64_t mp = (5 * doy + 2) / 153;
  const int month = int(mp < 10 ? mp + 3 : mp - 9);
  return {yoe + era * 400 + (month <= 2),
          month,
          int(doy - (153 * mp + 2) / 5 + 1),
          int(rest / 3600000),
          int(rest / 60000 % 60),
          int(rest / 1000 % 60)};
}

int digits(std::string_view s, size_t at, size_t n) {
  int v = 0;
  for (size_t i = at; i < at + n; ++i) {
    if (i >= s.size() || s[i] < '0' || s[i] > '9') return -1;
    v = v * 10 + (s[i] - '0');
  }
  return v;
}

}  // namespace

namespace {
void writeDigits(char* at, int number, int n) {
  for (; n > 0; number /= 10) at[--n] = char('0' + number % 10);
}

/// The second that was written last: a cluster's clock stands still while it works.
struct Written {
  Millis second = INT64_MIN;
  std::string text;
};
Written& written(Millis t) {
  static Written last;
  const Millis second = t >= 0 ? t / 1000 : -((999 - t) / 1000);
  if (second == last.second) return last;
  const Civil c = civilOf(second * 1000);
  char text[] = "0000-00-00T00:00:00Z";
  writeDigits(text, int(c.year), 4);
  writeDigits(text + 5, c.month, 2);
  writeDigits(text + 8, c.day, 2);
  writeDigits(text + 11, c.hour, 2);
  writeDigits(text + 14, c.minute, 2);
  writeDigits(text + 17, c.second, 2);
  last = {second, text};
  return last;
}
}  // namespace

std::string formatTime(Millis t) { return written(t).text; }

std::string formatMicroTime(Millis t) {
  const std::string& s = written(t).text;
  char text[] = ".000000Z";
  writeDigits(text + 1, int((t % 1000 + 1000) % 1000), 3);
  return s.substr(0, s.size() - 1) + text;
}

Millis parseTime(std::string_view s) {
  const int y = digits(s, 0, 4), mo = digits(s, 5, 2), d = digits(s, 8, 2), h = digits(s, 11, 2), mi = digits(s, 14, 2),
            se = digits(s, 17, 2);
  if (y < 0 || mo < 1 || mo > 12 || d < 1 || d > 31 || h < 0 || h > 23 || mi < 0 || mi > 59 || se < 0 || se > 60)
    return -1;
  if (s[4] != '-' || s[7] != '-' || (s[10] != 'T' && s[10] != 't') || s[13] != ':' || s[16] != ':') return -1;
  size_t i = 19;
  int64_t millis = 0;
  if (i < s.size() && s[i] == '.') {
    int64_t unit = 100;
    for (++i; i < s.size() && s[i] >= '0' && s[i] <= '9'; ++i, unit /= 10) millis += (s[i] - '0') * unit;
  }
  int64_t offset = 0;
  if (i < s.size() && (s[i] == '+' || s[i] == '-')) {
    const int oh = digits(s, i + 1, 2), om = digits(s, i + 4, 2);
    if (oh < 0 || om < 0) return -1;
    offset = (oh * 60 + om) * (s[i] == '-' ? -60000 : 60000);
    i += 6;
  } else if (i < s.size() && (s[i] == 'Z' || s[i] == 'z')) {
    ++i;
  } else {
    return -1;
  }
  if (i != s.size()) return -1;
  return (daysOf(y, mo, d) * 86400 + h * 3600 + mi * 60 + se) * 1000 + millis - offset;
}

}  // namespace api
