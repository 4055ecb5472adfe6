// The shell's language, as dash and bash run it.
#include <catch2/catch_test_macros.hpp>

#include "core/shell/syntax.hpp"
#include "tests/unit/shell/machine.hpp"

namespace {
std::string out(std::string_view line) {
  TestMachine m;
  const std::string text = m.run(line);
  return m.err.empty() ? text : text + "! " + m.err;
}
int exitOf(std::string_view line) {
  TestMachine m;
  int exit = -1;
  m.run(line, &exit);
  return exit;
}
}  // namespace

TEST_CASE("words are quoted, split and put together as in POSIX", "[shell]") {
  CHECK(out("echo a   b 'c   d' \"e  f\"") == "a b c   d e  f\n");
  CHECK(out("x='a  b'; echo $x; echo \"$x\"") == "a b\na  b\n");
  CHECK(out("x=1; echo \"$x\"'$x'\\$x${x}2") == "1$x$x12\n");
  CHECK(out("echo \"a\\nb\" 'a\\nb'; echo -e 'a\\tb'") == "a\\nb a\\nb\na\tb\n");
  CHECK(out("set -- a 'b c' d; echo $# $1 \"$2\"; for i in \"$@\"; do echo \"<$i>\"; done") ==
        "3 a b c\n<a>\n<b c>\n<d>\n");
  CHECK(out("set --; echo \"$@\" x; for i in \"$@\"; do echo no; done") == "x\n");
  CHECK(out("IFS=,; x=a,b,,c; for i in $x; do echo \"[$i]\"; done") == "[a]\n[b]\n[]\n[c]\n");
  CHECK(out("echo {1..3} x{a,b}y '{1,2}'") == "1 2 3 xay xby {1,2}\n");
  CHECK(out("e=; echo $e'' \"\" x | wc -c") == "4\n");
  CHECK(out("echo one \\\n two # not this") == "one two\n");
}

TEST_CASE("variables have their forms", "[shell]") {
  CHECK(out("echo ${x:-none} ${x-none}; x=; echo ${x:-none} ${x-none}.") == "none none\nnone .\n");
  CHECK(out("echo ${x:=set} $x; echo ${x:+alt} ${y:+alt}.") == "set set\nalt .\n");
  CHECK(out("f=/a/b.tar.gz; echo ${f##*/} ${f%.*} ${f%%.*} ${f#*/} ${#f}") == "b.tar.gz /a/b.tar /a/b a/b.tar.gz 11\n");
  CHECK(out("h=web-12; echo ${h##*-} $(( ${h##*-} + 100 )); echo ${h/web/db} ${h:0:3} ${h: -2}") ==
        "12 112\ndb-12 web 12\n");
  CHECK(out("[[ web-12 =~ -([0-9]+)$ ]] && echo ${BASH_REMATCH[1]}") == "12\n");
  CHECK(exitOf("echo ${x:?missing}") == 2);
  CHECK(out("A=1 B=$A; echo $A$B; A=2 sh -c 'echo $A'; echo $A") == "11\n2\n1\n");
  CHECK(out("export X=y; sh -c 'echo $X'; unset X; echo [$X]") == "y\n[]\n");
  CHECK(out("readonly R=1; (R=2); echo $R") == "1\n! sh: R: is read only\n");
}

TEST_CASE("commands put into words, and arithmetic", "[shell]") {
  CHECK(out("echo $(echo a; echo b) `echo c`") == "a b c\n");
  CHECK(out("echo \"$(echo \"in $(echo deep)\")\"") == "in deep\n");
  CHECK(out("x=$(false); echo $?; x=$(exit 3) ; echo $?") == "1\n3\n");
  CHECK(out("echo $((2+3*4)) $(((2+3)*4)) $((7/2)) $((7%3)) $((1<<4)) $((5>3&&2)) $((0?1:2))") == "14 20 3 1 16 1 2\n");
  CHECK(out("i=5; echo $((i++)) $i $((++i)) $((i+=3)); echo $((-i)) $((!0))") == "5 6 7 10\n-10 1\n");
  CHECK(out("echo $((9223372036854775807+1))") == "-9223372036854775808\n");
  CHECK(exitOf("echo $((1/0))") == 2);
  CHECK(out("echo $(cat <<E\nin\nE\n)") == "in\n");
}

