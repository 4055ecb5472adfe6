package main

import (
	"net/http"
	"os"
	"strings"

	"sigs.k8s.io/yaml"
)

// Scenario is the input: a cluster and what happens to it, step by step.
type Scenario struct {
	Name    string  `json:"name"`
	Summary string  `json:"summary,omitempty"`
	Cluster Cluster `json:"cluster"`
	Steps   []Step  `json:"steps"`
}

// Cluster is what exists before the first step.
type Cluster struct {
	Nodes       int    `json:"nodes"`       // node-1 … node-N, 4 CPUs, 8Gi and 110 pods each; default 1
	Kubelet     string `json:"kubelet"`     // manual (default): pods change only through kubelet steps; auto: they start and stop by themselves
	Version     string `json:"version"`     // what Kubernetes is to behave like (see emulation); default: as it is
	Provisioner string `json:"provisioner"` // auto (default): claims of a simulated class get their volume by themselves; manual: through provision steps
}

// Step is one thing that happens; exactly one field is set, but for stdin and unordered.
type Step struct {
	Kubectl   *string      `json:"kubectl,omitempty"`   // the arguments of a kubectl command
	Stdin     string       `json:"stdin,omitempty"`     // with kubectl: its standard input
	Request   *Request     `json:"request,omitempty"`   // one call of the API
	Kubelet   *KubeletStep `json:"kubelet,omitempty"`   // a pod's containers change
	Node      *NodeStep    `json:"node,omitempty"`      // a node comes, fails or recovers
	Provision *string      `json:"provision,omitempty"` // the volume of this claim is made (provisioner: manual)
	Wait      *int         `json:"wait,omitempty"`      // seconds that pass

	Unordered bool `json:"unordered,omitempty"` // what the step leads to happens at once, in an order left to chance: none is recorded
}

type Request struct {
	Method      string `json:"method"`
	Path        string `json:"path"`
	ContentType string `json:"contentType,omitempty"`
	Accept      string `json:"accept,omitempty"`
	Body        any    `json:"body,omitempty"`
}

type KubeletStep struct {
	Pod       string `json:"pod"`
	Namespace string `json:"namespace,omitempty"`
	Event     string `json:"event"`
}

type NodeStep struct {
	Name  string `json:"name"`
	Event string `json:"event"` // add, unreachable, recovered
}

// reads tells whether a step only looks.
func (s *Step) reads() bool {
	switch {
	case s.Request != nil:
		return s.Request.Method == http.MethodGet
	case s.Kubectl == nil || strings.ContainsAny(*s.Kubectl, "|;&"):
		return false
	}
	words := append(strings.Fields(*s.Kubectl), "", "")
	switch words[0] {
	case "get", "describe", "explain", "api-resources", "api-versions":
		return true
	case "rollout":
		return words[1] == "history" || words[1] == "status"
	}
	return false
}

func loadScenario(path string) (*Scenario, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	s := &Scenario{}
	if err := yaml.UnmarshalStrict(data, s); err != nil {
		return nil, err
	}
	if s.Cluster.Nodes == 0 {
		s.Cluster.Nodes = 1
	}
	return s, nil
}
