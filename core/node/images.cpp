#include "core/node/images.hpp"

#include <algorithm>
#include <cstdlib>

namespace node {
namespace {
using api::Key;
using api::Value;
using Kind = Program::Kind;

struct Known {
  std::string_view images;  ///< each between blanks
  Program program;
};
constexpr Known table[] = {
    {" nginx nginx-slim nginx-unprivileged ",
     {Kind::webServer, "nginx", "/usr/share/nginx/html", 80, 0, "nginx: master process nginx -g daemon off;",
      " nginx nginx-debug ", 100, 500, true}},
    {" httpd apache ",
     {Kind::webServer, "httpd", "/usr/local/apache2/htdocs", 80, 0, "httpd -DFOREGROUND",
      " httpd httpd-foreground apachectl ", 200, 500, true}},
    {" caddy ",
     {Kind::webServer, "caddy", "/usr/share/caddy", 80, 443,
      "caddy run --config /etc/caddy/Caddyfile --adapter caddyfile", " caddy ", 200, 500, true}},
    {" agnhost e2e-test-images ",
     {Kind::webServer, "agnhost", "", 8080, 0, "/agnhost netexec", " agnhost ", 100, 500, true}},
    {" hostnames serve_hostname serve-hostname ",
     {Kind::webServer, "hostnames", "", 9376, 0, "/serve_hostname", " serve_hostname ", 100, 500, true}},
    {" hello-app echoserver echo-server http-echo whoami ",
     {Kind::webServer, "hello", "", 8080, 0, "/hello-app", " hello-app ", 100, 500, true}},
    {" mysql mariadb percona ",
     {Kind::recordStore, "mysql", "/var/lib/mysql", 3306, 33060, "mysqld", " mysqld mysql mysqladmin mariadbd mariadb ",
      2000, 2000, true}},
    {" postgres postgresql ",
     {Kind::recordStore, "postgres", "/var/lib/postgresql/data", 5432, 0, "postgres", " postgres psql pg_isready ",
      2000, 1000, true}},
    {" redis valkey ",
     {Kind::recordStore, "redis", "/data", 6379, 0, "redis-server *:6379",
      " redis-server redis-cli valkey-server valkey-cli ", 200, 500, true}},
    {" mongo mongodb ",
     {Kind::recordStore, "mongo", "/data/db", 27017, 0, "mongod --bind_ip_all", " mongod mongosh mongo ", 2000, 1000,
      true}},
    {" cassandra ",
     {Kind::recordStore, "cassandra", "/var/lib/cassandra", 9042, 7000,
      "java org.apache.cassandra.service.CassandraDaemon", " cassandra cqlsh nodetool run.sh ", 3000, 2000, true}},
    {" zookeeper kubernetes-zookeeper ",
     {Kind::recordStore, "zookeeper", "/var/lib/zookeeper", 2181, 3888,
      "java org.apache.zookeeper.server.quorum.QuorumPeerMain /opt/zookeeper/conf/zoo.cfg",
      " zkServer.sh zkCli.sh start-zookeeper zookeeper-ready ", 1000, 1000, true}},
    {" etcd ", {Kind::recordStore, "etcd", "/var/lib/etcd", 2379, 2380, "etcd", " etcd etcdctl ", 500, 500, true}},
    {" record-store ",
     {Kind::recordStore, "store", "/data", 9000, 0, "record-store", " record-store ", 200, 500, true}},
    {" busybox alpine debian ubuntu centos fedora bash toybox curl netshoot dnsutils jessie-dnsutils perl "
     "python "
     "kubectl ",
     {Kind::shell, "", "", 0, 0, "sh", "", 0, 500, true}},
    {" xtrabackup ",
     {Kind::shell, "xtrabackup", "", 0, 0, "sh", " xtrabackup xbstream mysql mysqladmin ", 0, 500, true}},
    {" pause ", {Kind::sleep, "pause", "", 0, 0, "/pause", " pause ", 0, 100, true}},
};
constexpr Program unknown{Kind::sleep, "", "", 0, 0, "sleep infinity", "", 0, 500, false};

bool listed(std::string_view list, std::string_view word) {
  const size_t at = list.find(" " + std::string(word) + " ");
  return !word.empty() && at != list.npos;
}

std::string_view lastPart(std::string_view image) {
  image = image.substr(0, image.find('@'));
  image.remove_prefix(image.rfind('/') + 1);
  return image.substr(0, image.find(':'));
}

constexpr std::string_view folders[] = {"/bin", "/dev",     "/etc",      "/home",    "/proc",    "/root",
                                        "/run", "/sbin",    "/sys",      "/tmp",     "/usr/bin", "/var",
                                        "/opt", "/var/log", "/usr/sbin", "/var/run", "/mnt",     "/srv"};

struct ImageFile {
  std::string_view program, path, text;
};
constexpr ImageFile files[] = {
    {"nginx", "/usr/share/nginx/html/index.html",
     "<!DOCTYPE html>\n<html>\n<head>\n<title>Welcome to nginx!</title>\n</head>\n<body>\n<h1>Welcome to nginx!</h1>\n"
     "<p>This page comes with the image: nothing else has been put here.</p>\n</body>\n</html>\n"},
    {"nginx", "/usr/share/nginx/html/50x.html",
     "<!DOCTYPE html>\n<html>\n<head>\n<title>Error</title>\n</head>\n<body>\n<h1>An error occurred.</h1>\n</body>\n"
     "</html>\n"},
    {"nginx", "/etc/nginx/nginx.conf",
     "user nginx;\nworker_processes auto;\nhttp {\n    access_log /var/log/nginx/access.log main;\n"
     "    include /etc/nginx/conf.d/*.conf;\n}\n"},
    {"nginx", "/etc/nginx/conf.d/default.conf",
     "server {\n    listen       80;\n    server_name  localhost;\n    location / {\n        root   "
     "/usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n"},
    {"httpd", "/usr/local/apache2/htdocs/index.html", "<html><body><h1>It works!</h1></body></html>\n"},
    {"httpd", "/usr/local/apache2/conf/httpd.conf",
     "ServerRoot \"/usr/local/apache2\"\nListen 80\nDocumentRoot \"/usr/local/apache2/htdocs\"\n"},
    {"caddy", "/usr/share/caddy/index.html", "<!DOCTYPE html>\n<title>Caddy works!</title>\n<h1>Caddy works!</h1>\n"},
    {"caddy", "/etc/caddy/Caddyfile", ":80\nroot * /usr/share/caddy\nfile_server\n"},
    // The scripts that these images bring, so that they can be read, broken and repaired.
    {"zookeeper", "/usr/bin/start-zookeeper",
     "#!/bin/sh\n# Writes this server's configuration from its options and its host's name, and becomes the server.\n"
     "servers=1 client_port=2181 server_port=2888 election_port=3888 tick_time=2000 init_limit=10 sync_limit=5\n"
     "data_dir=/var/lib/zookeeper/data data_log_dir=/var/lib/zookeeper/log conf_dir=/opt/zookeeper/conf\n"
     "max_client_cnxns=60 min_session_timeout=4000 max_session_timeout=40000 snap_retain_count=3 purge_interval=0\n"
     "heap=2G log_level=INFO\n"
     "for option; do\n  option=${option#--}\n  eval \"${option%%=*}='${option#*=}'\"\ndone\n"
     "host=$(hostname -s) domain=$(hostname -d)\nordinal=${host##*-} name=${host%-*}\n"
     "mkdir -p $data_dir $data_log_dir $conf_dir /usr/etc/zookeeper\necho $((ordinal + 1)) > $data_dir/myid\n"
     "{\n  echo clientPort=$client_port\n  echo dataDir=$data_dir\n  echo dataLogDir=$data_log_dir\n"
     "  echo tickTime=$tick_time\n  echo initLimit=$init_limit\n  echo syncLimit=$sync_limit\n"
     "  echo maxClientCnxns=$max_client_cnxns\n  echo minSessionTimeout=$min_session_timeout\n"
     "  echo maxSessionTimeout=$max_session_timeout\n  echo autopurge.snapRetainCount=$snap_retain_count\n"
     "  echo autopurge.purgeInterval=$purge_interval\n  i=0\n  while [ $i -lt $servers ]; do\n"
     "    echo server.$((i + 1))=$name-$i.$domain:$server_port:$election_port\n    i=$((i + 1))\n  done\n"
     "} > $conf_dir/zoo.cfg\n"
     "cat > $conf_dir/log4j.properties <<END\nzookeeper.root.logger=CONSOLE\nzookeeper.console.threshold=$log_level\n"
     "log4j.rootLogger=\\${zookeeper.root.logger}\nlog4j.appender.CONSOLE=org.apache.log4j.ConsoleAppender\n"
     "log4j.appender.CONSOLE.Threshold=\\${zookeeper.console.threshold}\n"
     "log4j.appender.CONSOLE.layout=org.apache.log4j.PatternLayout\nlog4j.appender.CONSOLE.layout.ConversionPattern="
     "%d{ISO8601} [myid:%X{myid}] - %-5p [%t:%C{1}@%L] - %m%n\nEND\n"
     "cp $conf_dir/* /usr/etc/zookeeper\nexec zkServer.sh start-foreground\n"},
    {"zookeeper", "/usr/bin/zookeeper-ready",
     "#!/bin/sh\n# Asks the server on this port whether it is well.\n[ \"$(echo ruok | nc 127.0.0.1 $1)\" = imok ]\n"},
    {"cassandra", "/ready-probe.sh",
     "#!/bin/sh\n# Whether the ring counts this pod as up.\nif nodetool status | grep \"^UN *$POD_IP \" > /dev/null; "
     "then\n"
     "  exit 0\nfi\necho Not Up\nexit 1\n"},
};

Value filesOf(const Program& program) {
  Value out = Value::object({});
  for (std::string_view folder : folders) out.set(Key(folder), true);
  if (!program.dataDirectory.empty()) out.set(Key(program.dataDirectory), true);
  for (std::string_view rest = program.executables; rest.size() > 1;) {
    rest.remove_prefix(1);
    const std::string_view name = rest.substr(0, rest.find(' '));
    out.set(Key(executablePath(name)),
            "\x7f"
            "ELF" +
                std::string(name));
    rest.remove_prefix(name.size());
  }
  for (const ImageFile& f : files) {
    if (f.program == program.name) out.set(Key(f.path), f.text);
  }
  const bool small = program.kind == Kind::shell;
  out.set(Key("/etc/passwd"), small ? "root:x:0:0:root:/root:/bin/sh\n"
                                    : "root:x:0:0:root:/root:/bin/bash\n"
                                      "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n");
  out.set(Key("/etc/group"), "root:x:0:\n");
  out.set(Key("/etc/os-release"),
          small ? "NAME=\"Simulated Linux\"\nID=simulated\n" : "NAME=\"Simulated GNU/Linux\"\nID=simulated\n");
  return out;
}
}  // namespace

const Program& programOf(std::string_view image) {
  const std::string_view name = lastPart(image);
  for (const Known& k : table) {
    if (listed(k.images, name)) return k.program;
  }
  return unknown;
}

ImageName parseImageName(std::string_view image) {
  ImageName out;
  const size_t digest = image.find('@'), slash = image.rfind('/', digest);
  size_t colon = image.find(':', slash == image.npos ? 0 : slash);
  const size_t end = std::min(digest, colon);
  std::string_view name = image.substr(0, std::min(end, image.size()));
  out.tag = end == image.npos ? ":latest" : std::string(image.substr(end));
  const auto good = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-' || c == '/' || c == ':';
  };
  const auto goodTag = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-' || c == ':' || c == '@';
  };
  const size_t first = name.find('/');
  const std::string_view host = first == name.npos ? std::string_view() : name.substr(0, first);
  const bool hasHost = host.find_first_of(".:") != host.npos || host == "localhost";
  const std::string_view path = hasHost ? name.substr(first + 1) : name;
  out.valid = !path.empty() && std::all_of(path.begin(), path.end(), good) && path.find("//") == path.npos &&
              path.find(':') == path.npos && path.back() != '/' && out.tag.size() > 1 &&
              std::all_of(out.tag.begin(), out.tag.end(), goodTag);
  out.repository = name;
  if (!hasHost) out.repository = (first == name.npos ? "docker.io/library/" : "docker.io/") + out.repository;
  return out;
}

