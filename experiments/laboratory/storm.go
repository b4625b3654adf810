package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// StormPlan is a restart of a server that many reflectors on single Secrets have watches on.
type StormPlan struct {
	Reflectors          int     `json:"reflectors"`
	ReflectorsPerClient int     `json:"reflectorsPerClient"`
	Secrets             int     `json:"secrets"`
	APIServerCores      int     `json:"apiServerCores"`
	WatchList           bool    `json:"watchList"`
	Signal              string  `json:"signal"`
	DowntimeSeconds     float64 `json:"downtimeSeconds"`
	// Turns where the machine has too few cores for the server and its clients; nil: all run at once.
	Turns *Turns `json:"turns"`
	// ObserveSeconds from the start of the new process on.
	ObserveSeconds float64 `json:"observeSeconds"`
}

// processPause is between two readings of the server's CPU.
const processPause = 500 * time.Millisecond

// storm has the clients start, kills the server when they have settled, and tells what its successor does.
func (cluster *cluster) storm(ctx context.Context) error {
	plan := cluster.plan.Storm
	if err := cluster.pin(plan.APIServerCores, plan.Turns != nil); err != nil {
		return err
	}
	if err := cluster.startBoth(ctx); err != nil {
		return err
	}
	if err := cluster.makeSecrets(ctx, plan.Secrets); err != nil {
		return err
	}
	clients, err := cluster.startStormClients(plan)
	if err != nil {
		return err
	}
	defer clients.stop(0)
	began := time.Now()
	cluster.facts.event("clientsStart", nil)
	if err := sleep(ctx, seconds(cluster.plan.SettleSeconds)); err != nil {
		return err
	}
	if !clients.running() {
		return errors.New("the clients have ended: see logs/storm-clients.log")
	}
	if plan.Turns != nil {
		turns, endTurns := context.WithCancel(ctx)
		defer endTurns()
		if err := cluster.takeTurns(turns, *plan.Turns, clients); err != nil {
			return err
		}
	}
	if err := cluster.replaceAPIServer(ctx, plan, clients); err != nil {
		return err
	}
	watching, stopWatching := context.WithTimeout(ctx, seconds(plan.ObserveSeconds))
	defer stopWatching()
	var watchers sync.WaitGroup
	watchers.Add(1)
	go func() {
		defer watchers.Done()
		cluster.watchProcesses(watching, clients)
	}()
	// A server that is not ready by the end of it was not: that is what was to be seen.
	if err := cluster.ready(watching); err == nil {
		cluster.facts.event("ready", nil)
	}
	watchers.Wait()
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := cluster.tellStart(began); err != nil {
		return err
	}
	return cluster.tellLevels(ctx)
}

// pin gives kube-apiserver the first cores and everything else the others. Where they take turns, the last core may be of both.
func (cluster *cluster) pin(cores int, turns bool) error {
	all := runtime.NumCPU()
	first := cores
	if turns {
		first = min(cores, all-1)
	}
	if cores > all || first >= all {
		return fmt.Errorf("%d cores for kube-apiserver alone need a machine of more; this has %d", cores, all)
	}
	cluster.prefix = []string{"taskset", "-c", fmt.Sprintf("0-%d", cores-1)}
	cluster.otherPrefix = []string{"taskset", "-c", fmt.Sprintf("%d-%d", first, all-1)}
	return nil
}

func (cluster *cluster) startBoth(ctx context.Context) error {
	if err := cluster.startEtcd(ctx); err != nil {
		return err
	}
	if err := cluster.startAPIServer(); err != nil {
		return err
	}
	return cluster.ready(ctx)
}

func (cluster *cluster) makeSecrets(ctx context.Context, count int) error {
	names := make([]object, count)
	for i := range names {
		names[i] = numberedSecret(i)
	}
	return atOnce(makers, names, func(each object) error { return cluster.create(ctx, each, 0, false) })
}

func numberedSecret(number int) object {
	return object{secretKind, fmt.Sprintf("secret-%d", number)}
}

func (cluster *cluster) startStormClients(plan *StormPlan) (*child, error) {
	count := (plan.Reflectors + plan.ReflectorsPerClient - 1) / plan.ReflectorsPerClient
	for i := range count {
		if err := cluster.pki.issue(stormClient(i), "system:node:"+stormClient(i), "system:nodes"); err != nil {
			return nil, err
		}
	}
	binary, err := os.Executable()
	if err != nil {
		return nil, err
	}
	command := append(append([]string{}, cluster.otherPrefix...), binary, "storm-clients",
		"--server="+cluster.url(), "--pki="+cluster.pki.folder, "--facts="+filepath.Join(cluster.facts.folder, "clients"),
		fmt.Sprintf("--reflectors=%d", plan.Reflectors), fmt.Sprintf("--per-client=%d", plan.ReflectorsPerClient),
		fmt.Sprintf("--secrets=%d", plan.Secrets), fmt.Sprintf("--watch-list=%t", plan.WatchList),
		fmt.Sprintf("--qps=%g", cluster.plan.KubeAPIQPS), fmt.Sprintf("--burst=%d", cluster.plan.KubeAPIBurst))
	return startCommand(cluster.work, "storm-clients", nil, command[0], command[1:]...)
}

func stormClient(number int) string {
	return fmt.Sprintf("client-%d", number)
}

func (cluster *cluster) replaceAPIServer(ctx context.Context, plan *StormPlan, clients *child) error {
	used, err := cluster.usages(clients)
	if err != nil {
		return err
	}
	cluster.facts.event("kill", used)
	if err := cluster.endAPIServer(plan.Signal); err != nil {
		return err
	}
	if plan.Signal != "KILL" {
		cluster.facts.event("exited", nil)
	}
	if err := sleep(ctx, seconds(plan.DowntimeSeconds)); err != nil {
		return err
	}
	cluster.facts.event("start", nil)
	return cluster.startAPIServer()
}

// watchProcesses puts down what the server and its clients have used, without asking the server.
func (cluster *cluster) watchProcesses(ctx context.Context, clients *child) {
	for sleep(ctx, processPause) == nil {
		if used, err := cluster.usages(clients); err == nil {
			cluster.facts.event("cpu", used)
		}
	}
}

func (cluster *cluster) usages(clients *child) (map[string]any, error) {
	server, err := cluster.apiServer.Load().usage()
	if err != nil {
		return nil, err
	}
	theirs, err := clients.usage()
	return map[string]any{
		"apiServerCPUSeconds": server.CPUSeconds, "residentBytes": server.ResidentBytes, "clientsCPUSeconds": theirs.CPUSeconds,
	}, err
}

// classOf tells apart why a request had no answer.
func classOf(err error) string {
	text := err.Error()
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.ECONNRESET):
		return "reset"
	case strings.Contains(text, "TLS handshake timeout"):
		return "tls-timeout"
	case errors.Is(err, context.Canceled):
		return "canceled"
	case strings.Contains(text, "GOAWAY"):
		return "goaway"
	case strings.Contains(text, "EOF"):
		return "eof"
	case errors.Is(err, context.DeadlineExceeded) || strings.Contains(text, "timeout"):
		return "timeout"
	case strings.Contains(text, "connection lost") || strings.Contains(text, "closed"):
		return "lost"
	default:
		return "other"
	}
}
