// The laboratory: a real Kubernetes on loopback, measured. One binary is every process of it.
package main

import (
	"fmt"
	"os"
	"runtime"
)

// Processes of a laboratory, by the first argument. Each takes the arguments that follow.
var processes = map[string]func(arguments []string) error{
	"run":           conduct,
	"etcd":          runEtcd,
	"apiserver":     runAPIServer,
	"kubelet":       runKubelet,
	"storm-clients": runStormClients,
}

// Children end with the thread that started them (Pdeathsig), so the main goroutine keeps its thread.
func init() {
	runtime.LockOSThread()
}

func main() {
	if len(os.Args) < 2 || processes[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: laboratory run PLAN FACTS WORK (the other processes are started by it)")
		os.Exit(2)
	}
	if err := processes[os.Args[1]](os.Args[2:]); err != nil {
		fmt.Fprintf(os.Stderr, "laboratory %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}
