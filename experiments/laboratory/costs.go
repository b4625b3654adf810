package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"syscall"
	"time"
)

// CostsPlan is what requests, watches and events are measured with.
type CostsPlan struct {
	APIServerCores int   `json:"apiServerCores"`
	ObjectBytes    []int `json:"objectBytes"`
	// Objects in the resource: they are added, so that each number is at least the one before it.
	Objects []int `json:"objects"`
	// Requests of each kind, so many of them in flight.
	Requests int   `json:"requests"`
	InFlight []int `json:"inFlight"`
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
	InFlight           int     `json:"in_flight"`
	Count              int     `json:"count"`
	APIServerCPUMillis float64 `json:"apiserver_cpu_ms"`
	EtcdCPUMillis      float64 `json:"etcd_cpu_ms"`
	ClientCPUMillis    float64 `json:"client_cpu_ms"`
	// ClientSendMillis of them are spent before the server has done anything: until the request, or its ClientHello, is sent.
	ClientSendMillis float64 `json:"client_send_ms"`
	MedianMillis     float64 `json:"latency_p50_ms"`
	P99Millis        float64 `json:"latency_p99_ms"`
}

// costs measures requests by size and number of objects, then open watches, then events.
func (cluster *cluster) costs(ctx context.Context) error {
	plan := cluster.plan.Costs
	if err := cluster.pin(plan.APIServerCores, false); err != nil {
		return err
	}
	if err := cluster.startBoth(ctx); err != nil {
		return err
	}
	if err := cluster.makeSecrets(ctx, plan.Objects[0]); err != nil {
		return err
	}
	// The watch cache of a server that has just begun knows nothing from before: what is asked of then is answered 410.
	if err := cluster.endAPIServer("KILL"); err != nil {
		return err
	}
	if err := cluster.startAPIServer(); err != nil {
		return err
	}
	if err := cluster.ready(ctx); err != nil {
		return err
	}
	if err := cluster.rejectOne(ctx); err != nil {
		return err
	}
	made := plan.Objects[0]
	for _, objects := range plan.Objects {
		for _, bytes := range plan.ObjectBytes {
			if err := cluster.costsOf(ctx, made, objects, bytes); err != nil {
				return err
			}
			made = objects
		}
	}
	if err := cluster.watchCosts(ctx); err != nil {
		return err
	}
	return cluster.eventCosts(ctx)
}

// costsOf adds small objects to those that were made, gives the first ones their size, and has requests for them measured.
func (cluster *cluster) costsOf(ctx context.Context, made, objects, bytes int) error {
	cluster.plan.ObjectBytes = cluster.plan.Costs.ObjectBytes[0]
	for ; made < objects; made++ {
		if err := cluster.create(ctx, numberedSecret(made), 0, false); err != nil {
			return err
		}
	}
	cluster.plan.ObjectBytes = bytes
	for i := range slices.Max(cluster.plan.Costs.InFlight) {
		if err := cluster.patch(ctx, numberedSecret(i), bytes); err != nil {
			return err
		}
	}
	return cluster.requestCosts(ctx, bytes, objects)
}

func (cluster *cluster) requestCosts(ctx context.Context, bytes, objects int) error {
	idle, err := cluster.idle(ctx)
	if err != nil {
		return err
	}
	for _, inFlight := range cluster.plan.Costs.InFlight {
		askers, err := cluster.askers(ctx, inFlight, bytes)
		if err != nil {
			return err
		}
		for _, each := range requests {
			took, err := cluster.timeRequests(ctx, each, askers)
			if err != nil {
				return fmt.Errorf("%s: %w", each.name, err)
			}
			sent, err := cluster.timeSending(ctx, each, askers)
			if err != nil {
				return fmt.Errorf("sending %s: %w", each.name, err)
			}
			count := float64(len(took.durations))
			slices.Sort(took.durations)
			cluster.facts.add("costs", requestCost{
				Request: each.name, ObjectBytes: bytes, Objects: objects, InFlight: inFlight, Count: len(took.durations),
				APIServerCPUMillis: 1000 * (took.apiServer - idle.apiServer*took.seconds) / count,
				EtcdCPUMillis:      1000 * (took.etcd - idle.etcd*took.seconds) / count,
				ClientCPUMillis:    1000 * took.client / count,
				ClientSendMillis:   1000 * sent,
				MedianMillis:       took.durations[len(took.durations)/2].Seconds() * 1000,
				P99Millis:          took.durations[len(took.durations)*99/100].Seconds() * 1000,
			})
		}
	}
	return nil
}

