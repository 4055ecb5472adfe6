// The commands of the shell, with the words of the programs they stand for.
#include <catch2/catch_test_macros.hpp>

#include "core/shell/match.hpp"
#include "tests/unit/shell/machine.hpp"

namespace {
std::string out(std::string_view line, const std::string& tools = "gnu") {
  TestMachine m;
  m.tools = tools;
  const std::string text = m.run(line);
  return m.err.empty() ? text : text + "! " + m.err;
}
const std::string rows = "printf 'NAME READY AGE\\nweb-0 1/1 30\\nweb-1 0/1 4\\nweb-10 1/1 100\\n'";
}  // namespace

TEST_CASE("patterns", "[shell]") {
  CHECK(shell::globMatches("web-*", "web-0"));
  CHECK(shell::globMatches("*a*b*", "xxaxxbxx"));
  CHECK_FALSE(shell::globMatches("[!a]?", "ab"));
  CHECK(shell::globMatches("\\*", "*"));
  shell::Regex r;
  REQUIRE(r.compile("^(web|db)-([0-9]{1,2})$", true));
  shell::Regex::Match m;
  REQUIRE(r.search("db-12", 0, m));
  CHECK(m.of("db-12", 1) == "db");
  CHECK(m.of("db-12", 2) == "12");
  CHECK_FALSE(r.matches("db-123"));
  REQUIRE(r.compile("a\\(b*\\)c\\|x\\+", false));
  CHECK(r.matches("ac"));
  CHECK(r.matches("yxx"));
  CHECK_FALSE(r.matches("ab"));
  CHECK_FALSE(r.compile("a(b", true));
  REQUIRE(r.compile("(a*)*b", true));
  CHECK_FALSE(r.matches(std::string(3000, 'a')));
}

TEST_CASE("grep", "[shell]") {
  CHECK(out(rows + " | grep web-1") == "web-1 0/1 4\nweb-10 1/1 100\n");
  CHECK(out(rows + " | grep -c web; " + rows + " | grep -v web") == "3\nNAME READY AGE\n");
  CHECK(out(rows + " | grep -iE 'name|WEB-0'") == "NAME READY AGE\nweb-0 1/1 30\n");
  CHECK(out(rows + " | grep -o '[0-9]*/[0-9]*'") == "1/1\n0/1\n1/1\n");
  CHECK(out(rows + " | grep -w web-1 | grep -n 0/1") == "1:web-1 0/1 4\n");
  CHECK(out(rows + " | grep -q nothing; echo $?; " + rows + " | grep -q web && echo yes") == "1\nyes\n");
  CHECK(out(rows + " | grep -A1 READY") == "NAME READY AGE\nweb-0 1/1 30\n");
}

TEST_CASE("awk", "[shell]") {
  CHECK(out(rows + " | awk '{print $1}'") == "NAME\nweb-0\nweb-1\nweb-10\n");
  CHECK(out(rows + " | awk 'NR>1 && $3 > 20 {print $1\":\"$NF, NR, NF}'") == "web-0:30 2 3\nweb-10:100 4 3\n");
  CHECK(out("echo a:b:c | awk -F: '{print $2; $2=\"x\"; print}'") == "b\na x c\n");
  CHECK(out(rows + " | awk '/web/ {n++; s+=$3} END {print n, s, s/n}'") == "3 134 44.6667\n");
  CHECK(out("echo 'b a b' | awk '{for(i=1;i<=NF;i++) c[$i]++; for (k in c) printf \"%s=%d\\n\", k, c[k]}'") ==
        "a=1\nb=2\n");
  CHECK(out("awk 'BEGIN {x=\"web-12\"; sub(/web/,\"db\",x); n=split(x,p,\"-\"); print x, n, p[2], length(x), "
            "substr(x,1,2), toupper(x)}'") == "db-12 2 12 5 db DB-12\n");
  CHECK(out("awk -v n=3 'BEGIN { while (i < n) { if (i == 1) { i++; continue } print i++ } exit 2 }'; echo $?") ==
        "0\n2\n2\n");
  CHECK(out("printf 'a\\nb\\nc\\n' | awk '/a/,/b/'") == "a\nb\n");
  CHECK(out("echo | awk '{print 1==1 ? \"y\" : \"n\", 2^3, 7%4, -3, !0}'") == "y 8 3 -3 1\n");
}

