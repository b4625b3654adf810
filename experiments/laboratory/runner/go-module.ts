/**
 * `k8s.io/kubernetes` is a module like any other, but requires its staging modules at v0.0.0 and replaces them by folders
 * of its own repository. Whoever depends on it replaces them by the modules of the same release: 1.N.P is v0.N.P there.
 */

/** The go.mod of a laboratory at a release, from that of k8s.io/kubernetes. */
export function goModule(kubernetes: string, version: string): string {
  const staging = [...kubernetes.matchAll(/^\s+(k8s\.io\/[\w-]+) => \.\/staging\//gm)].map(([, module]) => module);
  const required = [...kubernetes.matchAll(/^\s+(k8s\.io\/[\w-]+) v0\.0\.0$/gm)].map(([, module]) => module);
  if (staging.length === 0) throw new Error('go.mod of k8s.io/kubernetes replaces no staging modules');
  const etcd = line(kubernetes, /^\s+go\.etcd\.io\/etcd\/server\/v3 (\S+)/m);
  return [
    'module laboratory',
    '',
    `go ${line(kubernetes, /^go (\S+)/m)}`,
    '',
    ...[...kubernetes.matchAll(/^godebug .*/gm)].flatMap(([text]) => [text, '']),
    'require (',
    `\tk8s.io/kubernetes v${version}`,
    `\tgo.etcd.io/etcd/server/v3 ${etcd}`,
    ...required.map((module) => `\t${module} v0.0.0`),
    ')',
    '',
    'replace (',
    ...staging.map((module) => `\t${module} => ${module} v0.${version.slice('1.'.length)}`),
    ')',
    '',
  ].join('\n');
}

function line(text: string, form: RegExp): string {
  const found = form.exec(text)?.[1];
  if (found === undefined) throw new Error('go.mod of k8s.io/kubernetes has an unknown form');
  return found;
}

/**
 * The version of a release that is meant: itself where it has a patch, else its newest patch; releases before theirs
 * (`-beta.0`) are none.
 * @param known versions that there are, as `go list -m -versions` prints them
 */
export function versionOf(release: string, known: readonly string[]): string | undefined {
  const versions = known.map((text) => text.replace(/^v/, '')).filter((text) => /^1\.\d+\.\d+$/.test(text));
  if (versions.includes(release)) return release;
  const patch = (text: string): number => Number(text.split('.')[2]);
  return versions
    .filter((text) => text.startsWith(`${release}.`) && release.split('.').length === 2)
    .sort((a, b) => patch(b) - patch(a))[0];
}
