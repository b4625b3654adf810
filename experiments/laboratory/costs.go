package main

import (
	"context"
	"fmt"
	"net"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/utils/ptr"
)

// CostsPlan is what requests, watches and events are measured with.
type CostsPlan struct {
	APIServerCores int   `json:"apiServerCores"`
	ObjectBytes    []int `json:"objectBytes"`
	// Objects in the resource: they are added, so that each number is at least the one before it.
	Objects []int `json:"objects"`
	// Requests of each kind, one after another.
	Requests int `json:"requests"`
	// Watches that are open, WatchesPerConnection on each connection.
	Watches              []int   `json:"watches"`
	WatchesPerConnection int     `json:"watchesPerConnection"`
	IdleSeconds          float64 `json:"idleSeconds"`
	// Watchers of one Secret, which is written Writes times.
	Watchers []int `json:"watchers"`
	Writes   int   `json:"writes"`
}

// requestCost is what requests of one kind took, beyond what the servers use while nothing is asked.
type requestCost struct {
	Request            string  `json:"request"`
	ObjectBytes        int     `json:"object_bytes"`
	Objects            int     `json:"objects"`
	Count              int     `json:"count"`
	APIServerCPUMillis float64 `json:"apiserver_cpu_ms"`
	EtcdCPUMillis      float64 `json:"etcd_cpu_ms"`
	MedianMillis       float64 `json:"latency_p50_ms"`
	P99Millis          float64 `json:"latency_p99_ms"`
}

// costs measures requests by size and number of objects, then open watches, then events.
func (cluster *cluster) costs(ctx context.Context) error {
	plan := cluster.plan.Costs
	if err := cluster.pin(plan.APIServerCores); err != nil {
		return err
	}
	if err := cluster.startBoth(ctx); err != nil {
		return err
	}
	made := 0
	for _, objects := range plan.Objects {
		for _, bytes := range plan.ObjectBytes {
			// All objects are small but for the first, which requests are for: it has each size in turn.
			cluster.plan.ObjectBytes = plan.ObjectBytes[0]
			for ; made < objects; made++ {
				if err := cluster.create(ctx, numberedSecret(made), 0, false); err != nil {
					return err
				}
			}
			cluster.plan.ObjectBytes = bytes
			if err := cluster.patch(ctx, numberedSecret(0), bytes); err != nil {
				return err
			}
			if err := cluster.requestCosts(ctx, bytes, objects); err != nil {
				return err
			}
		}
	}
	if err := cluster.watchCosts(ctx); err != nil {
		return err
	}
	return cluster.eventCosts(ctx)
}

// request is one that is measured: a name, and how it is made.
type request struct {
	name string
	make func(ctx context.Context, secrets v1.SecretInterface) error
}

func (cluster *cluster) requestCosts(ctx context.Context, bytes, objects int) error {
	secrets := cluster.client.CoreV1().Secrets(namespace)
	name := numberedSecret(0).name
	idle, err := cluster.idle(ctx)
	if err != nil {
		return err
	}
	found, err := secrets.List(ctx, metav1.ListOptions{ResourceVersion: "0", Limit: 1})
	if err != nil {
		return err
	}
	for _, each := range cluster.requests(name, bytes, found.ResourceVersion) {
		took, err := cluster.timeRequests(ctx, each, secrets)
		if err != nil {
			return fmt.Errorf("%s: %w", each.name, err)
		}
		count := float64(len(took.durations))
		slices.Sort(took.durations)
		cluster.facts.add("costs", requestCost{
			Request: each.name, ObjectBytes: bytes, Objects: objects, Count: len(took.durations),
			APIServerCPUMillis: 1000 * (took.apiServer - idle.apiServer*took.seconds) / count,
			EtcdCPUMillis:      1000 * (took.etcd - idle.etcd*took.seconds) / count,
			MedianMillis:       took.durations[len(took.durations)/2].Seconds() * 1000,
			P99Millis:          took.durations[len(took.durations)*99/100].Seconds() * 1000,
		})
	}
	return nil
}

