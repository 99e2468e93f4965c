import type { KeyObject } from 'node:crypto';
import { type Experiment, HOLDOUT } from '../../core/entities/experiment.ts';
import type { Link } from '../../core/entities/link.ts';
import { type Assignment, assignmentsOf } from '../../core/experiments.ts';
import type { Recipient } from '../../core/recipients/read-row.ts';
import { combinationKey } from './links.ts';

/** A recipient with everything that is settled before codes are made. */
export interface Placed {
  readonly recipient: Recipient;
  readonly subscriberNo: number;
  /** Link the row counts for, whether or not it is messaged. */
  readonly link: Link;
  readonly assignments: readonly Assignment[];
  /** Link whose code the row gets: its own, or a holdout's control link, or none. */
  readonly mintsOn: Link | null;
}

export interface PlacingContext {
  readonly links: ReadonlyMap<string, Link>;
  readonly controls: ReadonlyMap<number, Link>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly experiments: readonly Experiment[];
  readonly experimentKey: KeyObject;
}

export function placed(recipient: Recipient, context: PlacingContext): Placed {
  const { links, controls, numbers, experiments, experimentKey } = context;
  const link = links.get(combinationKey(recipient.by));
  const subscriberNo = numbers.get(recipient.subscriberId);
  if (!link || subscriberNo === undefined) throw new Error('a recipient was left without link or number');
  const assignments = assignmentsOf(experiments, recipient.subscriberId, experimentKey);
  const holdout = holdoutOf({ assignments });
  const control = holdout?.arm.control_link_no ?? null;
  const mintsOn = control === null ? null : (controls.get(control) ?? null);
  return { recipient, subscriberNo, link, assignments, mintsOn: holdout ? mintsOn : link };
}

/** The assignment that keeps a recipient from being messaged, if any. */
export const holdoutOf = ({ assignments }: Pick<Placed, 'assignments'>) =>
  assignments.find(({ arm }) => arm.name === HOLDOUT);