TEST_CASE("sed", "[shell]") {
  CHECK(out("echo aaa | sed 's/a/b/'; echo aaa | sed 's/a/b/g'; echo aaa | sed 's/a/b/2'") == "baa\nbbb\naba\n");
  CHECK(out("echo web-0 | sed -E 's/(.*)-([0-9]+)/\\2 of \\1 &/'") == "0 of web web-0\n");
  CHECK(out("printf '1\\n2\\n3\\n' | sed -n '2p;$p'; printf '1\\n2\\n3\\n' | sed '1d;/3/d'") == "2\n3\n2\n");
  CHECK(out("echo x > /tmp/f; sed -i 's|x|y/z|' /tmp/f; cat /tmp/f") == "y/z\n");
  CHECK(out("printf 'a\\nb\\n' | sed '2i\\\nnew' | sed 's/^/> /;y/ab/AB/'") == "> A\n> new\n> B\n");
  CHECK(out("seq 5 | sed -n '2,4{s/3/three/;p}'") == "2\nthree\n4\n");
}

TEST_CASE("sort, uniq, cut, tr, head, tail, wc", "[shell]") {
  CHECK(out("printf '10\\n9\\n1\\n9\\n' | sort -n -u; printf '10\\n9\\n' | sort") == "1\n9\n10\n10\n9\n");
  CHECK(out(rows + " | tail -n +2 | sort -k3 -n -r | cut -d' ' -f1,3") == "web-10 100\nweb-0 30\nweb-1 4\n");
  CHECK(out("printf 'a\\na\\nb\\n' | uniq -c; echo abc | cut -c2-3") == "      2 a\n      1 b\nbc\n");
  CHECK(out("echo 'Hello World' | tr a-z A-Z | tr -d ' '; echo aab | tr -s a") == "HELLOWORLD\nab\n");
  CHECK(out("seq 20 | head -3 | tail -1; seq 3 | tail -n 1; seq 3 | head -c 2") == "3\n3\n1\n");
  CHECK(out("echo 'a b' | wc; echo 'a b' | wc -w") == "      1       2       4\n2\n");
  CHECK(out("head -c 5 /dev/zero | wc -c; head -c 9 /dev/urandom | wc -c; cat /dev/null | wc -c") == "5\n9\n0\n");
  CHECK(out("tr -dc a-z < /dev/urandom | head -c 12 | wc -c") == "12\n");
  CHECK(out("echo hello | base64; echo aGVsbG8K | base64 -d; echo abc | rev; seq 2 | tac") ==
        "aGVsbG8K\nhello\ncba\n2\n1\n");
}

TEST_CASE("files", "[shell]") {
  CHECK(out("mkdir -p /data/a/b; echo x > /data/a/b/f; cp -r /data/a /tmp/c; cat /tmp/c/b/f; ls /tmp/c; rm -r /data/a; "
            "ls /data") == "x\nb\n");
  CHECK(out("mkdir /data; cat /none; rm /none; ls /none").find("cannot create directory '/data': File exists") !=
        std::string::npos);
  CHECK(out("cat /none") == "! cat: /none: No such file or directory\n");
  CHECK(out("cat /none", "busybox") == "! cat: can't open '/none': No such file or directory\n");
  CHECK(out("cd /tmp; echo 1 > a; mv a b; ls; test -e a || echo gone; [ -s b ] && echo full; find /tmp -name 'b*'") ==
        "b\ngone\nfull\n/tmp/b\n");
  CHECK(
      out("cd /tmp; touch x y; find . -type f -exec echo f {} \\; ; ls | xargs -n1 echo n; ls | xargs -I% echo [%]") ==
      "f ./x\nf ./y\nn x\nn y\n[x]\n[y]\n");
  CHECK(out("df -h /data/x") ==
        "Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda        1.0G  1.0M 1023M   1% /data\n");
  TestMachine m;
  m.room = 4;
  m.run("echo long enough > /data/f; echo $?");
  CHECK(m.out == "1\n");
  CHECK(m.err == "sh: write error: No space left on device\n");
}

TEST_CASE("words about time and the machine", "[shell]") {
  CHECK(out("date +%Y-%m-%dT%H:%M:%S; date -u") == "2001-09-09T01:46:40\nSun Sep  9 01:46:40 UTC 2001\n");
  CHECK(out("hostname; id -u; whoami; uname; basename /a/b.txt .txt; dirname /a/b; seq -s, 1 3") ==
        "web-0\n0\nroot\nLinux\nb\n/a\n1,2,3\n");
  CHECK(out("printf '%s-%03d|%-5s|%5.1f\\n' a 7 b 2.25; printf '%s\\n' x y") == "a-007|b    |  2.2\nx\ny\n");
  CHECK(out("kill 1; kill -9 99; echo $?") == "1\n! sh: can't kill pid 99: No such process\n");
  CHECK(out("env A=1 sh -c 'echo $A'; which cat nosuch; type cd; expr 2 \\* 3") ==
        "1\n/bin/cat\ncd is a shell builtin\n6\n");
}

