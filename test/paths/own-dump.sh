# From one's own cluster to its answer, without a file that holds a Secret.
set -o pipefail
kubectl get nodes,pods,secrets,configmaps -A -o json | secretsim import --cluster - -f mine.yaml
secretsim run mine.yaml
