#!/bin/sh
# Measures on a real cluster how long an update of a Secret takes until it is in the pods; needs nothing but kubectl.
#
#   sh measure.sh [PODS] [ROUNDS] > delays.csv        (30 pods, 8 rounds of about 165 s; 25 minutes)
#
# Each pod watches its own mounted file and prints when it changed: the modification time of the symbolic link that
# the kubelet swaps. Delays count from when kubectl has its answer, so the clocks of this machine and of the nodes
# have to agree (NTP). All it makes is in a namespace of its own, which it deletes at the end.
set -eu
pods=${1:-30}
rounds=${2:-8}
ns=secretsim-measure
image=${IMAGE:-debian:stable-slim}
work=$(mktemp -d)
now() { date +%s.%3N | sed 's/\.3N$//'; }
pause() { sleep "$(awk -v least="$1" 'BEGIN { srand(); print least + int(20 * rand()) }')"; }

kubectl create namespace "$ns" >&2
trap 'kubectl delete namespace "$ns" --wait=false >&2; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
kubectl -n "$ns" create secret generic watched --from-literal=round=0 >&2
kubectl -n "$ns" apply -f - >&2 <<EOF
apiVersion: apps/v1
kind: Deployment
metadata: { name: watcher }
spec:
  replicas: $pods
  selector: { matchLabels: { app: watcher } }
  template:
    metadata: { labels: { app: watcher } }
    spec:
      terminationGracePeriodSeconds: 0
      containers:
        - name: watcher
          image: $image
          command: [sh, -c]
          args:
            - |
              seen=
              while sleep 1; do
                round=\$(cat /watched/round) && at=\$(stat -c %.3Y /watched/..data) || continue
                [ "\$round" = "\$seen" ] || echo "\$round \$at"
                seen=\$round
              done
          volumeMounts: [{ name: watched, mountPath: /watched, readOnly: true }]
      volumes: [{ name: watched, secret: { secretName: watched } }]
EOF
kubectl -n "$ns" rollout status deployment/watcher --timeout=10m >&2
pause 90
round=1
while [ "$round" -le "$rounds" ]; do
  kubectl -n "$ns" patch secret watched --type=merge -p "{\"stringData\":{\"round\":\"$round\"}}" >&2
  echo "$round $(now)" >>"$work/acknowledged"
  pause 155
  round=$((round + 1))
done
pause 155
kubectl -n "$ns" logs -l app=watcher --prefix --tail=-1 --max-log-requests="$pods" >"$work/log"
echo pod,round,delay_s
awk '
  NR == FNR { acknowledged[$1] = $2; next }
  { pod = $1; gsub(/^\[pod\/|\/watcher\]$/, "", pod) }
  $2 in acknowledged { printf "%s,%s,%.3f\n", pod, $2, $3 - acknowledged[$2] }
' "$work/acknowledged" "$work/log"
