#!/usr/bin/env bash
# Linux and kube-apiserver (≥1.23): a server that is killed goes on accepting connections, and resets them.
#
# The kernel frees the memory of the process, and then closes what it had open, the newest first: each connection, then
# the inotify instances with which kube-apiserver watches its certificate files (fsnotify; one for each of up to six
# files), each of which waits for readers of the kernel's own lists, then the listening socket. Clients whose connection
# is closed dial again at once, are accepted, and are reset at the end, instead of refused.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOFLAGS="${GOFLAGS:-} -trimpath" CGO_ENABLED=0
cd "$work"

cat > go.mod <<EOF
module finding

go 1.26.0
EOF

cat > main.go <<'EOF'
// A server on loopback that holds connections, inotify instances and memory is killed; its clients look.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

const repetitions = 5

// served is what a server holds when it is killed.
type served struct{ connections, instances, mebibytes int }

// seen is what its clients see, in ms from the kill on.
type seen struct {
	first, last float64 // when connections are closed
	newestFirst bool
	early, late outcome // a connection that is dialled when the first was closed, and when the last was
}

type outcome struct {
	reset bool
	after float64
}

func serve(what served) error {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	for range what.instances {
		instance, err := syscall.InotifyInit1(syscall.IN_CLOEXEC)
		if err != nil {
			return err
		}
		file, err := os.CreateTemp(".", "certificate")
		if err != nil {
			return err
		}
		_ = file.Close()
		if _, err := syscall.InotifyAddWatch(instance, file.Name(), syscall.IN_MODIFY); err != nil {
			return err
		}
	}
	if what.mebibytes > 0 {
		const noHugePages = 15
		memory, err := syscall.Mmap(-1, 0, what.mebibytes<<20, syscall.PROT_READ|syscall.PROT_WRITE,
			syscall.MAP_ANON|syscall.MAP_PRIVATE)
		if err != nil {
			return err
		}
		if err := syscall.Madvise(memory, noHugePages); err != nil {
			return err
		}
		for page := 0; page < len(memory); page += 4096 {
			memory[page] = 1
		}
	}
	fmt.Println(listener.Addr())
	accepted := make([]net.Conn, 0, what.connections)
	for range what.connections {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		accepted = append(accepted, conn)
	}
	fmt.Println("ready")
	_, err = io.Copy(io.Discard, os.Stdin) // until it is killed, or its parent is gone
	_ = accepted
	return err
}

// dial tells what becomes of a new connection.
func dial(address string, since time.Time) outcome {
	conn, err := net.Dial("tcp", address)
	if err == nil {
		_, err = conn.Read(make([]byte, 1))
		_ = conn.Close()
	}
	return outcome{errors.Is(err, syscall.ECONNRESET), ms(time.Since(since))}
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1e3 }

func kill(what served) (seen, error) {
	server := exec.Command(os.Args[0], strconv.Itoa(what.connections), strconv.Itoa(what.instances), strconv.Itoa(what.mebibytes))
	stdin, err := server.StdinPipe()
	if err != nil {
		return seen{}, err
	}
	defer stdin.Close()
	stdout, err := server.StdoutPipe()
	if err != nil {
		return seen{}, err
	}
	if err := server.Start(); err != nil {
		return seen{}, err
	}
	defer func() { _ = server.Process.Kill(); _ = server.Wait() }()
	lines := bufio.NewScanner(stdout)
	lines.Scan()
	address := lines.Text()
	conns := make([]net.Conn, what.connections)
	for i := range conns {
		if conns[i], err = net.Dial("tcp", address); err != nil {
			return seen{}, err
		}
	}
	lines.Scan()
	time.Sleep(200 * time.Millisecond)
	var (
		all    sync.WaitGroup
		lock   sync.Mutex
		order  []int
		result seen
	)
	since := time.Now()
	for i, conn := range conns {
		all.Go(func() {
			_, _ = conn.Read(make([]byte, 1))
			after := ms(time.Since(since))
			_ = conn.Close()
			lock.Lock()
			order = append(order, i)
			first, last := len(order) == 1, len(order) == len(conns)
			lock.Unlock()
			switch {
			case first:
				result.first = after
				result.early = dial(address, since)
			case last:
				result.last = after
				result.late = dial(address, since)
			}
		})
	}
	time.Sleep(100 * time.Millisecond)
	since = time.Now()
	if err := server.Process.Kill(); err != nil {
		return seen{}, err
	}
	all.Wait()
	result.newestFirst = sum(order[:len(order)/2]) > sum(order[len(order)/2:])
	return result, nil
}

func sum(values []int) (total int) {
	for _, value := range values {
		total += value
	}
	return total
}

func median(all []seen, of func(seen) float64) float64 {
	values := make([]float64, len(all))
	for i, each := range all {
		values[i] = of(each)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func count(all []seen, of func(seen) bool) (n int) {
	for _, each := range all {
		if of(each) {
			n++
		}
	}
	return n
}

func look() error {
	same := true
	for _, what := range []served{
		{50, 0, 0}, {100, 0, 0}, {400, 0, 0}, {2000, 0, 0}, {100, 1, 0}, {100, 3, 0}, {100, 6, 0}, {100, 0, 1000}, {100, 6, 1000},
	} {
		all := make([]seen, repetitions)
		for i := range all {
			var err error
			if all[i], err = kill(what); err != nil {
				return err
			}
		}
		newest := count(all, func(s seen) bool { return s.newestFirst })
		early := count(all, func(s seen) bool { return s.early.reset })
		late := count(all, func(s seen) bool { return s.late.reset })
		fmt.Printf("seen: %4d connections, %d inotify instances, %4d MiB: closed from %5.1f to %5.1f ms, newest first in %d of %d; "+
			"dialled at the first: reset in %d, after %5.1f ms; at the last: reset in %d\n",
			what.connections, what.instances, what.mebibytes, median(all, func(s seen) float64 { return s.first }),
			median(all, func(s seen) float64 { return s.last }), newest, repetitions, early,
			median(all, func(s seen) float64 { return s.early.after }), late)
		// Of few connections without anything else to close, the end is over before some look, and these are in no order.
		if what.connections >= 400 {
			same = same && newest > repetitions/2 && early > repetitions/2
		}
		if what.instances > 0 {
			same = same && early > repetitions/2 && late > repetitions/2
		}
	}
	if !same {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("as described")
	return nil
}

func main() {
	run := look
	if len(os.Args) == 4 {
		var what served
		if _, err := fmt.Sscan(strings.Join(os.Args[1:], " "), &what.connections, &what.instances, &what.mebibytes); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		run = func() error { return serve(what) }
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}
EOF

echo "$(uname -sr)"
echo "expected: a server that is killed is gone at once: who dials it then is refused"
go build -o finding . 2> setup.log || { cat setup.log >&2; exit 2; }
./finding
