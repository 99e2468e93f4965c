import { z } from 'zod';
import { HOME_REGION } from './names.ts';

/** Fields of the config. The message of each says what to write instead, since it follows the path and the value. */

const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;
const CERTIFICATE = new RegExp(`^arn:aws:acm:${HOME_REGION}:\\d{12}:certificate/[0-9a-f-]{36}$`);
const SECRET = new RegExp(`^arn:aws:secretsmanager:${HOME_REGION}:\\d{12}:secret:[A-Za-z0-9/_+=.@-]+-[A-Za-z0-9]{6}$`);

/** Values CloudWatch Logs takes (https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html). */
const LOG_RETENTION = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

const text = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });
const whole = (least: number, most: number, error: string) =>
  z.int({ error }).min(least, { error }).max(most, { error });

/** An object that takes no other field than its own. */
export function strict<S extends z.ZodRawShape>(shape: S) {
  const known = Object.keys(shape).join(', ');
  return z.strictObject(shape, {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `no such field here, remove it or use one of ${known}`
        : 'write an object: { … }',
  });
}

export const stage = text(
  /^[a-z]([a-z0-9-]{0,14}[a-z0-9])?$/,
  'write 1 to 16 of a-z, 0-9 and "-", beginning with a letter, such as "prod"',
);
export const host = text(HOST, 'write a host name in lower case without scheme, port or path, such as "go.brand.com"');
export const certificateArn = text(
  CERTIFICATE,
  `write the ARN of a certificate in ${HOME_REGION}, such as "arn:aws:acm:${HOME_REGION}:123456789012:certificate/…"`,
);
export const secretArn = text(
  SECRET,
  `write the complete ARN of the secret in ${HOME_REGION}, with the six characters at its end, as "npm run destroy" prints it`,
);
export const zoneId = text(/^Z[A-Z0-9]{1,31}$/, 'write the id of the hosted zone, such as "Z0123456789ABCDEFGHIJ"');
export const tableName = text(/^[A-Za-z0-9_.-]{3,255}$/, 'write the name of the table, as "npm run destroy" prints it');
export const bucketName = text(
  /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/,
  'write the name of the bucket, as "npm run destroy" prints it',
);
export const email = text(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, 'write an e-mail address, such as "ops@brand.com"');
export const region = text(
  /^(?!cn-|us-gov-|us-iso)[a-z]{2}(-[a-z]+){1,2}-\d$/,
  'write the name of an AWS region, such as "eu-west-1"',
).refine((value) => value !== HOME_REGION, {
  error: `remove it: ${HOME_REGION} is the home region and always there`,
});
export const shards = whole(1, 50, 'write a whole number from 1 to 50');
export const days = whole(1, 36_500, 'write a whole number of days, at least 1');
/** Quarantine keeps a message for 180 days, and a replay reads its body again. */
export const postbackDays = whole(
  180,
  36_500,
  'write a whole number of days, at least 180: messages are in quarantine as long',
);
export const milliseconds = whole(50, 5_000, 'write a whole number of milliseconds from 50 to 5,000');
export const scanLimit = whole(
  10_000_000,
  Number.MAX_SAFE_INTEGER,
  'write a whole number of bytes, at least 10,000,000 (10 MB)',
);
export const logRetentionDays = z.literal(LOG_RETENTION, { error: `write one of ${LOG_RETENTION.join(', ')}` });
export const oneOf = <const V extends readonly string[]>(...values: V) =>
  z.enum(values as unknown as [V[number], ...V[number][]], { error: `write one of ${values.join(', ')}` });

const URL_REMEDY = 'write an absolute http or https URL without user name and password, such as "https://brand.com/"';
export const url = z
  .string({ error: URL_REMEDY })
  .max(1_000, { error: 'write a shorter URL, at most 1,000 characters' })
  .refine((value) => isPlainUrl(value), { error: URL_REMEDY });

function isPlainUrl(value: string): boolean {
  if (!/^https?:\/\/[\x21-\x7e]+$/i.test(value) || !URL.canParse(value)) return false;
  const { username, password } = new URL(value);
  return username === '' && password === '';
}

const TAG_REMEDY =
  'write a tag of at most 256 letters, digits, spaces and _ . : / = + - @, its key not beginning with "aws:" or "onehop:"';
export const tags = z.record(
  z.string().regex(/^(?!aws:|onehop:)[\p{L}\p{N} _.:/=+@-]{1,128}$/iu, { error: TAG_REMEDY }),
  text(/^[\p{L}\p{N} _.:/=+@-]{0,256}$/u, TAG_REMEDY),
  { error: 'write an object of tags: { team: "growth" }' },
);
