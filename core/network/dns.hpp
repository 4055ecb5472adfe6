#pragma once
// The cluster's DNS: what CoreDNS answers for names in cluster.local from Services and EndpointSlices. Read by the
// shell's nslookup and dig and by the canvas. Models CoreDNS plugin/kubernetes (with pods insecure, ttl 30).
// NOT MODELLED: IPv6 records, wildcards, names outside the cluster.
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/store/store.hpp"

namespace network {

enum class RecordType : uint8_t { A, SRV, CNAME, PTR };
std::string_view text(RecordType);

struct DnsRecord {
  std::string name;  ///< as asked, without the last dot
  RecordType type = RecordType::A;
  std::string data;                        ///< an address or a name; of SRV the target
  int priority = 0, weight = 0, port = 0;  ///< of SRV
  friend bool operator==(const DnsRecord&, const DnsRecord&) = default;
};

struct DnsAnswer {
  enum class Code : uint8_t { noError, nameError } code = Code::noError;  ///< nameError is NXDOMAIN
  std::vector<DnsRecord> answers;
  std::vector<DnsRecord> additional;  ///< the addresses of SRV targets
};

inline constexpr std::string_view clusterDomain = "cluster.local";
inline constexpr std::string_view dnsAddress = "10.96.0.10";

/// The answer to one question; the name is complete ("web.default.svc.cluster.local"), a dot at its end is allowed.
DnsAnswer resolve(const store::Objects&, std::string_view name, RecordType);

/// The names that a pod's resolver tries for what a program asked (ndots:5 and the search list of its namespace).
std::vector<std::string> searchNames(std::string_view ns, std::string_view name);
/// The first of them that has an answer; else the answer to the last, and `asked` says which name it was.
DnsAnswer lookup(const store::Objects&, std::string_view ns, std::string_view name, RecordType, std::string& asked);

/// The stable name of a pod with hostname and subdomain: "web-0.nginx.default.svc.cluster.local"; "" where it has none.
std::string podName(const api::Pod&);

}  // namespace network