TEST_CASE("lists, pipes and exit codes", "[shell]") {
  CHECK(out("true && echo yes || echo no; false && echo yes || echo no; ! false; echo $?") == "yes\nno\n0\n");
  CHECK(out("echo b; echo a | cat; (echo c; exit 4); echo $?") == "b\na\nc\n4\n");
  CHECK(out("printf 'b\\na\\n' | sort | head -n1") == "a\n");
  CHECK(out("false | true; echo $?; set -o pipefail; false | true; echo $?") == "0\n1\n");
  CHECK(out("{ echo a; echo b; } | wc -l") == "2\n");
  CHECK(exitOf("exit 7") == 7);
  CHECK(exitOf("nosuchthing") == 127);
  CHECK(out("nosuchthing") == "! sh: nosuchthing: not found\n");
  CHECK(out("set -e; false || echo tested; if false; then :; fi; echo on; false; echo never") == "tested\non\n");
  CHECK(exitOf("set -e; x=$(false); echo never") == 1);
  CHECK(out("sh -ec 'false; echo never'; echo $?") == "1\n");
}

TEST_CASE("compound commands", "[shell]") {
  CHECK(out("for i in 0 1; do echo web-$i; done") == "web-0\nweb-1\n");
  CHECK(out("i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done") == "0\n1\n2\n");
  CHECK(out("until false; do echo once; break; done; echo $?") == "once\n0\n");
  CHECK(out("for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done") == "1\n3\n");
  CHECK(out("for i in 1 2; do for j in a b; do [ $j = b ] && continue 2; echo $i$j; done; done") == "1a\n2a\n");
  CHECK(out("if [ 1 -gt 2 ]; then echo a; elif test x = x; then echo b; else echo c; fi") == "b\n");
  CHECK(out("if false; then echo a; else echo c; fi; if false; then echo a; fi; echo $?") == "c\n0\n");
  CHECK(out("if true; then echo a; elif true; then echo b; else echo c; fi") == "a\n");
  CHECK(out("case web-1 in db*) echo no;; web-[0-9]|x) echo yes;; *) echo other;; esac") == "yes\n");
  CHECK(out("f() { echo $1-$#; return 3; }; f a b; echo $?") == "a-2\n3\n");
  CHECK(out("f() { local x=in; echo $x; }; x=out; f; echo $x") == "in\nout\n");
  CHECK(out("printf 'a 1\\nb 2\\n' | while read n v; do echo $v:$n; done") == "1:a\n2:b\n");
  CHECK(out("while read -r l; do echo \"<$l>\"; done <<E\none two\nthree\nE") == "<one two>\n<three>\n");
  CHECK(out("eval 'echo a; echo b'; x='echo c'; $x") == "a\nb\nc\n");
}

TEST_CASE("redirections and here-documents", "[shell]") {
  CHECK(out("echo a > /tmp/f; echo b >> /tmp/f; cat < /tmp/f; cat /tmp/f | wc -l") == "a\nb\n2\n");
  CHECK(out("ls /none 2>/dev/null; ls /none 2>&1 | wc -l; echo x >&2") == "1\n! x\n");
  CHECK(out("x=1; cat <<E\n$x $(echo y) \\$x\nE\ncat <<'E'\n$x\nE\ncat <<-E\n\ttab\n\tE") == "1 y $x\n$x\ntab\n");
  CHECK(out("cat <<< word; { echo a; echo b >&2; } > /tmp/g 2>&1; cat /tmp/g") == "word\na\nb\n");
  CHECK(out("echo x > /nowhere/f; echo $?") == "1\n! sh: can't create /nowhere/f: nonexistent directory\n");
  CHECK(out("cat < /none; echo $?") == "1\n! sh: can't open /none: no such file\n");
  CHECK(out("exec > /tmp/o; echo hidden; exec 1>&2; echo y") == "! y\n");
}

TEST_CASE("file names are put in for patterns", "[shell]") {
  CHECK(out("cd /tmp; touch b.txt a.txt c.log; echo *.txt [bc]* no* '*'; cd /; echo tmp/?.log") ==
        "a.txt b.txt b.txt c.log no* *\ntmp/c.log\n");
}

TEST_CASE("time passes only where the host lets it", "[shell]") {
  TestMachine m;
  shell::Shell sh = shell::Shell::script("echo a; sleep 5; echo b; reach 9000; echo c");
  CHECK(sh.run(m) == shell::State::waits);
  CHECK(m.out == "a\n");
  CHECK(sh.wakeAt() == m.time + 5000);
  CHECK(sh.running() == std::vector<std::string>{"sleep", "5"});
  shell::Shell copy = sh;  // a copy goes on by itself
  m.time += 5000;
  CHECK(sh.run(m) == shell::State::waits);
  CHECK(m.out == "a\nb\n");
  m.time += 4000;
  CHECK(sh.run(m) == shell::State::ended);
  CHECK(m.out == "a\nb\nthere\nc\n");
  m.out.clear();
  CHECK(copy.run(m) == shell::State::ended);
  CHECK(m.out == "b\nthere\nc\n");
}

