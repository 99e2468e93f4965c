import type { ReportRequest } from '../../sql/catalog.ts';
import { attributeOf, firstMintings, isIdentified, type Recipient } from './recipients-sample.ts';

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
  readonly isIdentified: boolean;
}

/** Report `recipients` counted by hand, without SQL. Groups are in no order; the total row is last. */
export function recountRecipients(rows: readonly Recipient[], request: ReportRequest): Row[] {
  const known = rows.filter(({ minted_at }) => minted_at < request.to);
  const identified = new Set(known.filter(isIdentified).map(keyOf));
  const people = firstMintings(rows, request.to).map((recipient) =>
    personOf(recipient, identified.has(keyOf(recipient)), request),
  );
  return grouped(people, request, request.by, (group) => ({
    recipients: group.length,
    subscribers: subscribersOf(group),
    holdout: group.filter(({ recipient }) => recipient.code === null).length,
    with_identity: group.filter((person) => person.isIdentified).length,
  }));
}

/** Assignments of report `experiments` counted by hand, without the test of their sizes. */
export function recountAssignments(rows: readonly Recipient[], request: ReportRequest): Row[] {
  const known = rows.filter(({ minted_at }) => minted_at < request.to);
  const assigned = firstMintings(rows, request.to)
    .flatMap(drawnOf)
    .sort((a, b) => a.minted_at - b.minted_at);
  const firsts = Map.groupBy(assigned, ({ experiment, subscriber_no }) => `${experiment} ${subscriber_no}`);
  const people = [...firsts.values()].flatMap((mintings) => {
    const links = mintings.map(keyOf);
    const isKnown = known.some((row) => links.includes(keyOf(row)) && isIdentified(row));
    return mintings.slice(0, 1).map((recipient) => personOf(recipient, isKnown, request));
  });
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

const keyOf = ({ link_no, subscriber_no }: Recipient) => `${link_no} ${subscriber_no}`;
const subscribersOf = (group: readonly Person[]) => new Set(group.map(({ recipient }) => recipient.subscriber_no)).size;

function personOf(recipient: Recipient, isKnown: boolean, { by, filters, tz }: ReportRequest): Person {
  const asked = [...by, ...Object.keys(filters)].filter((name) => name.startsWith('attr.'));
  const attributes = asked.map((name) => [name, attributeOf(recipient, name.slice(5))]);
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit' });
  const facts = { ...recipient, day: format.format(recipient.minted_at), ...Object.fromEntries(attributes) };
  return { recipient, isIdentified: isKnown, facts };
}

function grouped(
  people: readonly Person[],
  { from, filters }: ReportRequest,
  names: readonly string[],
  figures: (group: readonly Person[]) => Row,
): Row[] {
  const by = [...new Set(names.map(full))];
  const chosen = people
    .filter(({ recipient }) => recipient.minted_at >= from)
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
