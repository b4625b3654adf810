package main

import (
	"context"
	goflag "flag"
	"path/filepath"
	"strconv"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	cri "k8s.io/cri-api/pkg/apis/runtime/v1"
	critest "k8s.io/cri-api/pkg/apis/testing"
	"k8s.io/klog/v2"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	cadvisortest "k8s.io/kubernetes/pkg/kubelet/cadvisor/testing"
	"k8s.io/kubernetes/pkg/kubelet/cm"
	"k8s.io/kubernetes/pkg/kubemark"
)

const podsMax = 110

// runKubelet is a hollow node as kubemark has it (cmd/kubemark/app/hollow_node.go): the kubelet is real, with fake
// container runtime, cgroups, cAdvisor and mounts. What it is configured with comes as flags.
func runKubelet(arguments []string) error {
	flags := goflag.NewFlagSet("kubelet", goflag.ExitOnError)
	name := flags.String("name", "", "of the node")
	root := flags.String("root", "", "the kubelet's root directory")
	server := flags.String("server", "", "URL of kube-apiserver")
	certificates := flags.String("pki", "", "folder of ca.crt, NAME.crt and NAME.key")
	strategy := flags.String("strategy", "Watch", "configMapAndSecretChangeDetectionStrategy")
	syncFrequency := flags.Duration("sync-frequency", time.Minute, "syncFrequency")
	qps := flags.Float64("qps", 50, "kubeAPIQPS")
	burst := flags.Int("burst", 100, "kubeAPIBurst")
	verbosity := flags.Int("v", 0, "of the log")
	factsFolder := flags.String("facts", "", "folder of what is seen")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	logFlags := goflag.NewFlagSet("klog", goflag.ContinueOnError)
	klog.InitFlags(logFlags)
	if err := logFlags.Set("v", strconv.Itoa(*verbosity)); err != nil {
		return err
	}

	kubeletFlags, config := kubemark.GetHollowKubeletConfig(&kubemark.HollowKubeletOptions{NodeName: *name, MaxPods: podsMax})
	kubeletFlags.RootDirectory = *root
	config.SyncFrequency = metav1.Duration{Duration: *syncFrequency}
	config.ConfigMapAndSecretChangeDetectionStrategy = kubeletconfig.ResourceChangeDetectionStrategy(*strategy)
	config.KubeAPIQPS = int32(*qps)
	config.KubeAPIBurst = int32(*burst)
	config.EnableControllerAttachDetach = true
	// Nobody asks these kubelets, and ports are of the whole machine.
	config.EnableServer = false

	dials, err := recordedDials(*factsFolder, *name)
	if err != nil {
		return err
	}
	clients := rest.Config{
		Dial:      dials,
		Host:      *server,
		UserAgent: "hollow-kubelet",
		QPS:       float32(*qps),
		Burst:     *burst,
		TLSClientConfig: rest.TLSClientConfig{
			CAFile:   filepath.Join(*certificates, "ca.crt"),
			CertFile: filepath.Join(*certificates, *name+".crt"),
			KeyFile:  filepath.Join(*certificates, *name+".key"),
		},
	}
	clients.ContentType = "application/vnd.kubernetes.protobuf"
	client, err := kubernetes.NewForConfig(&clients)
	if err != nil {
		return err
	}
	heartbeat, err := heartbeatClient(clients, config)
	if err != nil {
		return err
	}

	kubemark.NewHollowKubelet(kubeletFlags, config, client, heartbeat,
		&cadvisortest.Fake{NodeName: *name}, critest.NewFakeImageService(), fakeRuntime(), cm.NewStubContainerManager()).
		Run(context.Background())
	return nil
}

// fakeRuntime runs whatever it is told to, at once.
func fakeRuntime() *critest.FakeRuntimeService {
	runtime := critest.NewFakeRuntimeService()
	runtime.FakeStatus = &cri.RuntimeStatus{Conditions: []*cri.RuntimeCondition{
		{Type: cri.RuntimeReady, Status: true},
		{Type: cri.NetworkReady, Status: true},
	}}
	return runtime
}

// heartbeatClient is that of cmd/kubelet/app/server.go: no limit of its rate, a time-out of its own.
func heartbeatClient(clients rest.Config, config *kubeletconfig.KubeletConfiguration) (*kubernetes.Clientset, error) {
	clients.Timeout = min(config.NodeStatusUpdateFrequency.Duration, time.Duration(config.NodeLeaseDurationSeconds)*time.Second)
	clients.QPS = -1
	return kubernetes.NewForConfig(&clients)
}
