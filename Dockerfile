# secretsim as an image, from a clone:
#
#   docker build -t MY/secretsim .
#   docker run --rm --user "$(id -u):$(id -g)" -v "$PWD:/work" MY/secretsim run rotation.yaml
#
# deploy/indexed-job.yaml runs it on a cluster.
FROM node:24-slim AS build
WORKDIR /clone
COPY . .
# The tarball needs no other package, and nothing of it has to run at its installation.
RUN npm ci && npm pack && npm install --global --prefix /secretsim --offline --ignore-scripts ./secretsim-*.tgz

FROM node:24-slim
COPY --from=build /secretsim /usr/local
WORKDIR /work
# By number, so that Kubernetes can tell that it is not root (runAsNonRoot).
USER 1000:1000
ENTRYPOINT ["secretsim"]
CMD ["--help"]
