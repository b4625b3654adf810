package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/kubernetes/typed/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/utils/ptr"
)

// asker makes one request at a time, for one Secret, on a connection that it shares with others.
type asker struct {
	cluster *cluster
	client  *kubernetes.Clientset
	// rejected by flow control, whatever it asks.
	rejected *http.Client
	// handshakes are made with these settings.
	handshakes *tls.Dialer
	number     int
	bytes      int
	// version is the newest of Secrets before anything was measured: no event follows a watch from it on.
	version string
}

// askersPerConnection share one.
const askersPerConnection = 8

func (cluster *cluster) askers(ctx context.Context, count, bytes int) ([]*asker, error) {
	found, err := cluster.client.CoreV1().Secrets(namespace).List(ctx, metav1.ListOptions{ResourceVersion: "0", Limit: 1})
	if err != nil {
		return nil, err
	}
	settings, err := rest.TLSConfigFor(cluster.config("admin"))
	if err != nil {
		return nil, err
	}
	settings.NextProtos = []string{"h2", "http/1.1"} // As client-go.
	handshakes := &tls.Dialer{Config: settings}
	all := make([]*asker, count)
	var client *kubernetes.Clientset
	var rejected *http.Client
	for i := range all {
		if i%askersPerConnection == 0 {
			if client, err = cluster.newConnection(); err != nil {
				return nil, err
			}
			if rejected, err = cluster.rejectedClient(); err != nil {
				return nil, err
			}
		}
		all[i] = &asker{cluster, client, rejected, handshakes, i, bytes, found.ResourceVersion}
	}
	return all, nil
}

// newConnection is a client with one of its own: configurations without a dialer of their own share one.
func (cluster *cluster) newConnection() (*kubernetes.Clientset, error) {
	config := cluster.config("admin")
	config.Dial = (&net.Dialer{}).DialContext
	return kubernetes.NewForConfig(config)
}

func (asker *asker) name() string {
	return numberedSecret(asker.number).name
}

func (asker *asker) secrets() v1.SecretInterface {
	return asker.client.CoreV1().Secrets(namespace)
}

// options of a LIST or WATCH of the Secret alone.
func (asker *asker) options(version string) metav1.ListOptions {
	selector := fields.OneTermEqualSelector("metadata.name", asker.name())
	return metav1.ListOptions{FieldSelector: selector.String(), ResourceVersion: version}
}

// request is one that is measured: a name, and how it is made.
type request struct {
	name string
	make func(ctx context.Context, asker *asker) error
}

// requests are those of a kubelet's managers, and a write, which is last: until then the version is the newest.
var requests = []request{
	{"GET resourceVersion=0", func(ctx context.Context, asker *asker) error { return asker.get(ctx, "0") }},
	{"GET quorum", func(ctx context.Context, asker *asker) error { return asker.get(ctx, "") }},
	{"LIST metadata.name resourceVersion=0", func(ctx context.Context, asker *asker) error { return asker.list(ctx, "0") }},
	{"LIST metadata.name quorum", func(ctx context.Context, asker *asker) error { return asker.list(ctx, "") }},
	{"WATCH resourceVersion=0, first event, close", func(ctx context.Context, asker *asker) error {
		return openUntil(ctx, asker.secrets(), asker.options("0"), isObject)
	}},
	{"WATCH resourceVersion=set, close", func(ctx context.Context, asker *asker) error {
		return openUntil(ctx, asker.secrets(), asker.options(asker.version), nil)
	}},
	{"WATCH resourceVersion=1, 410", watchGone},
	{"WatchList, initial events, close", func(ctx context.Context, asker *asker) error {
		options := asker.options("")
		options.SendInitialEvents = ptr.To(true)
		options.AllowWatchBookmarks = true
		options.ResourceVersionMatch = metav1.ResourceVersionMatchNotOlderThan
		return openUntil(ctx, asker.secrets(), options, endsInitialEvents)
	}},
	{"GET, 429", func(ctx context.Context, asker *asker) error {
		return asker.cluster.askInVain(ctx, asker.rejected, asker.name())
	}},
	{"TLS connection, close", func(ctx context.Context, asker *asker) error { return asker.shakeHands(ctx) }},
	{"TLS connection, GET resourceVersion=0, close", func(ctx context.Context, asker *asker) error {
		return asker.cluster.getOnNewConnection(ctx, asker.name())
	}},
	{"PATCH", func(ctx context.Context, asker *asker) error {
		return asker.cluster.patch(ctx, numberedSecret(asker.number), asker.bytes)
	}},
}

func (asker *asker) get(ctx context.Context, version string) error {
	_, err := asker.secrets().Get(ctx, asker.name(), metav1.GetOptions{ResourceVersion: version})
	return err
}

func (asker *asker) list(ctx context.Context, version string) error {
	_, err := asker.secrets().List(ctx, asker.options(version))
	return err
}

// watchGone is a watch from before all that the watch cache knows, as a reflector's is after a restart of the server.
func watchGone(ctx context.Context, asker *asker) error {
	stream, err := asker.secrets().Watch(ctx, asker.options("1"))
	if apierrors.IsResourceExpired(err) || apierrors.IsGone(err) {
		return nil
	}
	if err != nil {
		return err
	}
	defer stream.Stop()
	if event, open := <-stream.ResultChan(); open && event.Type == watch.Error {
		return nil
	}
	return errors.New("a watch from version 1 on was not answered 410")
}

// shakeHands opens a connection, and closes it, as a client does with those that it begun for requests which went over another.
func (asker *asker) shakeHands(ctx context.Context) error {
	connection, err := asker.handshakes.DialContext(ctx, "tcp", strings.TrimPrefix(asker.cluster.url(), "https://"))
	if err != nil {
		return err
	}
	return connection.Close()
}

func (cluster *cluster) getOnNewConnection(ctx context.Context, name string) error {
	config := cluster.config("admin")
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
