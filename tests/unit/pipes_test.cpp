// Programs that run at the same time: pipelines that flow, jobs, time limits, signals.
#include <catch2/catch_test_macros.hpp>

#include "tests/unit/console_fixture.hpp"
#include "tests/unit/node_fixture.hpp"

TEST_CASE("a pipeline hands on each line when it is said, and ends with its reader", "[console]") {
  sim::Session session;
  console::Console c;
  const api::Millis before = session.time();
  c.run(session, web);
  const sim::Output three = c.run(session, "kubectl get pods -w | head -3; echo then");
  CHECK(three.out ==
        "NAME    READY   STATUS    RESTARTS   AGE\nweb-0   0/1     Pending   0          0s\n"
        "web-0   0/1     Pending   0          0s\nthen\n");
  CHECK(session.time() < before + 2000);
  const std::string seen = c.run(session, "kubectl get pods -w | awk '{print $1,$3}' | grep -v NAME | cat").out;
  CHECK(seen.substr(0, 14) == "web-0 Pending\n");
  CHECK(has(seen, "web-1 Running\n"));
  CHECK(c.run(session, "for i in 1 2 3; do echo $i; sleep 1; done | while read x; do echo got $x; done").out ==
        "got 1\ngot 2\ngot 3\n");
  CHECK(c.run(session, "while true; do echo x; sleep 1; done | sed -n '2{p;q}'").out == "x\n");
  CHECK(c.run(session, "n=$(kubectl get pods -w | grep -m 1 web-1 | wc -l); echo $n").out == "1\n");
  CHECK(c.run(session, "set -o pipefail; false | cat; echo $?; { sleep 1; false; } | cat; echo $?").out == "1\n1\n");
  CHECK(c.run(session, "yes | head -2").out == "y\ny\n");
  CHECK(c.run(session, "(sleep 1; echo late) | sort; echo after").out == "late\nafter\n");
}

TEST_CASE("lines come while the others still wait", "[console]") {
  sim::Session session;
  console::Console c;
  c.begin(session, "for i in 1 2; do echo line $i; sleep 5; done | grep line");
  CHECK(said(c) == "line 1\n");
  CHECK(c.waits());
  c.interrupt(session);
  CHECK_FALSE(c.waits());
  CHECK(said(c).empty());
  c.begin(session, "for i in 1 2; do echo line $i; sleep 5; done | grep line");
  CHECK(said(c) == "line 1\n");
  c.go(session, true);
  CHECK(said(c) == "line 2\n");
}

TEST_CASE("timeout ends a command after its time", "[console]") {
  sim::Session session;
  console::Console c;
  c.run(session, web);
  session.rest();
  const api::Millis before = session.time();
  CHECK(has(c.run(session, "timeout 10 kubectl get pods -w; echo $?").out, "\n124\n"));
  CHECK(session.time() == before + 10000);
  CHECK(c.run(session, "timeout 5 echo quick; echo $?").out == "quick\n0\n");
  CHECK(c.run(session, "timeout 2s sh -c 'while true; do echo a; sleep 1; done' | wc -l").out == "2\n");
  CHECK(c.run(session, "timeout x ls").exit == 125);
}

TEST_CASE("a job runs beside what is typed; fg looks at it, kill ends it", "[console]") {
  sim::Session session;
  console::Console c;
  CHECK(c.run(session, "kubectl get pods -w &").err == "[1] 2\n");
  CHECK(c.run(session, "jobs").out == "[1]+  Running                 kubectl get pods -w &\n");
  c.run(session, web);
  const sim::Output looked = c.run(session, "fg");
  CHECK(looked.exit == 0);
  CHECK(looked.out.substr(0, 20) == "kubectl get pods -w\n");
  CHECK(has(looked.out, "web-1   1/1     Running"));
  CHECK(c.run(session, "fg").err == "sh: fg: current: no such job\n");
  c.run(session, "kubectl get pods -w > /tmp/seen &");
  c.run(session, "kubectl delete pod web-0; sleep 5; kill %1");
  CHECK(c.run(session, "jobs").out.empty());
  CHECK(c.run(session, "grep -c Terminating /tmp/seen").out == "2\n");
  CHECK(c.run(session, "(sleep 3; echo end) & sleep 5; echo main").out == "end\nmain\n");
}

