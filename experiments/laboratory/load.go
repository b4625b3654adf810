package main

import (
	"context"
	"strconv"
	"strings"
)

// sample is what the servers' processes hold and have used.
type sample struct {
	At            float64 `json:"at"`
	APIServer     usage   `json:"apiServer"`
	Etcd          usage   `json:"etcd"`
	HeapBytes     float64 `json:"heapBytes"`
	StackBytes    float64 `json:"stackBytes"`
	Goroutines    float64 `json:"goroutines"`
	SecretWatches float64 `json:"secretWatches"`
	// ConfigMapWatches and Watches count long-running requests of kube-apiserver.
	ConfigMapWatches float64 `json:"configMapWatches"`
	Watches          float64 `json:"watches"`
}

func (laboratory *laboratory) sampleLoad(ctx context.Context) {
	for sleep(ctx, seconds(laboratory.plan.SampleSeconds)) == nil {
		laboratory.tellLoad(ctx)
	}
}

// tellLoad puts down a sample, where the server answers.
func (cluster *cluster) tellLoad(ctx context.Context) {
	if taken, err := cluster.sample(ctx); err == nil {
		cluster.facts.add("samples", taken)
	}
}

func (cluster *cluster) sample(ctx context.Context) (sample, error) {
	text, err := cluster.get(ctx, "/metrics")
	if err != nil {
		return sample{}, err
	}
	watches := func(labels ...string) float64 {
		return sumOfMetric(text, "apiserver_longrunning_requests", append(labels, `verb="WATCH"`)...)
	}
	taken := sample{
		At:               now(),
		HeapBytes:        sumOfMetric(text, "go_memstats_heap_inuse_bytes"),
		StackBytes:       sumOfMetric(text, "go_memstats_stack_inuse_bytes"),
		Goroutines:       sumOfMetric(text, "go_goroutines"),
		SecretWatches:    watches(`resource="secrets"`),
		ConfigMapWatches: watches(`resource="configmaps"`),
		Watches:          watches(),
	}
	if taken.APIServer, err = cluster.apiServer.Load().usage(); err != nil {
		return sample{}, err
	}
	taken.Etcd, err = cluster.etcd.usage()
	return taken, err
}

// sumOfMetric adds up a metric's lines that have all of some labels, as Prometheus' text has them.
func sumOfMetric(text, name string, labels ...string) float64 {
	sum := 0.0
lines:
	for line := range strings.SplitSeq(text, "\n") {
		rest, found := strings.CutPrefix(line, name)
		if !found || !strings.HasPrefix(rest, "{") && !strings.HasPrefix(rest, " ") {
			continue
		}
		for _, label := range labels {
			if !strings.Contains(rest, label) {
				continue lines
			}
		}
		value, err := strconv.ParseFloat(rest[strings.LastIndexByte(rest, ' ')+1:], 64)
		if err == nil {
			sum += value
		}
	}
	return sum
}
