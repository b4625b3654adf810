# In a CI job: the gate, with the tarball of `npm pack` and an experiment that has SLOs.
PACKAGE=secretsim.tgz sh slo-gate.sh rotation.yaml
