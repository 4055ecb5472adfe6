package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/kubernetes"
)

// recorder plays scenarios on one control plane and writes down what it does.
type recorder struct {
	cluster *cluster
	client  *kubernetes.Clientset
	dyn     dynamic.Interface
	http    *http.Client

	nodes *nodes
	stop  context.CancelFunc

	mu      sync.Mutex
	changes []change
	last    time.Time

	// what is random or of the moment in a cluster, and the token that stands for it in the recording
	tokens      map[string]string
	incarnation map[string]int
	generated   map[string]int
	deleting    map[string]bool
	state       map[string]any
}

// record plays a scenario on a cluster that has just been emptied.
func (r *recorder) record(s *Scenario) (*Recording, error) {
	r.reset(s.Cluster)
	recording := &Recording{Name: s.Name, Kubernetes: kubernetesVersion}
	for i := range s.Steps {
		out, err := r.step(&s.Steps[i])
		if err != nil {
			return nil, fmt.Errorf("step %d: %w", i, err)
		}
		recording.Steps = append(recording.Steps, *out)
	}
	return recording, nil
}

// step does one step, waits for rest and gives its record.
func (r *recorder) step(step *Step) (*RecordedStep, error) {
	out := &RecordedStep{}
	var output *Output
	var reply *Reply
	var err error
	switch {
	case step.Kubectl != nil:
		output = r.kubectl(*step.Kubectl, step.Stdin)
	case step.Request != nil:
		reply, err = r.request(step.Request)
	case step.Kubelet != nil:
		namespace := step.Kubelet.Namespace
		if namespace == "" {
			namespace = "default"
		}
		out.refused(r.nodes.event(namespace, r.realName(step.Kubelet.Pod), step.Kubelet.Event))
	case step.Node != nil:
		err = r.nodes.play(step.Node)
	case step.Provision != nil:
		out.refused(r.nodes.provisionNamed(*step.Provision))
	case step.Wait != nil:
		time.Sleep(time.Duration(*step.Wait) * time.Second)
	default:
		err = fmt.Errorf("nothing to do")
	}
	if err != nil {
		return nil, err
	}
	if step.reads() {
		r.settleSince(time.Time{}) // nothing follows from it
	} else {
		r.settle()
	}
	r.observe(out)
	if step.Unordered {
		out.Order = nil
	}
	if output != nil {
		out.Output = &Output{Exit: output.Exit, Stdout: r.text(output.Stdout), Stderr: r.text(output.Stderr)}
		if strings.HasPrefix(*step.Kubectl, "explain ") {
			out.Output.Stdout = withoutProse(out.Output.Stdout)
		}
	}
	if reply != nil {
		out.Reply = r.normalised(reply)
	}
	return out, nil
}

// normalised gives a reply without what differs from run to run, and learns the token of its list's next page.
func (r *recorder) normalised(reply *Reply) *Reply {
	body := clean(reply.Body)
	tableAges(body)
	r.hideUnknownUIDs(body)
	if o, ok := body.(map[string]any); ok {
		if next, _, _ := unstructured.NestedString(o, "metadata", "continue"); next != "" {
			r.generated["continue"]++
			r.tokens[next] = fmt.Sprintf("{continue-%d}", r.generated["continue"])
		}
	}
	return &Reply{reply.Code, r.tokenise(body)}
}

// kubectl runs a command line of the real kubectl in a shell, for at most 30 s.
func (r *recorder) kubectl(args, stdin string) *Output {
	cmd := exec.Command("bash", "-c", filepath.Join(r.cluster.bin, "kubectl")+" "+r.realNames(args))
	cmd.Env = append(os.Environ(), "KUBECONFIG="+r.cluster.kubeconfig, "HOME="+r.cluster.dir, "TZ=UTC")
	cmd.Stdin = strings.NewReader(r.realNames(stdin))
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	done := make(chan error, 1)
	check(cmd.Start())
	go func() { done <- cmd.Wait() }()
	select {
	case <-done:
	case <-time.After(30 * time.Second):
		cmd.Process.Kill()
		<-done
	}
	return &Output{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// request makes one call of the API.
func (r *recorder) request(q *Request) (*Reply, error) {
	var body io.Reader
	if q.Body != nil {
		data, err := json.Marshal(q.Body)
		if err != nil {
			return nil, err
		}
		body = strings.NewReader(r.realNames(string(data)))
	}
	req, err := http.NewRequest(q.Method, r.cluster.url+r.realNames(q.Path), body)
	if err != nil {
		return nil, err
	}
	content := q.ContentType
	if content == "" {
		content = "application/json"
	}
	req.Header.Set("Content-Type", content)
	if q.Accept != "" {
		req.Header.Set("Accept", q.Accept)
	}
	resp, err := r.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var v any
	if json.Unmarshal(data, &v) != nil {
		v = string(data)
	}
	return &Reply{resp.StatusCode, v}, nil
}