TEST_CASE("ports are forwarded as long as the job runs and the Pod is there", "[console]") {
  sim::Session session;
  console::Console c;
  c.run(session, "kubectl create deployment web --image=nginx --port=80; kubectl expose deploy web --port=8000");
  c.run(session, "kubectl patch svc web -p '{\"spec\":{\"ports\":[{\"port\":8000,\"targetPort\":80}]}}'");
  c.run(session, "kubectl rollout status deploy/web; sleep 1");
  const sim::Output begun = c.run(session, "kubectl port-forward svc/web 8080:8000 &");
  CHECK(begun.out == "Forwarding from 127.0.0.1:8080 -> 80\nForwarding from [::1]:8080 -> 80\n");
  CHECK(c.run(session, "jobs").out == "[1]+  Running                 kubectl port-forward svc/web 8080:8000 &\n");
  CHECK(c.run(session, "curl -s localhost:8080 | head -1").out == "Handling connection for 8080\n<!DOCTYPE html>\n");
  CHECK(has(c.run(session, "kubectl port-forward deploy/web 8080:80").err, "bind: address already in use"));
  CHECK(c.run(session, "kubectl port-forward svc/web :81").err ==
        "error: Service web does not have a service port 81\n");
  c.run(session, "kill %1");
  CHECK(c.run(session, "jobs").out.empty());
  CHECK(c.run(session, "curl -s localhost:8080").exit == 7);
  c.run(session, "kubectl port-forward deploy/web 8080:80 &");
  CHECK(has(c.run(session, "kubectl delete pod -l app=web; sleep 1").err, "error: lost connection to pod"));
  CHECK(c.run(session, "curl -s localhost:8080").exit == 7);
}

