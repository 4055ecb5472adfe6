// Commands that read text and write text: cat, head, tail, wc, tee, rev, tac, nl, base64.
#include <algorithm>

#include "core/api/sort.hpp"
#include "core/shell/machine.hpp"
#include "core/shell/match.hpp"
#include "core/shell/text.hpp"

namespace shell::commands {

bool inputs(Call& c, System& s, std::vector<std::string> names, Inputs& in) {
  if (names.empty()) names = {"-"};
  for (const std::string& n : names) {
    if (n == "-" && !c.inputEnds) return in.outcome = Outcome::reads, false;
    std::string text;
    if (slurp(c, s, n, text))
      in.texts.emplace_back(n, std::move(text));
    else
      in.exit = 1;
  }
  return true;
}

Outcome cat(Call& c, System& s) {
  Options o;
  if (!options(c, "nAbeEtTv", o)) return Outcome::done;
  if (o.words.empty() && c.terminal && !c.inputEnds) {  // line by line, as a person types
    c.out = c.input;
    c.taken = c.input.size();
    return Outcome::reads;
  }
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  if (!o.has('n')) return c.out += in.whole(), done(c, in.exit);
  int n = 0;
  for (std::string_view line : lines(in.whole())) (c.out += padded(std::to_string(++n), 6) + "\t").append(line) += '\n';
  return done(c, in.exit);
}

Outcome vi(Call& c, System&) {
  return fail(c,
              "there is no screen to edit on. Files of the console are the open manifests, which the editor shows; "
              "in a script use: sed -i 's/OLD/NEW/' FILE, or cat > FILE <<END");
}

Outcome head(Call& c, System& s) {
  Options o;
  if (!options(c, "n:c:q#", o)) return Outcome::done;
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  for (const auto& [name, text] : in.texts) {
    if (in.texts.size() > 1) c.out += (c.out.empty() ? "==> " : "\n==> ") + name + " <==\n";
    if (const std::string* bytes = o.value('c')) {
      c.out += text.substr(0, size_t(std::max<int64_t>(integer(*bytes), 0)));
      c.satisfied = int64_t(text.size()) >= integer(*bytes);
      continue;
    }
    const std::string* count = o.value('n');
    const std::vector<std::string_view> all = lines(text);
    int64_t n = count ? integer(*count) : 10;
    c.satisfied = n >= 0 && int64_t(all.size()) >= n;
    if (n < 0) n = std::max<int64_t>(0, int64_t(all.size()) + n);
    for (size_t i = 0; i < std::min(all.size(), size_t(n)); ++i) c.out.append(all[i]) += '\n';
  }
  return done(c, in.exit);
}

/// With -f it goes on with what is added to its file, looking once a second.
Outcome tail(Call& c, System& s) {
  Options o;
  if (!options(c, "n:c:fFq#", o)) return Outcome::done;
  const bool follows = (o.has('f') || o.has('F')) && !o.words.empty();
  if (c.started && follows) {
    if (c.interrupted) return done(c, 130);
    std::string text;
    if (s.read(absolute(c, o.words[0]), text) == Errno::ok) {
      const size_t seen = size_t(c.memory.asInt());
      c.out = text.substr(text.size() < seen ? 0 : seen);
      c.memory = int64_t(text.size());
    }
    c.wakeAt = s.now() + 1000;
    return Outcome::waits;
  }
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  for (const auto& [name, text] : in.texts) {
    if (in.texts.size() > 1 && !o.has('q')) c.out += (c.out.empty() ? "==> " : "\n==> ") + name + " <==\n";
    if (const std::string* bytes = o.value('c')) {
      c.out += text.substr(text.size() - std::min(text.size(), size_t(std::max<int64_t>(integer(*bytes), 0))));
      continue;
    }
    const std::string count = o.value('n') ? *o.value('n') : "10";
    const std::vector<std::string_view> all = lines(text);
    const size_t n = size_t(std::max<int64_t>(std::abs(integer(count)), 0));
    const size_t from = count[0] == '+' ? (n ? n - 1 : 0) : all.size() - std::min(n, all.size());
    for (size_t i = from; i < all.size(); ++i) c.out.append(all[i]) += '\n';
  }
  if (!follows || in.texts.empty()) return done(c, in.exit);
  c.memory = int64_t(in.texts[0].second.size());
  c.wakeAt = s.now() + 1000;
  return Outcome::waits;
}

Outcome wc(Call& c, System& s) {
  Options o;
  if (!options(c, "lwcm", o)) return Outcome::done;
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  const bool all = o.list.empty();
  const int columns = all ? 3 : int(o.list.size());
  const bool bare = columns == 1 && in.texts.size() == 1;
  int64_t total[3] = {};
  const auto line = [&](const int64_t(&n)[3], const std::string& name) {
    bool first = true;
    for (int i = 0; i < 3; ++i) {
      if (!all && !o.has("lwc"[i]) && !(i == 2 && o.has('m'))) continue;
      if (!first) c.out += ' ';
      c.out += bare ? std::to_string(n[i]) : padded(std::to_string(n[i]), o.words.empty() ? 7 : 3);
      first = false;
    }
    if (!o.words.empty()) c.out += " " + name;
    c.out += '\n';
  };
  for (const auto& [name, text] : in.texts) {
    int64_t n[3] = {int64_t(std::count(text.begin(), text.end(), '\n')), 0, int64_t(text.size())};
    bool inWord = false;
    for (char ch : text) {
      const bool blank = ch == ' ' || ch == '\n' || ch == '\t' || ch == '\r';
      n[1] += !blank && !inWord;
      inWord = !blank;
    }
    for (int i = 0; i < 3; ++i) total[i] += n[i];
    line(n, name);
  }
  if (in.texts.size() > 1) line(total, "total");
  return done(c, in.exit);
}

Outcome tee(Call& c, System& s) {
  Options o;
  if (!options(c, "ai", o)) return Outcome::done;
  if (!input(c)) return Outcome::reads;
  c.out = c.input;
  int exit = 0;
  for (const std::string& name : o.words) {
    const std::string_view fresh = std::string_view(c.input).substr(std::min(c.shown, c.input.size()));
    const bool appends = o.has('a') || c.shown > 0;
    const Errno e = name == "/dev/null" ? Errno::ok : s.write(absolute(c, name), fresh, appends);
    if (e != Errno::ok) fail(c, name + ": " + std::string(text(e))), exit = 1;
  }
  return done(c, exit);
}

Outcome rev(Call& c, System& s) {
  Inputs in;
  if (!inputs(c, s, {c.args.begin() + 1, c.args.end()}, in)) return in.outcome;
  const std::string text = in.whole();
  for (std::string_view line : lines(text)) c.out.append(line.rbegin(), line.rend()) += '\n';
  return done(c, in.exit);
}
Outcome tac(Call& c, System& s) {
  Inputs in;
  if (!inputs(c, s, {c.args.begin() + 1, c.args.end()}, in)) return in.outcome;
  const std::string text = in.whole();
  std::vector<std::string_view> all = lines(text);
  for (size_t i = all.size(); i-- > 0;) c.out.append(all[i]) += '\n';
  return done(c, in.exit);
}
Outcome nl(Call& c, System& s) {
  Inputs in;
  if (!inputs(c, s, {c.args.begin() + 1, c.args.end()}, in)) return in.outcome;
  int n = 0;
  const std::string text = in.whole();
  for (std::string_view line : lines(text)) {
    if (line.empty())
      c.out += "       \n";
    else
      (c.out += padded(std::to_string(++n), 6) + "\t").append(line) += '\n';
  }
  return done(c, in.exit);
}

Outcome base64(Call& c, System& s) {
  Options o;
  if (!options(c, "dDw:", o)) return Outcome::done;
  Inputs in;
  if (!inputs(c, s, o.words, in)) return in.outcome;
  constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const std::string text = in.whole();
  unsigned value = 0;
  int bits = 0;
  if (o.has('d') || o.has('D')) {
    for (char ch : text) {
      const size_t v = digits.find(ch);
      if (v == digits.npos) continue;
      value = value << 6 | unsigned(v);
      if ((bits += 6) >= 8) c.out += char(value >> (bits -= 8) & 255);
    }
    return done(c, in.exit);
  }
  for (unsigned char ch : text) {
    value = value << 8 | ch;
    for (bits += 8; bits >= 6;) c.out += digits[value >> (bits -= 6) & 63];
  }
  if (bits) c.out += digits[value << (6 - bits) & 63];
  while (c.out.size() % 4) c.out += '=';
  const int64_t width = o.value('w') ? integer(*o.value('w')) : 76;
  for (size_t at = size_t(width); width > 0 && at < c.out.size(); at += size_t(width) + 1) c.out.insert(at, "\n");
  c.out += '\n';
  return done(c, in.exit);
}

}  // namespace shell::commands