// spent is what some time took: CPU-seconds of both servers and of their client, which is this process.
type spent struct {
	seconds, apiServer, etcd, client float64
	durations                        []time.Duration
}

// timeRequests makes as many requests as the plan says, one of each asker at a time, after some that are not counted: until
// caches and connections are warm.
func (cluster *cluster) timeRequests(ctx context.Context, each request, askers []*asker) (spent, error) {
	if _, err := ask(ctx, each, askers, cluster.plan.Costs.Requests/20); err != nil {
		return spent{}, err
	}
	var durations []time.Duration
	took, err := cluster.spend(func() (err error) {
		durations, err = ask(ctx, each, askers, cluster.plan.Costs.Requests)
		return err
	})
	took.durations = durations
	return took, err
}

// sendRounds is how often each asker has a request sent to a server that is stopped, for sendPause each time: much longer
// than that takes, so what this process does besides is measured before, for as long.
const (
	sendRounds = 15
	sendPause  = 100 * time.Millisecond
)

// timeSending is what a request takes its client until it is sent, CPU-seconds: the server is stopped meanwhile, and answers
// then. The median of the rounds: a collection of garbage may fall into one of them.
func (cluster *cluster) timeSending(ctx context.Context, each request, askers []*asker) (float64, error) {
	server := cluster.apiServer.Load()
	rounds := make([]float64, sendRounds)
	for round := range rounds {
		if err := server.signal(syscall.SIGSTOP); err != nil {
			return 0, err
		}
		before := ownCPUSeconds()
		rested := sleep(ctx, sendPause)
		begun := ownCPUSeconds()
		asked := make(chan error, 1)
		go func() {
			_, err := ask(ctx, each, askers, len(askers))
			asked <- err
		}()
		slept := sleep(ctx, sendPause)
		rounds[round] = (ownCPUSeconds() - begun) - (begun - before)
		if err := errors.Join(rested, slept, server.signal(syscall.SIGCONT), <-asked); err != nil {
			return 0, err
		}
	}
	slices.Sort(rounds)
	return rounds[sendRounds/2] / float64(len(askers)), nil
}

// ask has askers make at least so many requests, as many each, and tells how long each took.
func ask(ctx context.Context, each request, askers []*asker, count int) ([]time.Duration, error) {
	own := (count + len(askers) - 1) / len(askers)
	durations := make([]time.Duration, own*len(askers))
	err := atOnce(len(askers), askers, func(asker *asker) error {
		for i := range own {
			began := time.Now()
			if err := each.make(ctx, asker); err != nil {
				return err
			}
			durations[asker.number*own+i] = time.Since(began)
		}
		return nil
	})
	return durations, err
}

// idle is what the servers use of a core while nothing is asked.
func (cluster *cluster) idle(ctx context.Context) (spent, error) {
	rest := seconds(cluster.plan.Costs.IdleSeconds)
	used, err := cluster.spend(func() error { return sleep(ctx, rest) })
	return spent{apiServer: used.apiServer / used.seconds, etcd: used.etcd / used.seconds}, err
}

func (cluster *cluster) spend(work func() error) (spent, error) {
	began := time.Now()
	client := ownCPUSeconds()
	apiServer, err := cluster.apiServer.Load().usage()
	if err != nil {
		return spent{}, err
	}
	etcd, err := cluster.etcd.usage()
	if err != nil {
		return spent{}, err
	}
	took := spent{}
	if err := work(); err != nil {
		return spent{}, err
	}
	took.seconds = time.Since(began).Seconds()
	took.client = ownCPUSeconds() - client
	after, err := cluster.apiServer.Load().usage()
	if err != nil {
		return spent{}, err
	}
	etcdAfter, err := cluster.etcd.usage()
	took.apiServer = after.CPUSeconds - apiServer.CPUSeconds
	took.etcd = etcdAfter.CPUSeconds - etcd.CPUSeconds
	return took, err
}

// ownCPUSeconds are those of this process so far.
func ownCPUSeconds() float64 {
	used := syscall.Rusage{}
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		panic(err) // It fails for bad arguments only.
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}