TEST_CASE("digests are those of the standards; a backslash joins lines", "[console]") {
  sim::Session session;
  console::Console c;
  CHECK(c.run(session, "printf abc | md5sum").out == "900150983cd24fb0d6963f7d28e17f72  -\n");
  CHECK(c.run(session, "printf abc | sha1sum").out == "a9993e364706816aba3e25717850c26c9cd0d89d  -\n");
  CHECK(c.run(session, "printf abc | sha256sum").out ==
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  -\n");
  CHECK(c.run(session, "echo one \\").out.empty());
  CHECK(c.continues());
  CHECK(c.run(session, "two").out == "one two\n");
}

TEST_CASE("a script that traps TERM ends by itself; one that ignores it is killed after its grace", "[node]") {
  sim::Session session;
  console::Console c;
  const auto pod = [&](const std::string& name, const std::string& script) {
    c.run(session, "kubectl run " + name + " --image=busybox --restart=Never -- sh -c '" + script + "'");
  };
  pod("kind", "trap \"echo bye; exit 0\" TERM; while true; do sleep 1; done");
  pod("deaf", "trap \"\" TERM; while true; do sleep 1; done");
  pod("plain", "while true; do sleep 1; done");
  session.wait(10000);
  c.run(session, "kubectl logs -f kind > /tmp/kind &");
  const auto time = [&](const std::string& name) {
    const api::Millis before = session.time();
    CHECK(has(c.run(session, "kubectl delete pod " + name).out, "deleted"));
    return session.time() - before;
  };
  CHECK(time("kind") < 5000);
  CHECK(c.run(session, "cat /tmp/kind").out == "bye\n");
  CHECK(time("deaf") >= 30000);
  CHECK(time("plain") >= 30000);
}

TEST_CASE("what a pod said before it was deleted is there in its past", "[node]") {
  sim::Session session;
  console::Console c;
  c.run(session, "kubectl run p --image=busybox --restart=Never -- sh -c 'echo hello; sleep 100'");
  session.wait(5000);
  const size_t there = session.length();
  c.run(session, "kubectl delete pod p --now");
  CHECK(c.run(session, "kubectl logs p").exit == 1);
  session.seek(there);
  CHECK(session.kubectl("logs p", "").out == "hello\n");
}

TEST_CASE("the console's own files are saved with the session", "[console]") {
  sim::Session session;
  console::Console c;
  c.run(session, "mkdir /notes; echo one > /notes/a; echo two > /tmp/b");
  sim::Session other;
  REQUIRE(other.load(session.save()).empty());
  console::Console d;
  CHECK(d.run(other, "cat /notes/a /tmp/b; ls /notes").out == "one\ntwo\na  \n");
}

TEST_CASE("hooks by HTTP: a server that is there in time, and one that is not", "[node]") {
  sim::Session session;
  console::Console c;
  const auto pod = [](const std::string& name, const std::string& path) {
    return "kubectl apply -f - <<END\n{apiVersion: v1, kind: Pod, metadata: {name: " + name +
           "}, spec: {containers: [{name: a, image: nginx, lifecycle: {postStart: {httpGet: {port: 80, path: " + path +
           "}}}}]}}\nEND";
  };
  c.run(session, pod("good", "/"));
  c.run(session, pod("bad", "/nothing"));
  session.wait(5000);
  CHECK(c.run(session, "kubectl get pod good --no-headers | awk '{print $2, $3, $4}'").out == "1/1 Running 0\n");
  CHECK(c.run(session, "kubectl logs good | grep -c 'GET / '").out == "1\n");
  CHECK(has(c.run(session, "kubectl get events | grep FailedPostStartHook").out, "pod/bad"));
}

TEST_CASE("a kubelet leaves a pod alone that has the name of one it had, until it is bound to it", "[node]") {
  sim::Session session;
  console::Console c;
  c.run(session, web);
  session.wait(20000);
  for (int node = 1; node <= 3; ++node) c.run(session, "kubectl cordon node-" + std::to_string(node));
  c.run(session, "kubectl delete pod web-0");
  session.wait(30000);
  CHECK(c.run(session, "kubectl get pod web-0 --no-headers | awk '{print $3}'").out == "Pending\n");
  CHECK(c.run(session, "kubectl get pod web-0 -o jsonpath='{.status.podIP}'").out.empty());
}

TEST_CASE("hostile lines end in the console too, with kubectl in them", "[console][hostile]") {
  const std::string parts[] = {"kubectl get pods -w",
                               "kubectl apply -f -",
                               "kubectl logs -f web-0",
                               "| head -1",
                               "| while read x; do",
                               "done",
                               "timeout 3",
                               "&",
                               "; fg;",
                               "kubectl exec -i web-0 -- sh",
                               "<<EOF\n",
                               "\nEOF\n",
                               "$(",
                               ")",
                               "'",
                               "&& kill %1;",
                               "|",
                               "kubectl run -it --rm --image busybox x -- sh -c",
                               "while :; do echo a; sleep 1; done",
                               "kubectl delete pod web-0 --wait",
                               "> /tmp/f",
                               "for i in 1 2; do",
                               "watch",
                               "\\\n",
                               "#"};
  uint64_t state = 11;
  const auto next = [&](uint32_t n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return uint32_t(state >> 33) % n;
  };
  sim::Session session;
  console::Console c;
  c.run(session, web);
  for (int i = 0; i < 150; ++i) {
    std::string line;
    for (uint32_t k = 1 + next(6); k > 0; --k) (line += parts[next(uint32_t(std::size(parts)))]) += " ";
    const api::Millis before = session.time();
    c.run(session, line);
    CHECK(session.time() - before <= 601000);
    if (i % 10 == 9) {
      c.begin(session, line);
      for (int k = 0; k < 20 && c.waits(); ++k) c.go(session, !session.step());
      c.interrupt(session);
      CHECK_FALSE(c.waits());
    }
    if (i % 5 == 4) c = console::Console();
  }
}