TEST_CASE("names, as each tool set tells them", "[shell]") {
  CHECK(out("nslookup web-0.nginx", "busybox-1.28") ==
        "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\nName:      "
        "web-0.nginx\nAddress 1: 10.244.1.6 "
        "web-0.nginx.default.svc.cluster.local\n");
  CHECK(out("nslookup none; echo $?", "busybox-1.28") ==
        "Server:    10.96.0.10\nAddress 1: 10.96.0.10 kube-dns.kube-system.svc.cluster.local\n\n1\n! nslookup: can't "
        "resolve 'none'\n");
  CHECK(out("nslookup none", "busybox") ==
        "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n** server can't find none: NXDOMAIN\n\n");
  CHECK(out("nslookup web-0.nginx") ==
        "Server:\t\t10.96.0.10\nAddress:\t10.96.0.10#53\n\nName:\tweb-0.nginx.default.svc.cluster.local\nAddress: "
        "10.244.1.6\n\n");
  CHECK(out("dig +short web-0.nginx.default.svc.cluster.local; dig +short none") == "10.244.1.6\n");
  CHECK(out("host none") == "Host none not found: 3(NXDOMAIN)\n");
}

TEST_CASE("requests", "[shell]") {
  CHECK(out("curl http://localhost/; curl -s -o /dev/null -w '%{http_code}\\n' localhost/x") == "web-0\n404\n");
  CHECK(out("curl nobody; echo $?") == "6\n! curl: (6) Could not resolve host: nobody\n");
  CHECK(out("curl localhost:81; echo $?").find("(7) Failed to connect to localhost port 81") != std::string::npos);
  CHECK(out("curl -f -s localhost/x; echo $?") == "22\n");
  CHECK(out("wget -qO- web-0.nginx; wget -q -O /tmp/f web-0.nginx; cat /tmp/f") == "web-0\nweb-0\n");
  CHECK(out("wget nobody") == "! wget: bad address 'nobody'\n");
  CHECK(out("ping -c 2 web-0.nginx", "busybox") ==
        "PING web-0.nginx (10.244.1.6): 56 data bytes\n64 bytes from 10.244.1.6: seq=0 ttl=63 time=0.060 ms\n64 bytes "
        "from "
        "10.244.1.6: seq=1 ttl=63 time=0.061 ms\n\n--- web-0.nginx ping statistics ---\n2 packets transmitted, 2 "
        "packets received, "
        "0% packet loss\nround-trip min/avg/max = 0.060/0.064/0.068 ms\n");
  CHECK(out("nc -zv web-0.nginx 80; nc -z web-0.nginx 81; echo $?; echo ruok | nc localhost 2181") ==
        "1\nimok! web-0.nginx (10.244.1.6) 80 open\n");
}

TEST_CASE("clients of stores", "[shell]") {
  TestMachine m;
  CHECK(m.run("mysql -h mysql-0.mysql <<E\nCREATE DATABASE test;\nINSERT INTO t VALUES ('a;b');\nE") == "");
  CHECK(m.statements == std::vector<std::string>{"CREATE DATABASE test", "INSERT INTO t VALUES ('a;b')"});
  CHECK(m.run("mysql -h mysql-read -e 'SELECT * FROM t'") == "message\nhello\n");
  CHECK(m.run("psql -U postgres -c 'SELECT 1'") == " message \n---------\n hello\n(1 row)\n\n");
  CHECK(m.run("redis-cli GET a") == "hello\n");
  shell::Shell sh = shell::Shell::interactive(true, "");
  sh.input("mysql -e 'SELECT 1'\nredis-cli GET a\n");
  m.out.clear();
  sh.run(m);
  CHECK(m.out == "+---------+\n| message |\n+---------+\n| hello   |\n+---------+\n\"hello\"\n");
  m.run("mysql -h nobody -e 'SELECT 1'");
  CHECK(m.err == "ERROR 2003 (HY000): Can't connect to MySQL server on 'nobody' (111)\n");
}
