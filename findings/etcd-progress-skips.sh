#!/usr/bin/env bash
# What etcd tells of its progress: a watch opened with progress notifications gets one each --watch-progress-notify-interval. A watch
# that has an event within each interval gets none at all (v3rpc/watch.go sendLoop: an event takes back the mark that the tick looks
# for), and after its last event the first comes with the second tick. API servers keep their watch caches up to date by them.
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
	go.etcd.io/etcd/client/v3 $version
	go.etcd.io/etcd/server/v3 $version
)
EOF

cat > main.go <<'EOF'
// Two watches with WithProgressNotify of one etcd, which is to tell each of them every second how far it is; one of them has
// an event each 0.7 s.
package main

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
	"go.etcd.io/etcd/server/v3/embed"
)

const (
	interval = time.Second
	writes   = 700 * time.Millisecond
	busy     = 21 * time.Second
)

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// count counts the progress notifications of a watch, and keeps when the last event and the first notification after it came.
type count struct {
	notified  int
	lastEvent time.Time
	firstTold time.Time
}

func (count *count) of(response clientv3.WatchResponse) {
	if response.IsProgressNotify() {
		count.notified++
		if count.firstTold.IsZero() {
			count.firstTold = time.Now()
		}
	}
	if len(response.Events) > 0 {
		count.lastEvent, count.firstTold = time.Now(), time.Time{}
	}
}

func start(folder string) *embed.Etcd {
	config := embed.NewConfig()
	config.Dir = filepath.Join(folder, "data")
	config.LogLevel = "panic"
	socket := func(name string) url.URL { return url.URL{Scheme: "unix", Path: filepath.Join(folder, name)} }
	client, peer := socket("client"), socket("peer")
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{client}, []url.URL{client}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{peer}, []url.URL{peer}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	config.WatchProgressNotifyInterval = interval
	server, err := embed.StartEtcd(config)
	fail(err)
	<-server.Server.ReadyNotify()
	return server
}

func main() {
	folder := os.Args[1]
	server := start(folder)
	defer server.Close()
	client, err := clientv3.New(clientv3.Config{Endpoints: []string{"unix://" + filepath.Join(folder, "client")}})
	fail(err)
	defer client.Close()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	written := client.Watch(ctx, "written/", clientv3.WithPrefix(), clientv3.WithProgressNotify())
	quiet := client.Watch(ctx, "quiet/", clientv3.WithPrefix(), clientv3.WithProgressNotify())
	var ofWritten, ofQuiet count
	ticker := time.NewTicker(writes)
	until := time.After(busy)
	for open := true; open; {
		select {
		case response := <-written:
			ofWritten.of(response)
		case response := <-quiet:
			ofQuiet.of(response)
		case <-ticker.C:
			_, err := client.Put(ctx, "written/key", "value")
			fail(err)
		case <-until:
			open = false
		}
	}
	ticker.Stop()
	quietTold, writtenTold := ofQuiet.notified, ofWritten.notified
	for ofWritten.firstTold.IsZero() {
		select {
		case response := <-written:
			ofWritten.of(response)
		case response := <-quiet:
			ofQuiet.of(response)
		}
	}
	after := ofWritten.firstTold.Sub(ofWritten.lastEvent).Round(100 * time.Millisecond)
	fmt.Printf("seen: in %v the watch without events was told %d times, the one with an event each %v %d times; and %v after its last event\n",
		busy, quietTold, writes, writtenTold, after)
	// The interval has up to a tenth more, as drawn for each stream; a tick may be late on a busy machine.
	if quietTold < 15 || writtenTold > 0 || after < interval {
		fmt.Println("CHANGED")
		os.Exit(1)
	}
	fmt.Println("as described")
}
EOF

echo "go.etcd.io/etcd/server/v3 $version, an event each 0.7 s, --watch-progress-notify-interval=1s"
echo "expected: both watches are told each 1 to 1.1 s how far etcd is, so that neither is further behind than that"
go build -mod=mod -o finding . 2> setup.log || { cat setup.log >&2; exit 2; }
mkdir etcd
./finding "$work/etcd"
