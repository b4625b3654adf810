#!/bin/sh
# An SLO gate for any CI: runs an experiment, and fails with exit code 3 where one of its SLOs (spec.slos) is missed.
#
#   PACKAGE=tools/secretsim-0.1.0.tgz sh slo-gate.sh rotation.yaml --set cluster.nodes=2000
#
# PACKAGE is the tarball that `npm pack` makes in a clone, as a file or an https address. Without it, secretsim has to
# be installed already, as in the image of the Dockerfile. (It is on no registry: whoever took its name there would be
# run here.) Arguments go to `secretsim run`. Into the folder slo come junit.xml, summary.md and the results.
set -eu

if [ -n "${PACKAGE:-}" ]; then
  case $PACKAGE in
  *.tgz) ;;
  *)
    echo "PACKAGE has to be a tarball, FILE.tgz or https://…/FILE.tgz" >&2
    exit 2
    ;;
  esac
  tools=$(mktemp -d)
  trap 'rm -rf "$tools"' EXIT
  npm install --silent --global --prefix "$tools" --ignore-scripts "$PACKAGE"
  PATH="$tools/bin:$PATH"
fi

mkdir -p slo
code=0
secretsim run "$@" --out slo/results --report --quiet \
  --summary junit=slo/junit.xml --summary markdown=slo/summary.md || code=$?
# GitHub shows this page with the job.
if [ -n "${GITHUB_STEP_SUMMARY:-}" ] && [ -f slo/summary.md ]; then cat slo/summary.md >>"$GITHUB_STEP_SUMMARY"; fi
exit "$code"
