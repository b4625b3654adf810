package main

import (
	"context"
	"fmt"
	"runtime"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Turns are how long kube-apiserver has the cores before all else has them.
type Turns struct {
	APIServerSeconds float64 `json:"apiServerSeconds"`
	OtherSeconds     float64 `json:"otherSeconds"`
}

// turnPriority is real-time: a turn ends on time however busy the cores are.
const turnPriority = 50

// takeTurns lets kube-apiserver and all else run one after the other, by SIGSTOP and SIGCONT: each has the cores that it is
// pinned to for itself for a share of the time, as on a machine that has as many for each, but slower ones. It ends with its
// context, and leaves all running.
func (cluster *cluster) takeTurns(ctx context.Context, turns Turns, clients *child) error {
	ready := make(chan error)
	go func() {
		// Not given back: the thread ends with the goroutine.
		runtime.LockOSThread()
		attributes := &unix.SchedAttr{Size: unix.SizeofSchedAttr, Policy: unix.SCHED_FIFO, Priority: turnPriority}
		if err := unix.SchedSetAttr(0, attributes, 0); err != nil {
			ready <- fmt.Errorf("turns need a real-time priority (as root, or ulimit -r): %w", err)
			return
		}
		ready <- nil
		others := []*child{cluster.etcd, clients}
		for ends := monotonic(); ctx.Err() == nil; {
			signalAll(syscall.SIGSTOP, others...)
			signalAll(syscall.SIGCONT, cluster.apiServer.Load())
			ends += seconds(turns.APIServerSeconds)
			sleepUntil(ends)
			signalAll(syscall.SIGSTOP, cluster.apiServer.Load())
			signalAll(syscall.SIGCONT, others...)
			ends += seconds(turns.OtherSeconds)
			sleepUntil(ends)
		}
		signalAll(syscall.SIGCONT, append(others, cluster.apiServer.Load())...)
	}()
	return <-ready
}

// monotonic is the time of the clock that sleepUntil goes by.
func monotonic() time.Duration {
	var read unix.Timespec
	_ = unix.ClockGettime(unix.CLOCK_MONOTONIC, &read)
	return time.Duration(read.Nano())
}

// sleepUntil keeps its thread, which time.Sleep would have another one wake.
func sleepUntil(at time.Duration) {
	until := unix.NsecToTimespec(int64(at))
	for unix.ClockNanosleep(unix.CLOCK_MONOTONIC, unix.TIMER_ABSTIME, &until, nil) == unix.EINTR {
	}
}

// signalAll leaves out those that have ended.
func signalAll(signal syscall.Signal, processes ...*child) {
	for _, process := range processes {
		_ = process.signal(signal)
	}
}
