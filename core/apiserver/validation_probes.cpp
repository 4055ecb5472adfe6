// Probes and hooks. Models pkg/apis/core/validation validateProbe, validateLifecycle and what they call.
#include "core/apiserver/validation_check.hpp"

namespace apiserver {
using namespace api;

namespace {
void httpGet(Check& c, const Value& http) {
  if (textOf(http, key::path).empty()) c.required(key::path, "");
  {
    auto p = c.at(key::port);
    c.portNumberOrName(http[key::port]);
  }
  if (const std::string_view scheme = textOf(http, key::scheme); scheme != "HTTP" && scheme != "HTTPS") {
    auto s = c.at(key::scheme);
    c.notSupported(show(scheme), {"HTTP", "HTTPS"});
  }
  auto h = c.at(key::httpHeaders);
  for (const Value& header : http[key::httpHeaders].values())
    c.complain(textOf(header, key::name), isHTTPHeaderName(textOf(header, key::name)));
}

void handler(Check& c, const Value& h, const Value& gracePeriod) {
  int handlers = 0;
  for (Key k : {Key(key::exec), Key(key::httpGet), Key(key::tcpSocket), Key(key::grpc), Key(key::sleep)}) {
    const Value* v = h.find(k);
    if (!v) continue;
    auto s = c.at(k);
    if (handlers++) {
      c.forbidden("may not specify more than 1 handler type");
    } else if (k == Key(key::exec)) {
      if (!(*v)[key::command].size()) c.required(key::command, "");
    } else if (k == Key(key::httpGet)) {
      httpGet(c, *v);
    } else if (k == Key(key::sleep)) {
      const int64_t seconds = (*v)[key::seconds].asInt();
      if (!gracePeriod.isNull() && (seconds < 0 || seconds > gracePeriod.asInt()))
        c.invalid(seconds, "must be non-negative and less than terminationGracePeriodSeconds (" +
                               std::to_string(gracePeriod.asInt()) + ")");
    } else {
      auto p = c.at(key::port);
      c.portNumberOrName((*v)[key::port]);
    }
  }
  if (!handlers) c.required("must specify a handler type");
}
}  // namespace

void checkProbe(Check& c, const Value& container, Key k, const Value& gracePeriod) {
  const Value* p = container.find(k);
  if (!p) return;
  auto s = c.at(k);
  handler(c, *p, gracePeriod);
  for (Key n : {Key(key::initialDelaySeconds), Key(key::timeoutSeconds), Key(key::periodSeconds),
                Key(key::successThreshold), Key(key::failureThreshold)})
    c.nonNegative(*p, n);
  const Value& grace = (*p)[key::terminationGracePeriodSeconds];
  if (!grace.isNull() && grace.asInt() <= 0)
    c.invalid(key::terminationGracePeriodSeconds, grace, "must be greater than 0");
  if (k == Key(key::readinessProbe)) {
    if (!grace.isNull()) c.invalid(key::terminationGracePeriodSeconds, grace, "must not be set for readinessProbes");
  } else if ((*p)[key::successThreshold].asInt() != 1) {
    c.invalid(key::successThreshold, (*p)[key::successThreshold], "must be 1");
  }
}

void checkLifecycle(Check& c, const Value& container, const Value& gracePeriod) {
  const Value* l = container.find(key::lifecycle);
  if (!l) return;
  auto s = c.at(key::lifecycle);
  for (Key k : {Key(key::postStart), Key(key::preStop)}) {
    const Value* h = l->find(k);
    if (!h) continue;
    auto p = c.at(k);
    handler(c, *h, gracePeriod);
  }
}

}  // namespace apiserver
