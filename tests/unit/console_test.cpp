// The console: a shell with kubectl in it, over a session.
#include <catch2/catch_test_macros.hpp>

#include <algorithm>

#include "tests/unit/console_fixture.hpp"

TEST_CASE("a line is a shell's, and kubectl is one of its commands", "[console]") {
  sim::Session session;
  console::Console c;
  CHECK(c.run(session, web).out == "service/nginx created\nstatefulset.apps/web created\n");
  CHECK(c.run(session, "kubectl rollout status sts/web | tail -1").exit == 0);
  CHECK(c.run(session, "kubectl get pods | awk 'NR>1 {print $1}' | sort -r").out == "web-1\nweb-0\n");
  CHECK(c.run(session, "for i in 0 1; do kubectl get pod web-$i -o name; done").out == "pod/web-0\npod/web-1\n");
  CHECK(c.run(session, "n=$(kubectl get pods --no-headers | wc -l); echo $((n * 2))").out == "4\n");
  CHECK(c.run(session, "kubectl get pods | grep -c nothing").exit == 1);
  const sim::Output wrong = c.run(session, "kubectl get pod nobody || echo no");
  CHECK(wrong.err == "Error from server (NotFound): pods \"nobody\" not found\n");
  CHECK(wrong.out == "no\n");
  CHECK(c.run(session, "kubectl get pods 2>&1 | head -n 1 > /tmp/f; cat /tmp/f").out ==
        "NAME    READY   STATUS    RESTARTS   AGE\n");
}

TEST_CASE("a command may take several lines, and reads a here-document", "[console]") {
  sim::Session session;
  console::Console c;
  CHECK(c.run(session, "kubectl apply -f - <<EOF").out.empty());
  CHECK(c.continues());
  for (const char* line : {"apiVersion: v1", "kind: ConfigMap", "metadata:", "  name: x"}) c.run(session, line);
  CHECK(c.run(session, "EOF").out == "configmap/x created\n");
  CHECK_FALSE(c.continues());
}

TEST_CASE("the open manifests are files", "[console]") {
  sim::Session session;
  console::Console c;
  session.setFile("cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\ndata:\n  a: old\n");
  CHECK(c.run(session, "ls; grep -c kind cm.yaml").out == "cm.yaml  \n1\n");
  CHECK(c.run(session, "kubectl apply -f cm.yaml").out == "configmap/x created\n");
  CHECK(c.run(session, "sed -i s/old/new/ cm.yaml && kubectl apply -f ./cm.yaml").out == "configmap/x configured\n");
  CHECK(has(session.files()[0].second, "a: new"));
  CHECK(c.run(session, "KUBE_EDITOR='sed -i s/new/newer/' kubectl edit cm x").out == "configmap/x edited\n");
  CHECK(c.run(session, "kubectl get cm x -o jsonpath='{.data.a}'").out == "newer");
  CHECK(has(c.run(session, "kubectl edit cm x").out, "opened kubectl-edit-configmap-x.yaml in the editor"));
  CHECK(session.files().size() == 2);
  c.run(session, "rm cm.yaml");
  CHECK(session.files().size() == 1);
}

TEST_CASE("time passes while a line waits", "[console]") {
  sim::Session session;
  console::Console c;
  const api::Millis start = session.time();
  c.run(session, "sleep 5");
  CHECK(session.time() == start + 5000);
  CHECK(c.run(session, "while :; do sleep 1; done").exit == 130);
  CHECK(has(c.run(session, "while :; do :; done").err, "too many steps"));
  CHECK(c.run(session, "echo on").out == "on\n");
  c.run(session, web);
  const sim::Output watched = c.run(session, "kubectl get pods -w -l app=nginx");
  CHECK(watched.exit == 0);
  CHECK(has(watched.out, "web-1   1/1     Running"));
}

