package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// take carries out one step.
func (laboratory *laboratory) take(ctx context.Context, step Step) error {
	switch {
	case step.Rounds > 0:
		return laboratory.rounds(ctx, step.Rounds)
	case step.Rollout != nil:
		return laboratory.rollout(ctx, step.Rollout)
	case step.RecreateImmutable != nil:
		return laboratory.recreateImmutable(ctx, step.RecreateImmutable.Groups)
	case step.Restart != nil:
		return laboratory.restart(ctx, step.Restart)
	case step.RotateKey != nil:
		return laboratory.rotateKey(ctx, step.RotateKey)
	default:
		return sleep(ctx, seconds(step.SettleSeconds))
	}
}

func (laboratory *laboratory) draw(from Range) time.Duration {
	return seconds(from[0] + (from[1]-from[0])*laboratory.random.Float64())
}

// rounds of updates: what is shared first, then what belongs to single pods, in an order and at times of chance.
func (laboratory *laboratory) rounds(ctx context.Context, count int) error {
	var own []object
	for i := range laboratory.plan.Groups {
		for _, place := range laboratory.plan.Groups[i].places() {
			own = append(own, place.own()...)
		}
	}
	for range count {
		began := time.Now()
		next := began.Add(laboratory.draw(laboratory.plan.PauseSeconds))
		for _, each := range laboratory.plan.shared() {
			laboratory.versions[each]++
			_ = laboratory.patch(ctx, each, laboratory.versions[each]) // A write that failed is among the facts.
		}
		if err := laboratory.spread(ctx, began, own); err != nil {
			return err
		}
		if err := sleep(ctx, time.Until(next)); err != nil {
			return err
		}
	}
	laboratory.facts.event("endOfRounds", nil)
	return nil
}

// spread writes objects at times that are uniform on [0, SpreadSeconds) from a start; none waits for another's answer.
func (laboratory *laboratory) spread(ctx context.Context, from time.Time, objects []object) error {
	times := make([]time.Duration, len(objects))
	for i := range times {
		times[i] = laboratory.draw(Range{0, laboratory.plan.SpreadSeconds})
	}
	slices.Sort(times)
	laboratory.random.Shuffle(len(objects), func(i, j int) { objects[i], objects[j] = objects[j], objects[i] })
	var writes sync.WaitGroup
	defer writes.Wait()
	for i, each := range objects {
		if err := sleep(ctx, time.Until(from.Add(times[i]))); err != nil {
			return err
		}
		laboratory.versions[each]++
		version := laboratory.versions[each]
		writes.Add(1)
		go func() {
			defer writes.Done()
			_ = laboratory.patch(ctx, each, version) // As above.
		}()
	}
	return nil
}

// rollout replaces the pods of groups in an order of chance.
func (laboratory *laboratory) rollout(ctx context.Context, step *RolloutStep) error {
	laboratory.facts.event("rollout", map[string]any{"groups": step.Groups})
	var old []*pod
	generations := map[place]int{}
	for _, each := range laboratory.pods.all {
		if !slices.Contains(step.Groups, each.Group) {
			continue
		}
		generations[each.place]++
		if each.GoneAt == 0 {
			old = append(old, each)
		}
	}
	laboratory.random.Shuffle(len(old), func(i, j int) { old[i], old[j] = old[j], old[i] })
	err := atOnce(step.MaxSurge, old, func(before *pod) error {
		after, err := laboratory.createPod(ctx, before.place, generations[before.place])
		if err != nil {
			return err
		}
		if err := laboratory.awaitRunning(ctx, []*pod{after}); err != nil {
			return err
		}
		return laboratory.deletePod(ctx, before)
	})
	laboratory.facts.event("rolledOut", nil)
	return err
}

// recreateImmutable deletes each node's immutable Secret and makes another of the same name at once.
func (laboratory *laboratory) recreateImmutable(ctx context.Context, groups []string) error {
	laboratory.facts.event("recreateImmutable", map[string]any{"groups": groups})
	for _, name := range groups {
		for _, node := range laboratory.plan.group(name).nodes() {
			each := immutableOf(node)
			if err := laboratory.client.CoreV1().Secrets(namespace).Delete(ctx, each.name, metav1.DeleteOptions{}); err != nil {
				return fmt.Errorf("%s: %w", each.name, err)
			}
			laboratory.versions[each]++
			if err := laboratory.create(ctx, each, laboratory.versions[each], true); err != nil {
				return err
			}
		}
	}
	return nil
}
