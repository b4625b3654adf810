/** Why objects are not to be marked immutable, in the order in which the reasons are looked for. */
export const REASONS = [
  'already immutable',
  'missing',
  'not in the input',
  'not used',
  'service-account token',
  'root CA',
  'leader election',
  'has an owner',
  'rewritten by a tool',
  'applied from git',
  'TLS certificate',
  'optional',
  'env only',
  'recently updated',
  'recently created',
  'saves nothing',
] as const;
export type Reason = (typeof REASONS)[number];

/** What each reason means, for all objects of which it holds. */
export const MEANING: Readonly<Record<Reason, string>> = {
  'already immutable': 'new content needs a new name and a rollout',
  missing: 'pods refer to it, but it does not exist',
  'not in the input': 'pods refer to it, the input does not tell what it is',
  'not used': 'no pod on a node uses it',
  'service-account token': 'the token controller writes it',
  'root CA': 'written anew when the certification authority is renewed',
  'leader election': 'the leader writes it every few seconds',
  'has an owner': "its owner's controller may write it again",
  'rewritten by a tool': 'cert-manager, External Secrets, Helm, … write it again',
  'applied from git': 'Argo CD or Flux applies it: mark it in git, under a name that changes with its content',
  'TLS certificate': 'it expires; its renewal is an update',
  optional: 'pods can do without it: its deletion would go unnoticed',
  'env only': 'read when a container starts: no watch stays open for it',
  'recently updated': 'changed within --unchanged-for',
  'recently created': 'younger than --unchanged-for: whether it changes is not known',
  'saves nothing': 'no watch would close',
};