TEST_CASE("signals reach traps, and process 1 has no default for TERM", "[shell]") {
  TestMachine m;
  shell::Shell plain = shell::Shell::script("while true; do sleep 1; done");
  plain.run(m);
  CHECK_FALSE(plain.signal(15, true));
  CHECK(plain.run(m) == shell::State::waits);
  CHECK(plain.signal(9, true));
  CHECK(plain.run(m) == shell::State::ended);
  CHECK(plain.exit() == 137);
  shell::Shell trapped = shell::Shell::script("trap 'echo bye; exit 5' TERM; while true; do sleep 1; done");
  trapped.run(m);
  CHECK(trapped.signal(15, true));
  CHECK(trapped.run(m) == shell::State::waits);  // the trap runs once the sleep has ended
  m.time += 1000;
  CHECK(trapped.run(m) == shell::State::ended);
  CHECK(m.out == "bye\n");
  CHECK(trapped.exit() == 5);
  CHECK(out("trap 'echo end' EXIT; echo body; exit 3") == "body\nend\n");
}

TEST_CASE("jobs run beside", "[shell]") {
  TestMachine m;
  CHECK(m.run("(sleep 2; echo job) & echo main; wait; echo all") == "main\njob\nall\n");
}

TEST_CASE("an interactive shell prompts, reads on and is interrupted", "[shell]") {
  TestMachine m;
  shell::Shell sh = shell::Shell::interactive(true, "/ # ");
  CHECK(sh.run(m) == shell::State::reads);
  CHECK(m.out == "/ # ");
  sh.input("x=1; cd /tmp\npwd; echo $x\n");
  CHECK(sh.run(m) == shell::State::reads);
  CHECK(m.out == "/ # / # /tmp\n1\n/ # ");
  m.out.clear();
  sh.input("for i in a b\n");
  CHECK(sh.run(m) == shell::State::reads);
  CHECK(m.out == "> ");
  sh.input("do echo $i; done\n");
  sh.run(m);
  CHECK(m.out == "> a\nb\n/ # ");
  m.out.clear();
  sh.input("sleep 100; echo no\n");
  CHECK(sh.run(m) == shell::State::waits);
  sh.signal(2);
  CHECK(sh.run(m) == shell::State::reads);
  CHECK(m.out == "/ # ");
  m.out.clear();
  sh.input("echo $?\ncat\n");
  sh.run(m);
  sh.input("typed\n");
  CHECK(sh.run(m) == shell::State::reads);
  CHECK(m.out == "130\n/ # typed\n");
  sh.signal(2);
  sh.run(m);
  sh.input("fi\nexit 4\n");
  CHECK(sh.run(m) == shell::State::ended);
  CHECK(m.err == "sh: syntax error: unexpected \"fi\"\n");
  CHECK(sh.exit() == 4);
}

TEST_CASE("a command without a shell", "[shell]") {
  TestMachine m;
  shell::Shell sh = shell::Shell::command({"sh", "-c", "echo $0 $1", "name", "one"});
  CHECK(sh.run(m) == shell::State::ended);
  CHECK(m.out == "name one\n");
  shell::Shell none = shell::Shell::command({"nginx", "-g", "daemon off;"});
  CHECK(none.run(m) == shell::State::ended);
  CHECK(none.notFound());
  CHECK(m.err.empty());
}

TEST_CASE("mistakes are told as ash tells them", "[shell]") {
  CHECK(out("echo 'a").find("unterminated quoted string") != std::string::npos);
  CHECK(out("if true; done").find("syntax error: unexpected \"done\"") != std::string::npos);
  CHECK(out("echo )").find("syntax error: unexpected \")\"") != std::string::npos);
  CHECK(out("[ 1 -eq").find("missing ]") != std::string::npos);
  CHECK(out("[ a -eq 1 ]") == "! sh: [: a: bad number\n");
  CHECK(shell::parse("for i in 1 2; do").incomplete);
  CHECK(shell::parse("cat <<E\nx").incomplete);
  CHECK(shell::parse("echo \"a").incomplete);
  CHECK_FALSE(shell::parse("fi").incomplete);
}