TEST_CASE("a command that waits goes on as the session moves, and nothing happens twice", "[console]") {
  sim::Session session;
  console::Console c;
  c.run(session, web);
  c.begin(session, "kubectl get pods -w; kubectl create cm after; echo done");
  CHECK(c.waits());
  std::string all = said(c);
  CHECK(all.empty());  // there is no pod yet
  while (session.step()) c.go(session, false);
  all += said(c);
  CHECK(has(all, "web-0   0/1     Pending"));
  CHECK(has(all, "web-1   1/1     Running"));
  CHECK(std::count(all.begin(), all.end(), '\n') < 30);
  c.go(session, true);
  CHECK(c.waits());  // it watches until somebody stops it
  c.interrupt(session);
  CHECK_FALSE(c.waits());
  CHECK(said(c).empty());
  CHECK(c.run(session, "echo $?; kubectl get cm after").out == "130\n");

  sim::Session other;
  c.begin(other, web + "; kubectl rollout status sts/web && echo rolled");
  for (int i = 0; i < 500 && c.waits(); ++i) {
    const bool idle = !other.step();
    c.go(other, idle);
  }
  all = said(c);
  CHECK_FALSE(c.waits());
  CHECK(has(all, "partitioned roll out complete: 2 new pods have been updated...\nrolled\n"));
  size_t created = 0;
  for (size_t at = all.find("statefulset.apps/web created"); at != all.npos;
       at = all.find("statefulset.apps/web created", at + 1))
    created++;
  CHECK(created == 1);
}

TEST_CASE("a wait with a limit ends when its time is there", "[console]") {
  sim::Session session;
  console::Console c;
  c.run(session, "kubectl create cm x");
  session.rest();
  c.begin(session, "kubectl wait --for=delete cm/x --timeout=20s; echo $?");
  CHECK(c.waits());
  c.go(session, true);
  const std::string all = said(c);
  CHECK(has(all, "timed out waiting for the condition on configmaps/x"));
  CHECK(has(all, "1\n"));
}

TEST_CASE("words are completed where they stand", "[console]") {
  sim::Session session;
  console::Console c;
  c.run(session, web);
  session.rest();
  session.setFile("web.yaml", "");
  using Words = std::vector<std::string>;
  CHECK(c.complete(session, "kub") == Words{"kubectl"});
  CHECK(c.complete(session, "kubectl get pods | gre") == Words{"grep"});
  CHECK(c.complete(session, "for i in 1; do kubectl delete pod web-") == Words{"web-0", "web-1"});
  CHECK(c.complete(session, "kubectl get statef") == Words{"statefulsets"});
  CHECK(c.complete(session, "kubectl apply -f w") == Words{"web.yaml"});
  CHECK(c.complete(session, "cat w") == Words{"web.yaml"});
  CHECK(c.complete(session, "kubectl rollout st") == Words{"status"});
}

TEST_CASE("explain speaks the language of the console", "[console]") {
  sim::Session session;
  console::Console c;
  CHECK(has(c.run(session, "kubectl explain pdb.spec.maxUnavailable").out, "So many Pods may be unavailable"));
  CHECK(
      has(c.run(session, "LANG=zh_CN.UTF-8 kubectl explain sts.spec.replicas").out, "    期望的 Pod 数量，默认 1。\n"));
  c.setChinese(true);
  const std::string text = c.run(session, "kubectl explain sts").out;
  CHECK(has(text, "    一组身份不变的 Pod："));
  CHECK(has(text, "  apiVersion\t<string>\n    此对象所用的 API 版本。\n"));
  c.setChinese(false);
  CHECK(has(c.run(session, "kubectl explain sts").out, "A set of Pods that keep who they are"));
}

TEST_CASE("a disk that is filled from inside refuses what comes after", "[console]") {
  sim::Session session;
  console::Console c;
  c.run(session, web);
  c.run(session, "kubectl rollout status sts/web");
  const std::string fill = "kubectl exec web-0 -- dd if=/dev/zero of=/usr/share/nginx/html/big bs=1M count=";
  CHECK(c.run(session, fill + "1024").exit == 0);
  const sim::Output over = c.run(session, fill + "2000");
  CHECK(over.exit == 1);
  CHECK(has(over.err, "dd: error writing '/usr/share/nginx/html/big': No space left on device"));
  CHECK(has(c.run(session, "kubectl exec web-0 -- sh -c 'echo x > /usr/share/nginx/html/index.html'").err,
            "No space left on device"));
}
