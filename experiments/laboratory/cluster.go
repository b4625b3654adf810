package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

const (
	etcdPatience      = 30 * time.Second
	apiServerPatience = 2 * time.Minute
)

// cluster is etcd, kube-apiserver and kubelets, each a process of its own on loopback.
type cluster struct {
	plan  *Plan
	facts *facts
	// work is a folder that nobody needs afterwards: certificates, etcd's data, logs, the kubelets' root directories.
	work     string
	pki      *pki
	port     int
	etcdPort int
	etcd     *child
	// apiServer is another process after each restart.
	apiServer atomic.Pointer[child]
	kubelets  []*child
	client    *kubernetes.Clientset
	// raw is the same administrator without client-go, for /readyz and /metrics.
	raw *http.Client
	// prefix is a program, with its arguments, that runs kube-apiserver, as taskset does; mostly empty.
	prefix []string
	// otherPrefix runs etcd and clients; mostly empty.
	otherPrefix []string
}

func newCluster(plan *Plan, facts *facts, work string) (*cluster, error) {
	authority, err := newPKI(filepath.Join(work, "pki"))
	if err != nil {
		return nil, err
	}
	made := &cluster{plan: plan, facts: facts, work: work, pki: authority}
	for _, each := range [][3]string{{"server", "kube-apiserver", "laboratory"}, {"admin", "admin", "system:masters"}} {
		if err := authority.issue(each[0], each[1], each[2]); err != nil {
			return nil, err
		}
	}
	if made.client, err = kubernetes.NewForConfig(made.config("admin")); err != nil {
		return nil, err
	}
	return made, made.connectRaw()
}

// config is that of a user's client without a limit of its rate.
func (cluster *cluster) config(user string) *rest.Config {
	if cluster.port == 0 {
		cluster.port = freePort()
	}
	config := &rest.Config{Host: cluster.url(), QPS: -1, UserAgent: "laboratory"}
	config.ContentType = "application/vnd.kubernetes.protobuf"
	config.TLSClientConfig = rest.TLSClientConfig{
		CAFile:   filepath.Join(cluster.pki.folder, "ca.crt"),
		CertFile: filepath.Join(cluster.pki.folder, user+".crt"),
		KeyFile:  filepath.Join(cluster.pki.folder, user+".key"),
	}
	return config
}

func (cluster *cluster) connectRaw() error {
	pair, err := tls.LoadX509KeyPair(filepath.Join(cluster.pki.folder, "admin.crt"), filepath.Join(cluster.pki.folder, "admin.key"))
	if err != nil {
		return err
	}
	authorities := x509.NewCertPool()
	authorities.AddCert(cluster.pki.certificate)
	cluster.raw = &http.Client{
		Timeout: 20 * time.Second,
		Transport: &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: authorities, Certificates: []tls.Certificate{pair}},
			// A connection that outlives a killed server would answer for it.
			DisableKeepAlives: true,
		},
	}
	return nil
}

func (cluster *cluster) url() string {
	return fmt.Sprintf("https://127.0.0.1:%d", cluster.port)
}

// get is an answer of kube-apiserver to the administrator.
func (cluster *cluster) get(ctx context.Context, path string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, cluster.url()+path, nil)
	if err != nil {
		return "", err
	}
	response, err := cluster.raw.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", path, response.Status)
	}
	return string(text), err
}

func (cluster *cluster) startEtcd(ctx context.Context) error {
	cluster.etcdPort = freePort()
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	command := append(append([]string{}, cluster.otherPrefix...), binary, "etcd", filepath.Join(cluster.work, "etcd"),
		cluster.pki.folder, strconv.Itoa(cluster.etcdPort), strconv.Itoa(freePort()),
		seconds(cluster.plan.WatchProgressNotifyIntervalSeconds).String())
	if cluster.etcd, err = startCommand(cluster.work, "etcd", nil, command[0], command[1:]...); err != nil {
		return err
	}
	address := fmt.Sprintf("127.0.0.1:%d", cluster.etcdPort)
	return until(ctx, etcdPatience, cluster.etcd, func() error {
		connection, err := net.Dial("tcp", address)
		if err == nil {
			err = connection.Close()
		}
		return err
	})
}

