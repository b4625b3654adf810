package main

import (
	"bytes"
	"context"
	goflag "flag"
	"io"
	"net/http"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/watch"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

// stormClients are many kubelets' reflectors without kubelets: clients with a connection and a limiter each.
type stormClients struct {
	facts *facts
	open  atomic.Int64
	// watchList: reflectors begin with a WatchList where client-go has it.
	watchList bool
}

// plainListWatch has its reflector begin with LIST and WATCH: the feature gates of the whole binary are those of a kubelet.
type plainListWatch struct{ *cache.ListWatch }

// IsWatchListSemanticsUnSupported is what client-go asks (util/watchlist/watch_list.go).
func (plainListWatch) IsWatchListSemanticsUnSupported() bool { return true }

// stormRequest is a call of a reflector, from before its client's limiter to its answer (a stream's headers).
type stormRequest struct {
	SentAt          float64 `json:"sentAt"`
	Seconds         float64 `json:"seconds"`
	Client          int     `json:"client"`
	Verb            string  `json:"verb"`
	ResourceVersion string  `json:"resourceVersion"`
	InitialEvents   bool    `json:"initialEvents"`
	// Status is 0 where there was no answer; Class then says why not.
	Status int    `json:"status"`
	Class  string `json:"class,omitempty"`
}

// openWatchesPause is between two counts of open watches.
const openWatchesPause = 250 * time.Millisecond

// runStormClients starts all reflectors at once and runs until it is killed.
func runStormClients(arguments []string) error {
	flags := goflag.NewFlagSet("storm-clients", goflag.ExitOnError)
	server := flags.String("server", "", "URL of kube-apiserver")
	certificates := flags.String("pki", "", "folder of ca.crt, client-N.crt and client-N.key")
	folder := flags.String("facts", "", "folder for what is seen")
	reflectors := flags.Int("reflectors", 0, "in all")
	perClient := flags.Int("per-client", 50, "reflectors that share a connection and a limiter")
	secrets := flags.Int("secrets", 2000, "that are watched")
	watchList := flags.Bool("watch-list", true, "begin with a WatchList")
	qps := flags.Float64("qps", 50, "of a client")
	burst := flags.Int("burst", 100, "of a client")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	facts, err := newFacts(*folder)
	if err != nil {
		return err
	}
	storm := &stormClients{facts: facts, watchList: *watchList}
	for first := 0; first < *reflectors; first += *perClient {
		number := first / *perClient
		config := &rest.Config{Host: *server, QPS: float32(*qps), Burst: *burst, UserAgent: "storm"}
		config.ContentType = "application/vnd.kubernetes.protobuf"
		config.TLSClientConfig = rest.TLSClientConfig{
			CAFile:   filepath.Join(*certificates, "ca.crt"),
			CertFile: filepath.Join(*certificates, stormClient(number)+".crt"),
			KeyFile:  filepath.Join(*certificates, stormClient(number)+".key"),
		}
		config.Wrap(func(next http.RoundTripper) http.RoundTripper { return &tellingTransport{storm, number, next} })
		client, err := kubernetes.NewForConfig(config)
		if err != nil {
			return err
		}
		for i := first; i < min(first+*perClient, *reflectors); i++ {
			go storm.reflector(client, number, numberedSecret(i%*secrets).name).Run(nil)
		}
	}
	for {
		time.Sleep(openWatchesPause)
		facts.add("open", map[string]any{"at": now(), "open": storm.open.Load()})
	}
}

// reflector is that of the kubelet's manager (pkg/kubelet/util/manager/watch_based_manager.go, newReflectorLocked).
func (storm *stormClients) reflector(client kubernetes.Interface, number int, name string) *cache.Reflector {
	selector := fields.Set{"metadata.name": name}.AsSelector().String()
	secrets := client.CoreV1().Secrets(namespace)
	list := func(options metav1.ListOptions) (runtime.Object, error) {
		options.FieldSelector = selector
		told := storm.begin(number, "list", options)
		answer, err := secrets.List(context.Background(), options)
		storm.tell(told, err)
		return answer, err
	}
	watched := func(options metav1.ListOptions) (watch.Interface, error) {
		options.FieldSelector = selector
		told := storm.begin(number, "watch", options)
		stream, err := secrets.Watch(context.Background(), options)
		storm.tell(told, err)
		if err != nil {
			return nil, err
		}
		storm.open.Add(1)
		return &countedWatch{Interface: stream, storm: storm}, nil
	}
	var source cache.ListerWatcher = &cache.ListWatch{ListFunc: list, WatchFunc: watched}
	if !storm.watchList {
		source = plainListWatch{&cache.ListWatch{ListFunc: list, WatchFunc: watched}}
	}
	return cache.NewReflectorWithOptions(source, &corev1.Secret{},
		cache.NewStore(cache.MetaNamespaceKeyFunc), cache.ReflectorOptions{Name: name, MinWatchTimeout: 30 * time.Minute})
}

func (storm *stormClients) begin(number int, verb string, options metav1.ListOptions) *stormRequest {
	return &stormRequest{
		SentAt: now(), Client: number, Verb: verb, ResourceVersion: options.ResourceVersion,
		InitialEvents: options.SendInitialEvents != nil && *options.SendInitialEvents,
	}
}

func (storm *stormClients) tell(told *stormRequest, err error) {
	told.Seconds = now() - told.SentAt
	told.Status, told.Class = statusOf(err)
	storm.facts.add("requests", told)
}

// countedWatch is open until its reflector stops it.
type countedWatch struct {
	watch.Interface
	storm *stormClients
	once  sync.Once
}

func (counted *countedWatch) Stop() {
	counted.once.Do(func() { counted.storm.open.Add(-1) })
	counted.Interface.Stop()
}

// tellingTransport puts down each request as it goes over the connection, those that client-go sends again included.
type tellingTransport struct {
	storm  *stormClients
	number int
	next   http.RoundTripper
}

func (transport *tellingTransport) RoundTrip(request *http.Request) (*http.Response, error) {
	query := request.URL.Query()
	told := &stormRequest{
		SentAt: now(), Client: transport.number, Verb: "list", ResourceVersion: query.Get("resourceVersion"),
		InitialEvents: query.Get("sendInitialEvents") == "true",
	}
	if query.Get("watch") != "" {
		told.Verb = "watch"
	}
	response, err := transport.next.RoundTrip(request)
	told.Seconds = now() - told.SentAt
	if err != nil {
		told.Class = classOf(err)
	} else {
		told.Status = response.StatusCode
		if response.StatusCode == http.StatusTooManyRequests {
			told.Class, err = rejectionOf(response)
		}
	}
	transport.storm.facts.add("attempts", told)
	return response, err
}

// rejectionOf tells who rejected a request: flow control, or a watch cache that is not filled. The answer stays readable.
func rejectionOf(response *http.Response) (string, error) {
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	response.Body = io.NopCloser(bytes.NewReader(body))
	switch {
	case bytes.Contains(body, []byte("initializ")):
		return "cache", err
	case bytes.Contains(body, []byte("too many requests")), bytes.Contains(body, []byte("Too many requests")):
		return "flow-control", err
	default:
		return "other", err
	}
}

// statusOf is what client-go makes of an answer.
func statusOf(err error) (status int, class string) {
	if err == nil {
		return http.StatusOK, ""
	}
	if answered, ok := err.(interface{ Status() metav1.Status }); ok {
		return int(answered.Status().Code), ""
	}
	return 0, classOf(err)
}
