import { EntityStore } from '../adapters/entity-store.ts';
import { LinkStore } from '../adapters/link-store.ts';
import { linksKey } from '../contract/keys.ts';
import { type Fault, fault, invalid, Problem } from '../core/api/problem.ts';
import type { Arm, Experiment } from '../core/entities/experiment.ts';
import type { ApiServices } from './services.ts';

type Document = Readonly<Record<string, unknown>>;

/**
 * An experiment is fixed from the first subscriber drawn: people keep their arms, so arms, shares and scope have to stay.
 * @returns the document with the mark of its predecessor
 * @throws Problem 409
 */
export function keepAssigned(document: Document, previous: Document | null): Document {
  const assignedAt = previous?.assigned_at;
  if (!assignedAt) return document;
  const changed = ['arms', 'scope'].filter(
    (name) => JSON.stringify(document[name]) !== JSON.stringify(previous?.[name]),
  );
  if (changed.length > 0)
    throw new Problem(
      409,
      'experiment_frozen',
      `subscribers are drawn since ${assignedAt}: ${changed.join(' and ')} can change no more. End this experiment and make another`,
      changed.map((name) => fault(name, 'frozen', 'is fixed since the first subscriber was drawn')),
    );
  return { ...document, assigned_at: assignedAt };
}

/**
 * Checks an experiment against links and other experiments, and takes the account for it where it is account-wide.
 * @throws Problem 409 where another one has the account, 422 where a control link is none
 */
export async function checkExperiment(id: string, document: Document, services: ApiServices): Promise<void> {
  const experiment = document as unknown as Experiment;
  const faults = await Promise.all(experiment.arms.map((arm, at) => controlFaults(arm, at, services)));
  if (faults.flat().length > 0) throw invalid(faults.flat());
  if (experiment.scope === 'account' && experiment.status === 'active') await claimAccount(id, services);
}

async function controlFaults({ control_link_no }: Arm, at: number, services: ApiServices): Promise<Fault[]> {
  if (control_link_no === null) return [];
  const link = await new LinkStore(services.linksTable, services.now).get(control_link_no);
  if (link?.document.personal) return [];
  const message = link
    ? `link ${control_link_no} is not a personal link`
    : `there is no link ${control_link_no}: create it first`;
  return [fault(`arms.${at}.control_link_no`, 'no_such_link', message)];
}

/** The account-wide experiment, or null where there is none. */
export async function accountExperiment(services: ApiServices): Promise<Experiment | null> {
  const { linksTable, now } = services;
  const holder = (await linksTable.get(linksKey.accountExperiment))?.id;
  if (typeof holder !== 'string') return null;
  const stored = await new EntityStore(linksTable, now).get<Experiment>(linksKey.experiment(holder));
  return stored?.document.scope === 'account' ? stored.document : null;
}

/** One account-wide experiment at a time: in two of them nobody could say whose effect is seen. @throws Problem 409 */
async function claimAccount(id: string, services: ApiServices): Promise<void> {
  const { linksTable } = services;
  const held = (await linksTable.get(linksKey.accountExperiment))?.id;
  if (held === id) return;
  const holder = await accountExperiment(services);
  if (holder && isLasting(holder, services.now()))
    throw new Problem(
      409,
      'account_experiment_taken',
      `${holder.id} draws the whole account already: set its ends_at or archive it first`,
    );
  await linksTable.put(
    { pk: linksKey.accountExperiment, id },
    held === undefined
      ? { expression: 'attribute_not_exists(pk)' }
      : { expression: 'id = :held', values: { ':held': held } },
  );
}

const isLasting = ({ status, ends_at }: Experiment, now: number) =>
  status === 'active' && (ends_at === null || Date.parse(ends_at) > now);
