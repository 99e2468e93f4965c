import type { LiftTerms } from '../../sql/catalog.ts';
import { type Experiment, HOLDOUT } from '../core/entities/experiment.ts';
import type { Settings } from '../core/entities/settings.ts';
import { allOf } from './attribution-rules.ts';
import type { ApiServices } from './services.ts';

/** What every experiment says about its outcome; the control is the holdout, without one the first arm. */
export async function readLiftTerms(settings: Settings, services: ApiServices): Promise<LiftTerms> {
  const experiments = await allOf<Experiment>('experiment', services);
  return Object.fromEntries(experiments.map((experiment) => [experiment.id, termsOf(experiment, settings)]));
}

function termsOf(
  { window, outcome_events, arms, ends_at }: Experiment,
  { attribution, conversion_events }: Settings,
): LiftTerms[string] {
  const control = arms.find(({ name }) => name === HOLDOUT) ?? arms[0];
  return {
    window: window ?? attribution.window,
    events: outcome_events ?? conversion_events,
    control: control?.name ?? HOLDOUT,
    ends_at: ends_at === null ? null : Date.parse(ends_at),
  };
}
