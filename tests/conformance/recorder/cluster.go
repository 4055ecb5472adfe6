package main

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"k8s.io/client-go/rest"
)

// cluster is one real control plane on loopback: etcd, kube-apiserver, kube-controller-manager, kube-scheduler.
type cluster struct {
	dir        string
	bin        string
	version    string // as the scenario names it; "" for the programs' own
	url        string
	kubeconfig string
	config     *rest.Config
	procs      []*exec.Cmd
}

// controllers that take part; everything that needs a cloud, a CSI driver or certificates stays off.
const controllers = "statefulset-controller,deployment-controller,replicaset-controller,daemonset-controller," +
	"persistentvolume-binder-controller,persistentvolume-protection-controller,persistentvolumeclaim-protection-controller," +
	"persistentvolume-expander-controller,endpointslice-controller,garbage-collector-controller,namespace-controller," +
	"node-lifecycle-controller,taint-eviction-controller,pod-garbage-collector-controller,disruption-controller," +
	"serviceaccount-controller,job-controller"

func freePort() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// emulation gives the flags with which the programs have the feature gates of an earlier release.
func emulation(version string) ([]string, error) {
	switch version {
	case "", "1.37":
		return nil, nil
	case "1.36":
		return []string{"--emulated-version=1.36"}, nil
	case "1.35.4":
		return []string{"--emulated-version=1.35"}, nil
	case "1.35.0": // switched off again in a patch release
		return []string{"--emulated-version=1.35", "--feature-gates=MaxUnavailableStatefulSet=true"}, nil
	}
	return nil, fmt.Errorf("version %q cannot be emulated", version)
}

func startCluster(bin, version string) *cluster {
	emulated, err := emulation(version)
	check(err)
	dir, err := os.MkdirTemp("", "recorder-")
	check(err)
	c := &cluster{dir: dir, bin: bin, version: version}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	check(err)
	c.write("sa.key", pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
	c.write("tokens.csv", []byte("oracle,admin,admin,\"system:masters\"\n"))
	etcd, peer, port := freePort(), freePort(), freePort()
	c.url = fmt.Sprintf("https://127.0.0.1:%d", port)
	c.kubeconfig = c.write("kubeconfig", []byte(fmt.Sprintf(`apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "%s", insecure-skip-tls-verify: true}}]
users: [{name: u, user: {token: oracle}}]
contexts: [{name: x, context: {cluster: c, user: u, namespace: default}}]
current-context: x
`, c.url)))
	c.config = &rest.Config{Host: c.url, BearerToken: "oracle", TLSClientConfig: rest.TLSClientConfig{Insecure: true}, QPS: 1000, Burst: 2000}

	c.run("etcd", "--data-dir", filepath.Join(dir, "etcd"), "--unsafe-no-fsync", "--log-level", "error",
		"--listen-client-urls", fmt.Sprintf("http://127.0.0.1:%d", etcd), "--advertise-client-urls", fmt.Sprintf("http://127.0.0.1:%d", etcd),
		"--listen-peer-urls", fmt.Sprintf("http://127.0.0.1:%d", peer))
	c.run("kube-apiserver", append(emulated, "--etcd-servers", fmt.Sprintf("http://127.0.0.1:%d", etcd), "--secure-port", fmt.Sprint(port),
		"--bind-address", "127.0.0.1", "--cert-dir", filepath.Join(dir, "certs"), "--token-auth-file", filepath.Join(dir, "tokens.csv"),
		"--authorization-mode", "AlwaysAllow", "--service-cluster-ip-range", "10.96.0.0/12",
		"--service-account-issuer", "https://kubernetes.default.svc", "--service-account-key-file", filepath.Join(dir, "sa.key"),
		"--service-account-signing-key-file", filepath.Join(dir, "sa.key"), "--disable-admission-plugins", "ServiceAccount",
		"--default-not-ready-toleration-seconds", "5", "--default-unreachable-toleration-seconds", "5", "--allow-privileged")...)
	c.waitReady()
	c.run("kube-controller-manager", append(emulated, "--kubeconfig", c.kubeconfig, "--leader-elect=false", "--controllers", controllers,
		"--kube-api-qps", "1000", "--kube-api-burst", "2000", "--node-monitor-period", "1s", "--node-monitor-grace-period", "6s",
		"--pvclaimbinder-sync-period", "300ms", // a claim whose first write met a conflict would wait for the next of these: 15 s
		"--secure-port", fmt.Sprint(freePort()), "--bind-address", "127.0.0.1", "--cert-dir", filepath.Join(dir, "kcm-certs"),
		"--service-account-private-key-file", filepath.Join(dir, "sa.key"))...)
	c.run("kube-scheduler", append(emulated, "--kubeconfig", c.kubeconfig, "--leader-elect=false", "--secure-port", fmt.Sprint(freePort()),
		"--bind-address", "127.0.0.1", "--cert-dir", filepath.Join(dir, "sched-certs"), "--kube-api-qps", "1000", "--kube-api-burst", "2000")...)
	return c
}

func (c *cluster) write(name string, data []byte) string {
	p := filepath.Join(c.dir, name)
	check(os.WriteFile(p, data, 0o600))
	return p
}

func (c *cluster) run(name string, args ...string) {
	log, err := os.Create(filepath.Join(c.dir, name+".log"))
	check(err)
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	check(cmd.Start())
	c.procs = append(c.procs, cmd)
}

func (c *cluster) waitReady() {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}, Timeout: 2 * time.Second}
	for deadline := time.Now().Add(90 * time.Second); time.Now().Before(deadline); time.Sleep(200 * time.Millisecond) {
		req, _ := http.NewRequestWithContext(context.Background(), "GET", c.url+"/readyz", nil)
		req.Header.Set("Authorization", "Bearer oracle")
		if resp, err := client.Do(req); err == nil {
			resp.Body.Close()
			if resp.StatusCode == 200 {
				return
			}
		}
	}
	log, _ := os.ReadFile(filepath.Join(c.dir, "kube-apiserver.log"))
	lines := strings.Split(string(log), "\n")
	fatal("kube-apiserver did not become ready; its last lines:\n%s", strings.Join(lines[max(0, len(lines)-15):], "\n"))
}

func (c *cluster) stop() {
	for i := len(c.procs) - 1; i >= 0; i-- {
		c.procs[i].Process.Kill()
		c.procs[i].Wait()
	}
	if os.Getenv("RECORDER_KEEP") == "" {
		os.RemoveAll(c.dir)
	}
}
