// Lines that nobody would type: they end within their steps and their sizes, whatever they are.
#include <catch2/catch_test_macros.hpp>

#include "core/shell/match.hpp"
#include "core/shell/syntax.hpp"
#include "tests/unit/shell/machine.hpp"

namespace {
struct Random {
  uint64_t state;
  uint32_t next(uint32_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return uint32_t(state >> 33) % n;
  }
};

void run(TestMachine& m, std::string_view line) {
  shell::Shell sh = shell::Shell::interactive(true, "$ ");
  sh.input(line);
  sh.input("\n");
  for (int i = 0; i < 5 && sh.state() != shell::State::ended; ++i) {
    sh.run(m, 400);
    m.time += 1000;
    if (i == 2) sh = shell::Shell(sh);  // a running program is a value
  }
  sh.signal(2);
  sh.run(m, 50);
  if (m.out.size() > 100000) m.out.clear();
  if (m.err.size() > 100000) m.err.clear();
  if (m.files.size() > 50) m.files.clear();
}

const std::vector<std::string> seeds = {
    "for i in 0 1; do kubectl exec \"web-$i\" -- sh -c 'hostname'; done",
    "cat <<EOF | sort -k2,3 -n | awk -F: '{print $1, NF; for (k in a) x += a[k]} END {printf \"%5.2f%s\\n\", x, "
    "y}'\n$a\nEOF\n",
    "x=${y:-$(echo `date +%s` | sed -E 's/(a|b)*[0-9]{2,5}/\\1&/g')}; echo $((x++ * (3 + 4) % 7)) ${x##*-} ${#x}",
    "while read -r a b; do case $a in [a-z]*|x) echo \"$b\" >> /tmp/f 2>&1;; *) break 2;; esac; done < /etc/hostname",
    "f() { local a=1; f; }; f; trap 'echo' TERM; set -eux -- a b; [[ $a =~ (x+)+$ ]] && grep -rE '(a*)*b' /tmp | xargs "
    "-n1 -I% echo %",
    "find / -name '*' -exec sh -c 'echo {}' \\; ; curl -s http://localhost:80/?a=b -d @- ; wget -qO- web-0.nginx | tee "
    "/tmp/x",
    "while sleep 1; do echo a; done | grep -v b | head -2 | while read x; do echo $x; sleep 2; done; (sleep 3; exit 2) "
    "| "
    "cat & jobs; fg %1; timeout 2 sh -c 'yes | tee /tmp/y' | sed -n '3q;$p' ; wait; kill %1 ; set -o pipefail; bg",
    "sleep 1 | { sleep 2 | cat; } | tail -f /tmp/f | awk '{print; exit}' ; n=$(sleep 1 | cat | head -1) & wait %1; "
    "exec timeout 1.5 cat | less ; echo b | sha256sum \\\n; trap 'sleep 9 | cat' EXIT INT",
    "mysql -h a -e \"SELECT 'a;b';\"; dig +short -x 1.2.3.4; tr -cd '[:alnum:]' < /tmp/f; cut -d, -f1-3,5- ; printf "
    "'%*d %q' 5 x",
};
}  // namespace

TEST_CASE("random lines end", "[shell][hostile]") {
  Random random{42};
  TestMachine m;
  for (int i = 0; i < 3000; ++i) {
    std::string line;
    const uint32_t length = random.next(60);
    constexpr std::string_view alphabet = "$(){}[]<>|&;'\"`\\ \n\t!*?~#=+-/%:,.abx019";
    for (uint32_t k = 0; k < length; ++k)
      line += i % 3 ? alphabet[random.next(uint32_t(alphabet.size()))] : char(random.next(256));
    run(m, line);
  }
  SUCCEED();
}