// requests are those of a kubelet's managers, and a write, which is last: until then the version is the newest.
func (cluster *cluster) requests(name string, bytes int, version string) []request {
	one := metav1.ListOptions{FieldSelector: fields.OneTermEqualSelector("metadata.name", name).String()}
	get := func(version string) func(context.Context, v1.SecretInterface) error {
		return func(ctx context.Context, secrets v1.SecretInterface) error {
			_, err := secrets.Get(ctx, name, metav1.GetOptions{ResourceVersion: version})
			return err
		}
	}
	list := func(version string) func(context.Context, v1.SecretInterface) error {
		return func(ctx context.Context, secrets v1.SecretInterface) error {
			options := one
			options.ResourceVersion = version
			_, err := secrets.List(ctx, options)
			return err
		}
	}
	return []request{
		{"GET resourceVersion=0", get("0")},
		{"GET quorum", get("")},
		{"LIST metadata.name resourceVersion=0", list("0")},
		{"LIST metadata.name quorum", list("")},
		{"WATCH resourceVersion=0, first event, close", func(ctx context.Context, secrets v1.SecretInterface) error {
			options := one
			options.ResourceVersion = "0"
			return openUntil(ctx, secrets, options, isObject)
		}},
		{"WATCH resourceVersion=set, close", func(ctx context.Context, secrets v1.SecretInterface) error {
			options := one
			options.ResourceVersion = version
			return openUntil(ctx, secrets, options, nil)
		}},
		{"WatchList, initial events, close", func(ctx context.Context, secrets v1.SecretInterface) error {
			options := one
			options.SendInitialEvents = ptr.To(true)
			options.AllowWatchBookmarks = true
			options.ResourceVersionMatch = metav1.ResourceVersionMatchNotOlderThan
			return openUntil(ctx, secrets, options, endsInitialEvents)
		}},
		{"TLS connection, GET resourceVersion=0, close", func(ctx context.Context, _ v1.SecretInterface) error {
			return cluster.getOnNewConnection(ctx, name)
		}},
		{"PATCH", func(ctx context.Context, _ v1.SecretInterface) error {
			return cluster.patch(ctx, object{secretKind, name}, bytes)
		}},
	}
}

func (cluster *cluster) getOnNewConnection(ctx context.Context, name string) error {
	config := cluster.config("admin")
	// Configurations without a dialer of their own share one connection.
	config.Dial = (&net.Dialer{}).DialContext
	transport, err := rest.HTTPClientFor(config)
	if err != nil {
		return err
	}
	defer utilnet.CloseIdleConnectionsFor(transport.Transport)
	client, err := kubernetes.NewForConfigAndClient(config, transport)
	if err != nil {
		return err
	}
	_, err = client.CoreV1().Secrets(namespace).Get(ctx, name, metav1.GetOptions{ResourceVersion: "0"})
	return err
}

// openUntil opens a watch, waits for an event that is told by a sign, and closes it. No sign: until it is open.
func openUntil(ctx context.Context, secrets v1.SecretInterface, options metav1.ListOptions, sign func(watch.Event) bool) error {
	stream, err := secrets.Watch(ctx, options)
	if err != nil {
		return err
	}
	defer stream.Stop()
	if sign == nil {
		return nil
	}
	for event := range stream.ResultChan() {
		if sign(event) {
			return nil
		}
	}
	return fmt.Errorf("the watch ended before its event")
}

func isObject(event watch.Event) bool {
	return event.Type == watch.Added
}

func endsInitialEvents(event watch.Event) bool {
	return event.Type == watch.Bookmark
}

// spent is what some time took: CPU-seconds of both servers.
type spent struct {
	seconds, apiServer, etcd float64
	durations                []time.Duration
}

func (cluster *cluster) timeRequests(ctx context.Context, each request, secrets v1.SecretInterface) (spent, error) {
	count := cluster.plan.Costs.Requests
	for range count / 20 { // Until caches and connections are warm.
		if err := each.make(ctx, secrets); err != nil {
			return spent{}, err
		}
	}
	return cluster.spend(func(took *spent) error {
		for range count {
			began := time.Now()
			if err := each.make(ctx, secrets); err != nil {
				return err
			}
			took.durations = append(took.durations, time.Since(began))
		}
		return nil
	})
}

// idle is what the servers use of a core while nothing is asked.
func (cluster *cluster) idle(ctx context.Context) (spent, error) {
	rest := seconds(cluster.plan.Costs.IdleSeconds)
	used, err := cluster.spend(func(*spent) error { return sleep(ctx, rest) })
	return spent{apiServer: used.apiServer / used.seconds, etcd: used.etcd / used.seconds}, err
}

func (cluster *cluster) spend(work func(*spent) error) (spent, error) {
	began := time.Now()
	apiServer, err := cluster.apiServer.Load().usage()
	if err != nil {
		return spent{}, err
	}
	etcd, err := cluster.etcd.usage()
	if err != nil {
		return spent{}, err
	}
	took := spent{}
	if err := work(&took); err != nil {
		return spent{}, err
	}
	took.seconds = time.Since(began).Seconds()
	after, err := cluster.apiServer.Load().usage()
	if err != nil {
		return spent{}, err
	}
	etcdAfter, err := cluster.etcd.usage()
	took.apiServer = after.CPUSeconds - apiServer.CPUSeconds
	took.etcd = etcdAfter.CPUSeconds - etcd.CPUSeconds
	return took, err
}