static bool looksMissing(std::string_view image) {
  for (std::string_view sign : {"does-not-exist", "doesnotexist", "doesntexist", "no-such", "nosuch", "non-exist",
                                "nonexist", "not-exist", "notexist", "not-found", "notfound", "no-image"}) {
    if (image.find(sign) != image.npos) return true;
  }
  const Program& program = programOf(image);
  if (!program.known) return false;
  const std::string tag = parseImageName(image).tag.substr(1);
  for (std::string_view sign : {"bad", "wrong", "typo", "broken", "invalid", "missing", "fake"}) {
    if (tag.find(sign) != tag.npos) return true;
  }
  // nginx has had the minor versions 0 to 29 so far; a number far beyond is a slip of the hand.
  if (program.name != "nginx" || tag.substr(0, 2) != "1.") return false;
  return std::strtol(tag.c_str() + 2, nullptr, 10) > 60;
}

// The replicas of a set ask for the same image one after the other.
bool isMissingImage(std::string_view image) {
  static std::string last;
  static bool missing = looksMissing(last);
  if (image != last) {
    last = image;
    missing = looksMissing(image);
  }
  return missing;
}

const Value& imageFiles(const Program& program) {
  static std::vector<std::pair<const Program*, Value>> made;
  for (const auto& [p, v] : made) {
    if (p == &program) return v;
  }
  if (made.capacity() < 32) made.reserve(32);
  made.emplace_back(&program, filesOf(program));
  return made.back().second;
}

std::string executablePath(std::string_view command) {
  return "/usr/bin/" + std::string(command.substr(command.rfind('/') + 1));
}

bool hasCommand(const Program& program, std::string_view command) {
  return listed(program.executables, command.substr(command.rfind('/') + 1));
}

}  // namespace node
