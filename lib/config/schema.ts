import { z } from 'zod';
import {
  bucketName,
  certificateArn,
  days,
  email,
  host,
  logRetentionDays,
  milliseconds,
  oneOf,
  postbackDays,
  region,
  scanLimit,
  secretArn,
  shards,
  stage,
  strict,
  tableName,
  tags,
  url,
  zoneId,
} from './fields.ts';

const hostShape = {
  name: host,
  hostedZone: strict({ id: zoneId, name: host }).exactOptional(),
  certificateArn: certificateArn.exactOptional(),
};

interface HostLike {
  readonly name: string;
  readonly hostedZone?: { readonly name: string };
  readonly certificateArn?: string;
}

/** A certificate comes from one place, and the zone has to hold the name. */
function checkHost({ name, hostedZone, certificateArn: arn }: HostLike, context: z.RefinementCtx): void {
  const fault = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', path, message });
  if ((hostedZone === undefined) === (arn === undefined))
    fault('give exactly one of hostedZone (DNS is in Route 53) and certificateArn (DNS is elsewhere)');
  if (hostedZone && name !== hostedZone.name && !name.endsWith(`.${hostedZone.name}`))
    fault(`name the zone that holds ${name}`, 'hostedZone', 'name');
}

const domain = strict({ ...hostShape, fallbackUrl: url.exactOptional() }).superRefine(checkHost);
const apiDomain = strict(hostShape).superRefine(checkHost);

const adopt = strict({
  linksTable: tableName.exactOptional(),
  ledgerTable: tableName.exactOptional(),
  bucket: bucketName.exactOptional(),
  edgeSecretArn: secretArn.exactOptional(),
  homeSecretArn: secretArn.exactOptional(),
});

/** Six resources a domain: more would outgrow a stack (500 resources), as a test finds. */
export const MAX_DOMAINS = 40;

const shape = strict({
  stage: stage.default('prod'),
  domains: z
    .array(domain, { error: 'write a list of domains: [{ name: … }]' })
    .max(MAX_DOMAINS, { error: `write at most ${MAX_DOMAINS} domains and put the others in another stage` })
    .default([]),
  defaultDomain: host.exactOptional(),
  apiDomain: apiDomain.exactOptional(),
  replicaRegions: z.array(region, { error: 'write a list of regions' }).default([]),
  streams: strict({
    shards: shards.default(1),
    regions: z.record(region, shards, { error: 'write an object: { "eu-west-1": 1 }' }).default({}),
  }).prefault({}),
  retentionDays: strict({ clicks: days.exactOptional(), postbacks: postbackDays.default(400) }).prefault({}),
  ipPolicy: oneOf('hash', 'truncate', 'full').default('hash'),
  logRetentionDays: logRetentionDays.default(30),
  alarmEmail: email.exactOptional(),
  tags: tags.default({}),
  adopt: adopt.exactOptional(),
  edge: strict({
    putMs: milliseconds.default(300),
    firstPutMs: milliseconds.default(1_500),
    readMs: milliseconds.default(1_000),
  }).prefault({}),
  runtime: oneOf('nodejs24.x', 'nodejs22.x').default('nodejs24.x'),
  athenaScanLimitBytes: scanLimit.default(100_000_000_000),
});

interface CrossChecked {
  readonly domains: readonly (HostLike & { readonly fallbackUrl?: string })[];
  readonly defaultDomain?: string;
  readonly apiDomain?: HostLike;
  readonly replicaRegions: readonly string[];
}

/** What no field can say alone. */
function checkTogether(config: CrossChecked, context: z.RefinementCtx): void {
  const fault = (message: string, ...path: (string | number)[]) => context.addIssue({ code: 'custom', path, message });
  const names = config.domains.map(({ name }) => name);
  names.forEach((name, index) => {
    if (names.indexOf(name) < index) fault('remove it: this domain is in the list already', 'domains', index, 'name');
  });
  config.domains.forEach(({ fallbackUrl }, index) => {
    if (fallbackUrl !== undefined && names.includes(URL.parse(fallbackUrl)?.hostname ?? ''))
      fault('name a page outside the short domains: this one leads in circles', 'domains', index, 'fallbackUrl');
  });
  if (config.defaultDomain !== undefined && !names.includes(config.defaultDomain))
    fault('write one of the domains, or remove it', 'defaultDomain');
  if (config.apiDomain && names.includes(config.apiDomain.name))
    fault('give the API a host of its own, such as "api.brand.com"', 'apiDomain', 'name');
  config.replicaRegions.forEach((name, index) => {
    if (config.replicaRegions.indexOf(name) < index)
      fault('remove it: this region is in the list already', 'replicaRegions', index);
  });
}

export const configSchema = shape.superRefine(checkTogether);

/** onehop.adopt.json: resources kept by a destroy, by stage. */
export const adoptFileSchema = z.record(stage, adopt, { error: 'write an object: { "prod": { … } }' });

/** The config with its defaults. */
export type ResolvedConfig = z.output<typeof configSchema>;
export type ResolvedDomain = ResolvedConfig['domains'][number];
export type ResolvedHost = NonNullable<ResolvedConfig['apiDomain']>;
