#pragma once
// Which texts may be names, labels, ports, keys: the formats of apimachinery pkg/util/validation and
// pkg/api/validate/content, with their sentences. Each check adds what is wrong to a list; empty means good.
#include <string>
#include <string_view>
#include <vector>

namespace api {

using Complaints = std::vector<std::string>;

Complaints isDNS1123Label(std::string_view);
Complaints isDNS1123Subdomain(std::string_view);
Complaints isDNS1123SubdomainWithUnderscore(std::string_view);
Complaints isDNS1035Label(std::string_view);
Complaints isWildcardDNS1123Subdomain(std::string_view);
Complaints isQualifiedName(std::string_view);  ///< a label's or annotation's key
Complaints isValidLabelValue(std::string_view);
Complaints isValidPortNum(int64_t);
Complaints isValidPortName(std::string_view);
Complaints isValidPercent(std::string_view);
Complaints isHTTPHeaderName(std::string_view);
Complaints isRelaxedEnvVarName(std::string_view);
Complaints isConfigMapKey(std::string_view);
Complaints isValidUserID(int64_t);
Complaints isValidIPv4OrIPv6(std::string_view);

/// The same questions where only the answer counts: nothing is allocated.
bool goodDNS1123Label(std::string_view);
bool goodDNS1123Subdomain(std::string_view);
bool goodLabelKey(std::string_view);
bool goodLabelValue(std::string_view);

std::string maxLenError(int length);
std::string inclusiveRangeError(int64_t low, int64_t high);
/// "msg (e.g. 'a',  or 'b', regex used for validation is 'fmt')"
std::string regexError(std::string_view message, std::string_view format,
                       std::initializer_list<std::string_view> examples);

/// A text as Go's %q prints it.
std::string quote(std::string_view);

}  // namespace api
