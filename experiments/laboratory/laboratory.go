package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// laboratory is a cluster with pods whose files are watched, while the steps of its plan are taken.
type laboratory struct {
	*cluster
	pods   pods
	random *rand.Rand
	// versions of the objects that were written so far.
	versions map[object]int
}

// makers at once, while objects and pods are made.
const makers = 16

// conduct carries out a plan: PLAN (JSON), FACTS (a folder for what was seen), WORK (a folder that can go afterwards).
func conduct(arguments []string) error {
	if len(arguments) != 3 {
		return errors.New("expected PLAN FACTS WORK")
	}
	plan, err := readPlan(arguments[0])
	if err != nil {
		return err
	}
	facts, err := newFacts(arguments[1])
	if err != nil {
		return err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	ctx, cancelLate := context.WithTimeoutCause(ctx, seconds(plan.LimitSeconds), errors.New("the time that the plan allows is over"))
	defer cancelLate()
	work, err := filepath.Abs(arguments[2]) // The kubelet takes a relative root directory for two different ones.
	if err != nil {
		return err
	}
	cluster, err := newCluster(plan, facts, work)
	if err != nil {
		return err
	}
	defer cluster.stop()
	if plan.Storm != nil {
		return cluster.storm(ctx)
	}
	if plan.Costs != nil {
		return cluster.costs(ctx)
	}
	made := &laboratory{cluster: cluster, random: rand.New(rand.NewPCG(plan.Seed, 0)), versions: map[object]int{}}
	defer made.tellPods()
	return made.run(ctx)
}

func (laboratory *laboratory) run(ctx context.Context) error {
	defer laboratory.facts.event("end", nil)
	if err := laboratory.startServers(ctx); err != nil {
		return err
	}
	if err := laboratory.makeObjects(ctx); err != nil {
		return err
	}
	if err := laboratory.startKubelets(); err != nil {
		return err
	}
	if err := laboratory.awaitNodes(ctx); err != nil {
		return err
	}
	laboratory.facts.event("nodesReady", nil)
	var watchers sync.WaitGroup
	watching, stopWatching := context.WithCancel(ctx)
	defer watchers.Wait()
	defer stopWatching()
	watchers.Go(func() { laboratory.watchFiles(watching) })
	watchers.Go(func() { laboratory.sampleLoad(watching) })
	if err := laboratory.makePods(ctx); err != nil {
		return err
	}
	if err := sleep(ctx, seconds(laboratory.plan.SettleSeconds)); err != nil {
		return err
	}
	for i, step := range laboratory.plan.Steps {
		if err := laboratory.take(ctx, step); err != nil {
			return fmt.Errorf("step %d: %w", i+1, err)
		}
	}
	return nil
}

func (laboratory *laboratory) startServers(ctx context.Context) error {
	if laboratory.plan.Encryption {
		if err := writeEncryption(laboratory.work, 1); err != nil {
			return err
		}
	}
	if err := laboratory.startBoth(ctx); err != nil {
		return err
	}
	laboratory.facts.event("serverReady", nil)
	return nil
}

// makeObjects makes the service account, which kube-controller-manager would, and all that pods mount, at version 0.
func (laboratory *laboratory) makeObjects(ctx context.Context) error {
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Namespace: namespace, Name: "default"}}
	if _, err := laboratory.client.CoreV1().ServiceAccounts(namespace).Create(ctx, account, metav1.CreateOptions{}); err != nil {
		return err
	}
	type making struct {
		object
		immutable bool
	}
	var all []making
	for _, each := range laboratory.plan.shared() {
		all = append(all, making{each, false})
	}
	for i := range laboratory.plan.Groups {
		group := &laboratory.plan.Groups[i]
		for _, place := range group.places() {
			for _, each := range place.own() {
				all = append(all, making{each, false})
			}
		}
		for _, node := range group.nodes() {
			if group.has(immutableVolume) {
				all = append(all, making{immutableOf(node), true})
			}
		}
	}
	return atOnce(makers, all, func(each making) error { return laboratory.create(ctx, each.object, 0, each.immutable) })
}

// awaitNodes waits until all nodes have registered and are ready, and gives them the annotation of the TTL controller.
func (laboratory *laboratory) awaitNodes(ctx context.Context) error {
	for i := range laboratory.plan.Groups {
		group := &laboratory.plan.Groups[i]
		for _, name := range group.nodes() {
			if err := laboratory.awaitNode(ctx, name); err != nil {
				return fmt.Errorf("node %s is not ready: %w", name, err)
			}
			if group.NodeTTL == nil {
				continue
			}
			patch := fmt.Sprintf(`{"metadata":{"annotations":{"%s":"%d"}}}`, corev1.ObjectTTLAnnotationKey, *group.NodeTTL)
			_, err := laboratory.client.CoreV1().Nodes().
				Patch(ctx, name, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

const nodePatience = apiServerPatience

func (laboratory *laboratory) awaitNode(ctx context.Context, name string) error {
	return until(ctx, nodePatience, nil, func() error {
		node, err := laboratory.client.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		for _, condition := range node.Status.Conditions {
			if condition.Type == corev1.NodeReady && condition.Status == corev1.ConditionTrue {
				return nil
			}
		}
		return errors.New("its kubelet does not say that it is")
	})
}

// makePods makes the pods of all groups together, in an order of chance, and waits until they run.
func (laboratory *laboratory) makePods(ctx context.Context) error {
	var places []place
	for i := range laboratory.plan.Groups {
		places = append(places, laboratory.plan.Groups[i].places()...)
	}
	laboratory.random.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
	err := atOnce(makers, places, func(place place) error {
		_, err := laboratory.createPod(ctx, place, 0)
		return err
	})
	if err != nil {
		return err
	}
	if err := laboratory.awaitRunning(ctx, laboratory.pods.present()); err != nil {
		return err
	}
	laboratory.facts.event("podsRunning", nil)
	return nil
}

func (laboratory *laboratory) tellPods() {
	for _, pod := range laboratory.pods.all {
		laboratory.facts.add("pods", pod)
	}
}

// atOnce does the same to all of some things, so many at a time, and gives the errors.
func atOnce[Thing any](workers int, things []Thing, do func(Thing) error) error {
	queue := make(chan Thing)
	failures := make(chan error, len(things))
	var group sync.WaitGroup
	for range workers {
		group.Add(1)
		go func() {
			defer group.Done()
			for thing := range queue {
				failures <- do(thing)
			}
		}()
	}
	for _, thing := range things {
		queue <- thing
	}
	close(queue)
	group.Wait()
	close(failures)
	var all []error
	for failure := range failures {
		all = append(all, failure)
	}
	return errors.Join(all...)
}
