/** Names of the local stand-ins for what AWS would generate. */
export const localNames = {
  linksTable: 'onehop-local-links',
  ledgerTable: 'onehop-local-ledger',
  streamBase: 'onehop-local-clicks',
  eventStreamBase: 'onehop-local',
  edgeSecret: 'onehop-local-edge',
  homeSecret: 'onehop-local-home',
  region: 'us-east-1',
  defaultDomain: 'go.localhost',
} as const;

/** Credentials the local services take; they check none. */
export const localCredentials = { accessKeyId: 'local', secretAccessKey: 'local' } as const;