// endAPIServer tells the process to end, and waits until it has.
func (cluster *cluster) endAPIServer(signal string) error {
	if err := cluster.apiServer.Load().signal(signals[signal]); err != nil {
		return err
	}
	select {
	case <-cluster.apiServer.Load().exited:
		return nil
	case <-time.After(exitPatience):
		return fmt.Errorf("kube-apiserver does not end after %s", signal)
	}
}

// startAPIServer starts the process; ready waits for it.
func (cluster *cluster) startAPIServer() error {
	arguments, err := apiServerArguments(cluster.work, cluster.port, cluster.etcdPort, cluster.plan)
	if err != nil {
		return err
	}
	binary, err := os.Executable()
	if err != nil {
		return err
	}
	command := append(append([]string{}, cluster.prefix...), binary, "apiserver")
	started, err := startCommand(cluster.work, "apiserver", nil, command[0], append(command[1:], arguments...)...)
	cluster.apiServer.Store(started)
	return err
}

func (cluster *cluster) ready(ctx context.Context) error {
	return until(ctx, apiServerPatience, cluster.apiServer.Load(), func() error {
		_, err := cluster.get(ctx, "/readyz")
		return err
	})
}

// startKubelets starts a kubelet for each node of the plan, each with a user of its own.
func (cluster *cluster) startKubelets() error {
	for _, group := range cluster.plan.Groups {
		for _, node := range group.nodes() {
			if err := cluster.pki.issue(node, "system:node:"+node, "system:nodes"); err != nil {
				return err
			}
			root := cluster.root(node)
			temporary := filepath.Join(root, "tmp")
			if err := os.MkdirAll(temporary, 0o700); err != nil {
				return err
			}
			kubelet, err := start(cluster.work, "kubelet-"+node, []string{"TMPDIR=" + temporary}, "kubelet",
				"--name="+node, "--root="+root, "--server="+cluster.url(), "--pki="+cluster.pki.folder,
				"--facts="+cluster.facts.folder,
				"--strategy="+group.Strategy, fmt.Sprintf("--sync-frequency=%gs", group.SyncSeconds),
				fmt.Sprintf("--qps=%g", cluster.plan.KubeAPIQPS), fmt.Sprintf("--burst=%d", cluster.plan.KubeAPIBurst),
				fmt.Sprintf("--v=%d", cluster.plan.KubeletVerbosity))
			if err != nil {
				return err
			}
			cluster.kubelets = append(cluster.kubelets, kubelet)
		}
	}
	return nil
}

// root is the root directory of a node's kubelet.
func (cluster *cluster) root(node string) string {
	return filepath.Join(cluster.work, "nodes", node)
}

// stop ends all processes: kubelets first, so that what they would send to nobody is in no log.
func (cluster *cluster) stop() {
	for _, kubelet := range cluster.kubelets {
		_ = kubelet.command.Process.Kill() // A process that has ended already is what is wanted.
	}
	for _, kubelet := range cluster.kubelets {
		<-kubelet.exited
	}
	cluster.apiServer.Load().stop(10 * time.Second)
	cluster.etcd.stop(10 * time.Second)
}

// until asks again until there is no error, the process has ended, or patience has.
func until(ctx context.Context, patience time.Duration, process *child, ask func() error) error {
	limit := time.Now().Add(patience)
	for {
		err := ask()
		if err == nil {
			return nil
		}
		if process != nil && !process.running() {
			return fmt.Errorf("%s has ended: see logs/%s.log", process.name, process.name)
		}
		if time.Now().After(limit) {
			return errors.Join(fmt.Errorf("nothing after %v", patience), err)
		}
		if err := sleep(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

func sleep(ctx context.Context, duration time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(duration):
		return nil
	}
}

// freePort is one that nobody listens on; loopback has no other guests that would take it in between.
func freePort() int {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	return listener.Addr().(*net.TCPAddr).Port
}
