import type { ReportRequest } from '../../sql/catalog.ts';
import { attributeOf, keyOf, type MintedOnce, mintedOnce, type Recipient } from './recipients-sample.ts';

type Row = Record<string, unknown>;

const SHORT: Readonly<Record<string, string>> = {
  campaign: 'campaign_id',
  message: 'message_id',
  offer: 'offer_id',
  link: 'link_no',
};
const full = (name: string) => SHORT[name] ?? name;

interface Person {
  readonly facts: Row;
  readonly recipient: Recipient;
  /** When it counts, epoch ms. */
  readonly at: number;
  readonly isHeldOut: boolean;
  readonly isIdentified: boolean;
}

/** Report `recipients` counted by hand, without SQL. Groups are in no order; the total row is last. */
export function recountRecipients(rows: readonly Recipient[], request: ReportRequest): Row[] {
  const people = [...mintedOnce(rows, request.to).values()].map((minted) =>
    personOf(minted.drawn, minted, minted.first.minted_at, request),
  );
  return grouped(people, request, request.by, (group) => ({
    recipients: group.length,
    subscribers: new Set(group.map(({ recipient }) => recipient.subscriber_no)).size,
    holdout: group.filter(({ isHeldOut }) => isHeldOut).length,
    with_identity: group.filter((person) => person.isIdentified).length,
  }));
}

/** Assignments of report `experiments` counted by hand, without the test of their sizes. */
export function recountAssignments(rows: readonly Recipient[], request: ReportRequest): Row[] {
  const minted = mintedOnce(rows, request.to);
  const assigned = rows
    .filter(({ minted_at }) => minted_at < request.to)
    .flatMap(drawnOf)
    .sort((a, b) => a.minted_at - b.minted_at);
  const groups = Map.groupBy(assigned, ({ experiment, subscriber_no }) => `${experiment} ${subscriber_no}`);
  const people = [...groups.values()].flatMap((group) =>
    group.slice(0, 1).flatMap((recipient) => {
      const once = minted.get(keyOf(recipient));
      const isKnown = group.some((row) => minted.get(keyOf(row))?.isIdentified);
      return once ? [{ ...personOf(recipient, once, recipient.minted_at, request), isIdentified: isKnown }] : [];
    }),
  );
  return grouped(people, request, ['experiment', 'arm', ...request.by], (group) => ({
    assigned: new Set(group.map(({ recipient }) => `${recipient.experiment} ${recipient.subscriber_no}`)).size,
    with_identity: group.filter((person) => person.isIdentified).length,
  }));
}

/** A recipient once for each experiment they were drawn into. */
function drawnOf(recipient: Recipient): Recipient[] {
  const { account_experiment: experiment, account_arm: arm } = recipient;
  return [recipient, { ...recipient, experiment, arm }].filter((each) => each.experiment !== null);
}

function personOf(
  recipient: Recipient,
  { first, isHeldOut, isIdentified }: MintedOnce,
  at: number,
  { by, filters, tz }: ReportRequest,
): Person {
  const asked = [...by, ...Object.keys(filters)].filter((name) => name.startsWith('attr.'));
  const attributes = asked.map((name) => [name, attributeOf(first, name.slice(5))]);
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit' });
  const facts = { ...recipient, day: format.format(at), ...Object.fromEntries(attributes) };
  return { recipient, at, isHeldOut, isIdentified, facts };
}

function grouped(
  people: readonly Person[],
  { from, filters }: ReportRequest,
  names: readonly string[],
  figures: (group: readonly Person[]) => Row,
): Row[] {
  const by = [...new Set(names.map(full))];
  const chosen = people
    .filter(({ at }) => at >= from)
    .filter(({ facts }) =>
      Object.entries(filters).every(([name, values]) => values.includes(String(facts[full(name)] ?? ''))),
    );
  const row = (group: readonly Person[], isTotal: boolean) => {
    const shown = Object.fromEntries(by.map((name) => [name, isTotal ? null : (group[0]?.facts[name] ?? null)]));
    const short = Object.entries(SHORT).filter(([, name]) => by.includes(name));
    const aliases = Object.fromEntries(short.map(([alias, name]) => [alias, shown[name]]));
    return { ...shown, ...aliases, ...figures(group), is_total: isTotal };
  };
  const groups = Map.groupBy(chosen, ({ facts }) => JSON.stringify(by.map((name) => facts[name])));
  return [...(by.length === 0 ? [] : [...groups.values()].map((group) => row(group, false))), row(chosen, true)];
}
