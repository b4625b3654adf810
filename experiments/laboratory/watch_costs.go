package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/utils/ptr"
)

// watchCost is what the server holds, and uses, with so many watches open and nothing written.
type watchCost struct {
	Open int `json:"watches_open"`
	// OpenCPUMillis is what opening one of them took, IdleCores what all of them use while nothing happens.
	OpenCPUMillis      float64 `json:"open_cpu_ms"`
	IdleCores          float64 `json:"idle_cores"`
	BookmarksPerSecond float64 `json:"bookmarks_per_s"`
	ResidentMiB        float64 `json:"resident_mib"`
	HeapMiB            float64 `json:"heap_in_use_mib"`
	StacksMiB          float64 `json:"stacks_mib"`
	Goroutines         float64 `json:"goroutines"`
}

const (
	mebibyte = 1 << 20
	// eventPatience is how long the events of one write may take.
	eventPatience = time.Minute
)

// eventCost is what a write takes with so many watchers of its object.
type eventCost struct {
	Watchers           int     `json:"watchers"`
	ObjectBytes        int     `json:"object_bytes"`
	Writes             int     `json:"writes"`
	Received           int64   `json:"events_received"`
	APIServerCPUMillis float64 `json:"apiserver_cpu_ms_per_write"`
	AnsweredMillis     float64 `json:"answered_ms"`
	LastMillis         float64 `json:"last_event_ms"`
}

// watchers are watches on connections of their own.
type watchers struct {
	cluster   *cluster
	clients   []*kubernetes.Clientset
	streams   []watch.Interface
	events    atomic.Int64
	bookmarks atomic.Int64
	lastEvent atomic.Int64
}

// watchCosts opens more and more watches of single Secrets, spread over all of them.
func (cluster *cluster) watchCosts(ctx context.Context) error {
	plan := cluster.plan.Costs
	open := &watchers{cluster: cluster}
	defer open.close()
	secrets := slices.Max(plan.Objects)
	for _, count := range plan.Watches {
		before := len(open.streams)
		used, err := cluster.spend(func() error {
			return open.openTo(ctx, count, func(i int) string { return numberedSecret(i % secrets).name })
		})
		if err != nil {
			return err
		}
		bookmarks := open.bookmarks.Load()
		idle, err := cluster.idle(ctx)
		if err != nil {
			return err
		}
		taken, err := cluster.sample(ctx)
		if err != nil {
			return err
		}
		cost := watchCost{
			Open: count, IdleCores: idle.apiServer, Goroutines: taken.Goroutines,
			BookmarksPerSecond: float64(open.bookmarks.Load()-bookmarks) / plan.IdleSeconds,
			ResidentMiB:        float64(taken.APIServer.ResidentBytes) / mebibyte,
			HeapMiB:            taken.HeapBytes / mebibyte, StacksMiB: taken.StackBytes / mebibyte,
		}
		if count > before {
			cost.OpenCPUMillis = 1000 * used.apiServer / float64(count-before)
		}
		cluster.facts.add("watchCosts", cost)
	}
	return nil
}

// eventCosts writes one Secret that more and more watchers, each on a connection of its own, have a watch on.
func (cluster *cluster) eventCosts(ctx context.Context) error {
	plan := cluster.plan.Costs
	secret := numberedSecret(1)
	for _, bytes := range plan.ObjectBytes {
		cluster.plan.ObjectBytes = bytes
		for _, count := range plan.Watchers {
			open := &watchers{cluster: cluster}
			err := cluster.eventCost(ctx, open, count, secret, bytes)
			open.close()
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (cluster *cluster) eventCost(ctx context.Context, open *watchers, count int, secret object, bytes int) error {
	perConnection := cluster.plan.Costs.WatchesPerConnection
	cluster.plan.Costs.WatchesPerConnection = 1
	defer func() { cluster.plan.Costs.WatchesPerConnection = perConnection }()
	if err := open.openTo(ctx, count, func(int) string { return secret.name }); err != nil {
		return err
	}
	before := open.events.Load()
	var answered, last time.Duration
	used, err := cluster.spend(func() error {
		for write := range cluster.plan.Costs.Writes {
			began := time.Now()
			if err := cluster.patch(ctx, secret, bytes); err != nil {
				return err
			}
			answered += time.Since(began)
			if count == 0 {
				continue
			}
			if err := open.await(ctx, before+int64(count*(write+1))); err != nil {
				return err
			}
			last += time.Unix(0, open.lastEvent.Load()).Sub(began)
		}
		return nil
	})
	if err != nil {
		return err
	}
	writes := float64(cluster.plan.Costs.Writes)
	cluster.facts.add("eventCosts", eventCost{
		Watchers: count, ObjectBytes: bytes, Writes: cluster.plan.Costs.Writes, Received: open.events.Load() - before,
		// What the server does while nothing is asked of it is a hundredth of a core.
		APIServerCPUMillis: 1000 * used.apiServer / writes,
		AnsweredMillis:     1000 * answered.Seconds() / writes, LastMillis: 1000 * last.Seconds() / writes,
	})
	return nil
}

// await waits until so many events have been received.
func (open *watchers) await(ctx context.Context, events int64) error {
	waiting, cancel := context.WithTimeout(ctx, eventPatience)
	defer cancel()
	for open.events.Load() < events {
		if err := sleep(waiting, time.Millisecond); err != nil {
			return fmt.Errorf("%d of %d events of a write have come: %w", open.events.Load(), events, err)
		}
	}
	return nil
}

// openTo opens watches until there are so many, as a reflector of today does: with the initial events.
func (open *watchers) openTo(ctx context.Context, count int, name func(int) string) error {
	var lock sync.Mutex
	numbers := []int{}
	for i := len(open.streams); i < count; i++ {
		numbers = append(numbers, i)
		for len(open.clients) <= i/open.cluster.plan.Costs.WatchesPerConnection {
			client, err := open.cluster.newConnection()
			if err != nil {
				return err
			}
			open.clients = append(open.clients, client)
		}
	}
	return atOnce(makers, numbers, func(i int) error {
		client := open.clients[i/open.cluster.plan.Costs.WatchesPerConnection]
		stream, err := client.CoreV1().Secrets(namespace).Watch(ctx, metav1.ListOptions{
			FieldSelector:        fields.OneTermEqualSelector("metadata.name", name(i)).String(),
			SendInitialEvents:    ptr.To(true),
			AllowWatchBookmarks:  true,
			ResourceVersionMatch: metav1.ResourceVersionMatchNotOlderThan,
			TimeoutSeconds:       ptr.To(int64(time.Hour.Seconds())),
		})
		if err != nil {
			return err
		}
		for event := range stream.ResultChan() {
			if endsInitialEvents(event) {
				break
			}
		}
		go open.count(stream)
		lock.Lock()
		defer lock.Unlock()
		open.streams = append(open.streams, stream)
		return nil
	})
}

func (open *watchers) count(stream watch.Interface) {
	for event := range stream.ResultChan() {
		if event.Type == watch.Bookmark {
			open.bookmarks.Add(1)
			continue
		}
		open.events.Add(1)
		open.lastEvent.Store(time.Now().UnixNano())
	}
}

func (open *watchers) close() {
	for _, stream := range open.streams {
		stream.Stop()
	}
	open.streams, open.clients = nil, nil
}