TEST_CASE("mutated lines end", "[shell][hostile]") {
  Random random{7};
  TestMachine m;
  for (int i = 0; i < 3000; ++i) {
    std::string line = seeds[random.next(uint32_t(seeds.size()))];
    for (uint32_t k = 1 + random.next(6); k > 0; --k) {
      const size_t at = random.next(uint32_t(line.size()) + 1);
      const std::string& other = seeds[random.next(uint32_t(seeds.size()))];
      const size_t from = random.next(uint32_t(other.size()));
      switch (random.next(4)) {
        case 0: line.erase(at, random.next(10)); break;
        case 1: line.insert(at, other.substr(from, random.next(30))); break;
        case 2: line.insert(at, 1, "$(){}[]|&;'\"`\\<>*"[random.next(17)]); break;
        default: line = line.substr(0, at) + line.substr(line.size() - std::min(line.size(), size_t(random.next(40))));
      }
    }
    run(m, line);
  }
  SUCCEED();
}

TEST_CASE("what would blow up is bounded", "[shell][hostile]") {
  TestMachine m;
  run(m, "x=aaaaaaaaaaaaaaaa; while :; do x=$x$x$x$x; done");
  run(m, "f() { f; }; f");
  run(m, "f() { f | f & }; f");
  run(m, "while :; do :; done");
  run(m, "yes | while read x; do echo $x; done | sort | wc");
  run(m, "echo {1..1000}{1..1000}{1..1000}");
  run(m, "a=a; echo $((a))");
  run(m, "a=b+b+b+b; b=c+c+c+c; c=d+d+d+d; d=e+e+e+e; e=f+f+f+f; f=g+g+g+g; echo $((a))");
  run(m, "cat /dev/zero | cat; seq 1 0.0000001 99999999; printf '%999999999d' 1; printf \"%${x}s\" \"$x\"");
  run(m, "awk 'BEGIN { while (1) x = x \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" }'");
  run(m, "awk 'BEGIN { for (;;) a[i++] = i }'; awk 'BEGIN { $99999999 = 1; NF = 1e30; print }'");
  run(m, "echo " + std::string(20000, '('));
  run(m, "echo " + std::string(20000, '{'));
  std::string nested = "x";
  for (int i = 0; i < 300; ++i) nested = "$(echo " + nested + ")";
  run(m, "echo " + nested);
  nested = "x";
  for (int i = 0; i < 300; ++i) nested = "${x:-" + nested + "}";
  run(m, "echo " + nested);
  run(m, "echo $((" + std::string(5000, '(') + "1" + std::string(5000, ')') + "))");
  run(m, "echo $((" + std::string(5000, '-') + "1))");
  run(m, "sed " + std::string(3000, '{'));
  run(m, "eval \"$(yes 'eval x')\"");
  for (int i = 0; i < 200; ++i) run(m, "sh -c 'sh -c \"sh -c exit\"' &");
  run(m, "f() { f | f; }; f; g() { sleep 1 | g; }; g");
  run(m, "while :; do sleep 1; done | while :; do sleep 1; done | while :; do sleep 1; done | cat | cat | cat");
  run(m, "while :; do yes; done | while :; do cat; done | grep x | sort");
  std::string chain = "sleep 1";
  for (int i = 0; i < 400; ++i) chain += " | cat";
  run(m, chain);
  chain = "sleep 9";
  for (int i = 0; i < 300; ++i) chain = "timeout 1 " + chain;
  run(m, chain + " | cat & fg; fg; fg %9; kill %99999999999999999999; wait %0; jobs");
  run(m, "(sleep 1 | (sleep 1 | (sleep 1 | (sleep 1 | (sleep 1 | (sleep 1 | (sleep 1 | cat) | cat) | cat) | cat)))))");
  shell::Regex r;
  CHECK_FALSE(r.compile("(((a{1,100}){1,100}){1,100}){1,100}", true));
  CHECK(r.compile("(x+x+)+y", true));
  CHECK_FALSE(r.matches(std::string(20000, 'x')));
  CHECK_FALSE(shell::globMatches("*a*a*a*a*a*a*a*a*a*a*b", std::string(20000, 'a')));
}
