package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	flowcontrolv1 "k8s.io/api/flowcontrol/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
	"k8s.io/utils/ptr"
)

const (
	// rejectedUser is one whose requests flow control rejects, all of them.
	rejectedUser = "rejected"
	// flowControlPatience is how long the server may take to use a new flow schema.
	flowControlPatience = time.Minute
	// futureVersion is one that a GET waits for, in vain, for 3 s (watch_cache.go, blockTimeout).
	futureVersion = "999999999"
)

// rejectOne gives a user a priority level without queues and without seats, which lets one request pass at a time
// (queueset.go, canAccommodateSeatsLocked), and has another request take that place for good.
func (cluster *cluster) rejectOne(ctx context.Context) error {
	if err := cluster.pki.issue(rejectedUser, rejectedUser, "laboratory"); err != nil {
		return err
	}
	named := metav1.ObjectMeta{Name: rejectedUser}
	level := &flowcontrolv1.PriorityLevelConfiguration{ObjectMeta: named, Spec: flowcontrolv1.PriorityLevelConfigurationSpec{
		Type: flowcontrolv1.PriorityLevelEnablementLimited,
		Limited: &flowcontrolv1.LimitedPriorityLevelConfiguration{
			NominalConcurrencyShares: ptr.To(int32(0)),
			LendablePercent:          ptr.To(int32(0)),
			BorrowingLimitPercent:    ptr.To(int32(0)),
			LimitResponse:            flowcontrolv1.LimitResponse{Type: flowcontrolv1.LimitResponseTypeReject},
		},
	}}
	schema := &flowcontrolv1.FlowSchema{ObjectMeta: named, Spec: flowcontrolv1.FlowSchemaSpec{
		PriorityLevelConfiguration: flowcontrolv1.PriorityLevelConfigurationReference{Name: rejectedUser},
		MatchingPrecedence:         100,
		Rules: []flowcontrolv1.PolicyRulesWithSubjects{{
			Subjects: []flowcontrolv1.Subject{{
				Kind: flowcontrolv1.SubjectKindUser, User: &flowcontrolv1.UserSubject{Name: rejectedUser},
			}},
			ResourceRules: []flowcontrolv1.ResourcePolicyRule{{
				Verbs: []string{"*"}, APIGroups: []string{"*"}, Resources: []string{"*"}, Namespaces: []string{"*"},
			}},
		}},
	}}
	configurations := cluster.client.FlowcontrolV1()
	if _, err := configurations.PriorityLevelConfigurations().Create(ctx, level, metav1.CreateOptions{}); err != nil {
		return err
	}
	if _, err := configurations.FlowSchemas().Create(ctx, schema, metav1.CreateOptions{}); err != nil {
		return err
	}
	rejected, err := cluster.rejectedClient()
	if err != nil {
		return err
	}
	go func() {
		for ctx.Err() == nil {
			_, _ = cluster.ask(ctx, rejected, numberedSecret(0).name, futureVersion)
		}
	}()
	return until(ctx, flowControlPatience, cluster.apiServer.Load(), func() error {
		return cluster.askInVain(ctx, rejected, numberedSecret(0).name)
	})
}

// rejectedClient has a connection of its own, and does not send again what was rejected, as client-go would.
func (cluster *cluster) rejectedClient() (*http.Client, error) {
	config := cluster.config(rejectedUser)
	config.Dial = (&net.Dialer{}).DialContext
	return rest.HTTPClientFor(config)
}

// askInVain has a GET of a Secret answered 429: once more where the request that has the place just gave way to another.
func (cluster *cluster) askInVain(ctx context.Context, rejected *http.Client, name string) error {
	for range 10 {
		status, err := cluster.ask(ctx, rejected, name, "0")
		if err != nil || status == http.StatusTooManyRequests {
			return err
		}
	}
	return errors.New("flow control rejects no request")
}

// ask is a GET of a Secret without client-go.
func (cluster *cluster) ask(ctx context.Context, client *http.Client, name, version string) (status int, err error) {
	url := fmt.Sprintf("%s/api/v1/namespaces/%s/secrets/%s?resourceVersion=%s", cluster.url(), namespace, name, version)
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	response, err := client.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return response.StatusCode, err
}
