#!/usr/bin/env bash
# client-go: a WATCH whose connection is reset is no error to the reflector, so its back-off never starts.
#
# rest.Request.Watch repeats a reset or early-closed connection ten times at one-second waits, without growth, and then
# hands back a closed, empty watch with a nil error. The reflector takes that for a watch that ended well and asks again
# at once. A refused connection is an error instead, and starts the back-off (0.8 s, doubled up to 30 s, jittered).
set -euo pipefail

version=v0.37.2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export GOMODCACHE="$work/mod" GOFLAGS="${GOFLAGS:-} -modcacherw -trimpath" CGO_ENABLED=0
cd "$work"

cat > go.mod <<EOF
module finding

go 1.26.0

require k8s.io/client-go $version
EOF

cat > main.go <<'EOF'
// One reflector with client-go's defaults watches Secrets of a small server on loopback; then 21 s of outage begin.
// Counted are the connections that it dials in the outage, once when each is reset, once when each is refused.
package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"sync/atomic"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

const outage = 21 * time.Second

const (
	list     = `{"kind":"SecretList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[]}`
	bookmark = `{"type":"BOOKMARK","object":{"kind":"Secret","apiVersion":"v1","metadata":{"resourceVersion":"7",` +
		`"annotations":{"k8s.io/initial-events-end":"true"}}}}`
)

// cluster is an API server that can be taken down, and counts what is dialled while it is down.
type cluster struct {
	*httptest.Server
	down    atomic.Bool
	refuses bool
	dials   atomic.Int32
}

func newCluster(refuses bool) *cluster {
	c := &cluster{refuses: refuses}
	c.Server = httptest.NewServer(c)
	return c
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	switch {
	case c.down.Load():
		conn, _, err := w.(http.Hijacker).Hijack()
		if err == nil {
			_ = conn.(*net.TCPConn).SetLinger(0) // closes with a reset
			_ = conn.Close()
		}
	case r.URL.Query().Get("watch") == "":
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, list)
	default:
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Query().Get("sendInitialEvents") == "true" {
			_, _ = io.WriteString(w, bookmark)
		}
		w.(http.Flusher).Flush()
		<-r.Context().Done()
	}
}

// dial counts; a refused connection is a real one, to a port on which nothing listens any more.
func (c *cluster) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if c.down.Load() {
		c.dials.Add(1)
		if c.refuses {
			closed, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return nil, err
			}
			address = closed.Addr().String()
			_ = closed.Close()
		}
	}
	return (&net.Dialer{}).DialContext(ctx, network, address)
}

func (c *cluster) secrets() dynamic.NamespaceableResourceInterface {
	config := &rest.Config{Host: c.URL, Dial: c.dial}
	return dynamic.NewForConfigOrDie(config).Resource(schema.GroupVersionResource{Version: "v1", Resource: "secrets"})
}

// triesInOutage runs a reflector against the cluster and returns how often it dialled in the outage.
func triesInOutage(refuses bool) int32 {
	c := newCluster(refuses)
	ctx, cancel := context.WithCancel(context.Background())
	secrets := c.secrets()
	lw := &cache.ListWatch{
		ListWithContextFunc: func(ctx context.Context, o metav1.ListOptions) (runtime.Object, error) {
			return secrets.List(ctx, o)
		},
		WatchFuncWithContext: func(ctx context.Context, o metav1.ListOptions) (watch.Interface, error) {
			return secrets.Watch(ctx, o)
		},
	}
	reflector := cache.NewReflector(lw, &unstructured.Unstructured{}, cache.NewStore(cache.MetaNamespaceKeyFunc), 0)
	done := make(chan struct{})
	go func() { defer close(done); reflector.RunWithContext(ctx) }()
	time.Sleep(2 * time.Second) // longer than what the reflector calls a very short watch
	c.down.Store(true)
	c.CloseClientConnections()
	time.Sleep(outage)
	tries := c.dials.Load()
	cancel()
	<-done
	c.Close()
	return tries
}

// oneWatch asks for a watch of a cluster that is down, as a reflector does.
func oneWatch(refuses bool) (tries int32, closed bool, err error) {
	c := newCluster(refuses)
	defer c.Close()
	c.down.Store(true)
	w, err := c.secrets().Watch(context.Background(), metav1.ListOptions{})
	if w != nil {
		_, open := <-w.ResultChan()
		closed = !open
	}
	return c.dials.Load(), closed, err
}

func oneList() (tries int32, err error) {
	c := newCluster(false)
	defer c.Close()
	c.down.Store(true)
	_, err = c.secrets().List(context.Background(), metav1.ListOptions{})
	return c.dials.Load(), err
}

func main() {
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)
	var (
		all                          sync.WaitGroup
		reset, refused               int32
		watchTries, listTries        int32
		watchClosed                  bool
		watchErr, listErr, refuseErr error
	)
	all.Go(func() { reset = triesInOutage(false) })
	all.Go(func() { refused = triesInOutage(true) })
	all.Go(func() { watchTries, watchClosed, watchErr = oneWatch(false) })
	all.Go(func() { listTries, listErr = oneList() })
	all.Go(func() { _, _, refuseErr = oneWatch(true) })
	all.Wait()
	fmt.Printf("seen: one WATCH, connection reset: %d tries, error %v, closed empty watch %t\n",
		watchTries, watchErr, watchClosed)
	fmt.Printf("seen: one LIST, connection reset: %d tries, an error %t\n", listTries, listErr != nil)
	fmt.Printf("seen: one WATCH, connection refused: an error %t\n", refuseErr != nil)
	fmt.Printf("seen: tries of one reflector in %v: %d when reset, %d when refused\n", outage, reset, refused)
	same := watchTries == 11 && watchErr == nil && watchClosed && listTries == 11 && listErr != nil && refuseErr != nil &&
		reset >= 15 && refused <= 8
	if !same {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("as described")
}
EOF

echo "k8s.io/client-go $version"
echo "expected: a reset WATCH ends in an error, as a reset LIST does, and the reflector backs off as for a refused one:"
echo "expected: at most 6 tries in 21 s"
go build -mod=mod -o finding . 2> setup.log || { cat setup.log >&2; exit 2; }
./finding 2> log || { cat log >&2; exit 1; }
