/** Names of the environment variables of the regional functions; the constructs that set them and the entries that read them share these. */
export const apiEnvironment = {
  linksTable: 'LINKS_TABLE',
  ledgerTable: 'LEDGER_TABLE',
  /** Origin of the default short domain, e.g. `https://go.brand.com`. */
  shortOrigin: 'SHORT_ORIGIN',
  /** Comma-separated hosts of the configured short domains; the first is the default one. Empty where there is none. */
  shortDomains: 'SHORT_DOMAINS',
  /** The most the deployment lets be stored of an address; the account's setting may only be stricter. */
  ipPolicy: 'IP_POLICY',
  stage: 'STAGE',
  glueDatabase: 'GLUE_DATABASE',
  athenaWorkgroup: 'ATHENA_WORKGROUP',
  /** Name of the function that looks whether destinations answer. */
  checkFunction: 'CHECK_FUNCTION',
  /** ARNs of the two key secrets. */
  edgeSecret: 'EDGE_SECRET',
  homeSecret: 'HOME_SECRET',
  /** Base of the event streams' names. */
  eventStreamBase: 'EVENT_STREAM_BASE',
  /** Bucket of the lake, which also holds large bodies of postbacks. */
  bucket: 'BUCKET',
} as const;

/** Of the functions that keep the ledger. */
export const ledgerEnvironment = {
  linksTable: 'LINKS_TABLE',
  ledgerTable: 'LEDGER_TABLE',
  edgeSecret: 'EDGE_SECRET',
  homeSecret: 'HOME_SECRET',
  eventStreamBase: 'EVENT_STREAM_BASE',
  bucket: 'BUCKET',
} as const;

export const edgeLogsEnvironment = {
  /** Log groups of the edge function begin with this in every region. */
  logGroupPrefix: 'LOG_GROUP_PREFIX',
  retentionDays: 'RETENTION_DAYS',
} as const;

export const postbackEnvironment = {
  linksTable: 'LINKS_TABLE',
  ledgerTable: 'LEDGER_TABLE',
  edgeSecret: 'EDGE_SECRET',
  homeSecret: 'HOME_SECRET',
  bucket: 'BUCKET',
  queueUrl: 'QUEUE_URL',
  eventStreamBase: 'EVENT_STREAM_BASE',
} as const;

export const requeueEnvironment = {
  bucket: 'BUCKET',
  queueUrl: 'QUEUE_URL',
  eventStreamBase: 'EVENT_STREAM_BASE',
} as const;
