#!/usr/bin/env bash
# The client with which an API server asks etcd: before a read leaves, the writer of its connection lets everything else run that
# is ready (gRPC's loopyWriter.run: runtime.Gosched below minBatchSize). Where there is more to do than cores, that is a whole round
# of the scheduler, and it counts as etcd's latency.
set -euo pipefail

version=v3.7.0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOMODCACHE="$work/mod" GOFLAGS="${GOFLAGS:-} -modcacherw -trimpath" CGO_ENABLED=0
cd "$work"

cat > go.mod <<EOF
module finding

go 1.26.0

require (
	go.etcd.io/etcd/api/v3 $version
	go.etcd.io/etcd/client/v3 $version
	google.golang.org/grpc v1.82.1
)
EOF

cat > main.go <<'EOF'
// One core, on which goroutines run for a millisecond each in turn: how long after a call its first byte is written to the
// connection, of a read of etcd and of a request of net/http.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	clientv3 "go.etcd.io/etcd/client/v3"
	"google.golang.org/grpc"
)

const (
	others = 400
	slice  = time.Millisecond
	calls  = 5
)

var began time.Time
var leftAfter atomic.Int64

// store answers reads, and finds nothing.
type store struct {
	etcdserverpb.UnimplementedKVServer
}

func (store) Range(context.Context, *etcdserverpb.RangeRequest) (*etcdserverpb.RangeResponse, error) {
	return &etcdserverpb.RangeResponse{Header: &etcdserverpb.ResponseHeader{}}, nil
}

// noting is a connection that puts down when the first byte since a call is written.
type noting struct{ net.Conn }

func (conn noting) Write(bytes []byte) (int, error) {
	leftAfter.CompareAndSwap(0, int64(time.Since(began)))
	return conn.Conn.Write(bytes)
}

func dial(ctx context.Context, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	return noting{conn}, err
}

// leaves is the median of some calls, each after its connection has been used.
func leaves(call func() error) time.Duration {
	var all []time.Duration
	for i := range calls + 1 {
		leftAfter.Store(0)
		began = time.Now()
		if err := call(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		if i > 0 {
			all = append(all, time.Duration(leftAfter.Load()))
		}
	}
	slices.Sort(all)
	return all[calls/2].Round(100 * time.Microsecond)
}

func main() {
	runtime.GOMAXPROCS(1)
	listener, _ := net.Listen("tcp", "127.0.0.1:0")
	server := grpc.NewServer()
	etcdserverpb.RegisterKVServer(server, store{})
	go server.Serve(listener)
	web, _ := net.Listen("tcp", "127.0.0.1:0")
	go http.Serve(web, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) }))

	client, err := clientv3.New(clientv3.Config{
		Endpoints:   []string{"http://" + listener.Addr().String()},
		DialOptions: []grpc.DialOption{grpc.WithContextDialer(dial)},
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	read := func() error {
		_, err := client.Get(context.Background(), "/registry/secrets/default/s")
		return err
	}
	httpClient := &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, address string) (net.Conn, error) { return dial(ctx, address) }}}
	request := func() error {
		response, err := httpClient.Post("http://"+web.Addr().String(), "text/plain", strings.NewReader("x"))
		if err != nil {
			return err
		}
		_, _ = io.Copy(io.Discard, response.Body)
		return response.Body.Close()
	}

	idle := leaves(read)
	for range others {
		go func() {
			for {
				for since := time.Now(); time.Since(since) < slice; {
				}
				runtime.Gosched()
			}
		}()
	}
	busy, http := leaves(read), leaves(request)
	fmt.Printf("seen: a read leaves after %v on an idle core; with %d other goroutines of %v each after %v, a request of net/http after %v\n",
		idle, others, slice, busy, http)
	round := others * slice
	if idle > 20*time.Millisecond || busy < round*3/4 || http > round/4 {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("as described")
}
EOF

echo "go.etcd.io/etcd/client/v3 $version"
echo "expected: a read of etcd on an open connection leaves at once, as a request of net/http does"
go build -mod=mod -o finding . 2> setup.log || { cat setup.log >&2; exit 2; }
./finding
