import type { EventRecord } from '../../lambdas/contract/lake.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { recipientColumns } from '../../lambdas/contract/recipients.ts';
import { utcDay } from './clicks-sample.ts';
import { writeRows } from './lake-writer.ts';

export type Recipient = EventRecord<'recipients'>;

/** A row of the mint with the day of its delivery. */
export interface Minting {
  readonly recipient: Recipient;
  readonly dt: string;
}

const NOTHING = Object.fromEntries(recipientColumns.map(({ name }) => [name, null])) as unknown as Recipient;

/** A whole row: subscriber 1 minted on link 1 the day before the clicks of the sample, but for what is given. */
export function recipientOf(given: Partial<Recipient> = {}): Recipient {
  const { link_no = 1, subscriber_no = 1 } = given;
  return {
    ...NOTHING,
    link_no,
    subscriber_no,
    subscriber_id: `s-${subscriber_no}`,
    campaign_id: 'a',
    code: `code-${link_no}-${subscriber_no}`,
    minted_at: Date.UTC(2026, 5, 14, 12),
    ...given,
  };
}

/** Puts mintings into their days. */
export async function writeMintings(lakeDir: string, mintings: readonly Minting[]): Promise<void> {
  for (const [dt, group] of Map.groupBy(mintings, (one) => one.dt))
    await writeRows(
      lakeDir,
      lakeTables.recipients,
      dt,
      group.map((one) => one.recipient),
    );
}

/** Writes rows that arrived on the day they were minted. */
export function writeRecipients(lakeDir: string, recipients: readonly Recipient[]): Promise<void> {
  return writeMintings(
    lakeDir,
    recipients.map((recipient) => ({ recipient, dt: utcDay(recipient.minted_at) })),
  );
}

/** A subscriber on a link, by hand. */
export interface MintedOnce {
  readonly first: Recipient;
  /** Where first drawn into an experiment, else the first minting. */
  readonly drawn: Recipient;
  readonly isHeldOut: boolean;
  readonly isIdentified: boolean;
}

export const keyOf = ({ link_no, subscriber_no }: Pick<Recipient, 'link_no' | 'subscriber_no'>) =>
  `${link_no} ${subscriber_no}`;

/** What the mintings before a moment come to, by link and subscriber. */
export function mintedOnce(recipients: readonly Recipient[], before: number): ReadonlyMap<string, MintedOnce> {
  const known = recipients.filter(({ minted_at }) => minted_at < before).sort((a, b) => a.minted_at - b.minted_at);
  return new Map(
    [...Map.groupBy(known, keyOf)].flatMap(([key, group]) => {
      const [first] = group;
      if (!first) return [];
      const drawn = group.find(({ experiment }) => experiment !== null) ?? first;
      const isHeldOut = group.every(({ code }) => code === null);
      return [[key, { first, drawn, isHeldOut, isIdentified: group.some(isIdentified) }] as const];
    }),
  );
}

/** Value of an attribute as reports tell it. */
export function attributeOf({ attributes }: Recipient, name: string): string | null {
  const all = JSON.parse(attributes ?? '{}') as Record<string, string>;
  return Object.hasOwn(all, name) ? (all[name] ?? null) : null;
}

/** True where a row carries an e-mail, phone or customer id. */
const isIdentified = ({ email_hash, phone_hash, customer_hash }: Recipient): boolean =>
  [email_hash, phone_hash, customer_hash].some((hash) => hash !== null);
