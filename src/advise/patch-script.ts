import { strategyNamed } from '../cluster/kubelet/secret-manager/strategies.js';
import { visible } from '../experiment/language/values/visible.js';
import { shellWord } from '../shell.js';
import type { Advice } from './advice.js';
import type { JudgedObject } from './judged-objects.js';

/**
 * The commands that mark objects immutable, as a shell script for a person to review. Each patch names the version that
 * the dump has seen, so that it is refused (409) where the object was changed since. Nothing is run.
 */
export function patchScript({ objects, cluster: { strategy } }: Pick<Advice, 'objects' | 'cluster'>): string {
  const commands = objects.filter(isPatched).map(command);
  if (commands.length === 0) return `#!/bin/sh\n# Nothing to mark: ${whyNothing(strategy)}.\n`;
  const header = [
    '#!/bin/sh',
    '# Marks Secrets and ConfigMaps immutable, those that save most first. Review before you run it: immutable cannot be',
    '# taken back, and changing such an object means a new object under a new name and a rollout of the pods that use it',
    '# (delete and create under the same name leaves old content on nodes that still have pods of it).',
    '# What a repository or a chart declares needs `immutable: true` there, too.',
    '# A patch is answered with a conflict where its object was changed after the dump: look at it again.',
  ];
  return `${[...header, ...commands].join('\n')}\n`;
}

function whyNothing(strategy: string): string {
  return strategyNamed(strategy).keeps === 'copy'
    ? 'no object that may be marked would save a watch'
    : `under ${strategy} kubelets read immutable objects like any others, so that it saves nothing`;
}

/** A name in which something is not seen, such as a mark that turns the direction of writing, is none in Kubernetes. */
function isPatched({ exclusion, object }: JudgedObject): boolean {
  const { namespace, name } = object;
  return exclusion === null && visible(namespace) === namespace && visible(name) === name;
}

function command({ object, history, saves }: JudgedObject): string {
  const { kind, namespace, name } = object;
  const version = history?.resourceVersion ?? '';
  const patch = { ...(version !== '' && { metadata: { resourceVersion: version } }), immutable: true };
  const target = `${kind.toLowerCase()}/${name}`;
  return `kubectl patch --namespace=${shellWord(namespace)} ${shellWord(target)} --type=merge -p ${shellWord(JSON.stringify(patch))} # ${saves.watches} watches`;
}
