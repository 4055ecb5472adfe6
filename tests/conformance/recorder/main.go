// Recorder replays scenarios on a real Kubernetes control plane and records what it did (see ../README.md).
//
//	recorder record [-bin BIN] [-out DIR] SCENARIO.yaml...   NAME.expected.json beside each scenario, or in DIR
//	recorder compare [-bin BIN] SCENARIO.yaml...             says where a new recording differs from the one that is there
//	recorder serve [-bin BIN]                                a control plane to try things on; prints its kubeconfig
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

const kubernetesVersion = "v1.37.2"

func fatal(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "recorder: "+format+"\n", args...)
	os.Exit(1)
}

func check(err error) {
	if err != nil {
		fatal("%v", err)
	}
}

type options struct {
	bin, out          string
	attempts, workers int
	compare           bool
}

func main() {
	if len(os.Args) < 2 {
		fatal("usage: recorder record|compare|serve [flags] [SCENARIO.yaml...]")
	}
	var o options
	flags := flag.NewFlagSet(os.Args[1], flag.ExitOnError)
	flags.StringVar(&o.bin, "bin", "bin", "folder of the Kubernetes programs")
	flags.StringVar(&o.out, "out", "", "where the recordings go (default: beside their scenarios)")
	flags.IntVar(&o.attempts, "attempts", 5, "record each scenario at most this many times, until two runs in a row agree; what else differs between them is dropped and reported")
	flags.IntVar(&o.workers, "workers", 1, "control planes to run side by side")
	check(flags.Parse(os.Args[2:]))
	o.compare = os.Args[1] == "compare"
	switch os.Args[1] {
	case "serve":
		serve(o)
	case "record", "compare":
		if flags.NArg() == 0 {
			fatal("no scenario is named")
		}
		if bad := recordAll(o, flags.Args()); bad > 0 {
			os.Exit(1)
		}
	default:
		fatal("unknown command %q", os.Args[1])
	}
}

// serve runs a control plane with three nodes until it is interrupted.
func serve(o options) {
	c := startCluster(o.bin, "")
	defer c.stop()
	newRecorder(c).reset(Cluster{Nodes: 3, Kubelet: "auto", Provisioner: "auto"})
	fmt.Println(c.kubeconfig)
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	<-stop
}

// recordAll shares the scenarios out among the control planes and tells how many could not be recorded, or differ.
func recordAll(o options, paths []string) int64 {
	jobs := make(chan string)
	var bad atomic.Int64
	var wg sync.WaitGroup
	for range min(o.workers, len(paths)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			w := worker{options: o}
			defer w.stop()
			for path := range jobs {
				if err := w.record(path); err != nil {
					fmt.Fprintf(os.Stderr, "recorder: %s: %v\n", path, err)
					bad.Add(1)
				}
			}
		}()
	}
	for _, path := range paths {
		jobs <- path
	}
	close(jobs)
	wg.Wait()
	return bad.Load()
}

// worker records one scenario after the other on a control plane, and starts another one where a scenario wants another version.
type worker struct {
	options
	recorder *recorder
}

func (w *worker) stop() {
	if w.recorder != nil {
		w.recorder.cluster.stop()
		w.recorder = nil
	}
}

func (w *worker) record(path string) error {
	scenario, err := loadScenario(path)
	if err != nil {
		return err
	}
	if _, err := emulation(scenario.Cluster.Version); err != nil {
		return err
	}
	if w.recorder != nil && w.recorder.cluster.version != scenario.Cluster.Version {
		w.stop()
	}
	if w.recorder == nil {
		w.recorder = newRecorder(startCluster(w.bin, scenario.Cluster.Version))
	}
	recording, err := w.agreed(scenario, path)
	if err != nil {
		return err
	}
	name := strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)) + ".expected.json"
	if w.compare {
		return compareWith(recording, filepath.Join(filepath.Dir(path), name))
	}
	data, err := json.MarshalIndent(recording, "", " ")
	if err != nil {
		return err
	}
	out := w.out
	if out == "" {
		out = filepath.Dir(path)
	}
	if err := os.WriteFile(filepath.Join(out, name), append(data, '\n'), 0o644); err != nil {
		return err
	}
	fmt.Printf("%s: %d steps\n", name, len(recording.Steps))
	return nil
}

// agreed records until two runs in a row led to the same states, and gives what they have in common. A machine with much else
// to do may take a pause for rest; a scenario whose runs never agree leaves something to chance.
func (w *worker) agreed(scenario *Scenario, path string) (*Recording, error) {
	var last *Recording
	for range w.attempts {
		recording, err := w.recorder.record(scenario)
		if err != nil || w.attempts == 1 {
			return recording, err
		}
		if last != nil {
			differences, agree := last.keepCommon(recording)
			for _, d := range differences {
				fmt.Fprintf(os.Stderr, "recorder: %s: differs between runs: %s\n", path, d)
			}
			if agree {
				return last, nil
			}
		}
		last = recording
	}
	return nil, fmt.Errorf("no two of %d runs in a row led to the same states", w.attempts)
}

// compareWith tells what an earlier recording has that the new one has not.
func compareWith(recording *Recording, file string) error {
	data, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	earlier := &Recording{}
	if err := json.Unmarshal(data, earlier); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	// Both as they are written, so that numbers have one type.
	if data, err = json.Marshal(recording); err != nil {
		return err
	}
	now := &Recording{}
	if err := json.Unmarshal(data, now); err != nil {
		return err
	}
	if len(earlier.Steps) != len(now.Steps) {
		return fmt.Errorf("%s has %d steps, the scenario %d", file, len(earlier.Steps), len(now.Steps))
	}
	if found := now.missing(earlier); len(found) > 0 {
		return fmt.Errorf("differs from %s:\n  %s", file, strings.Join(found, "\n  "))
	}
	fmt.Printf("%s: as recorded, %d steps\n", filepath.Base(file), len(now.Steps))
	return nil
}
