import { EntityStore } from '../../adapters/entity-store.ts';
import { retryOnConflict } from '../../adapters/retry-on-conflict.ts';
import { linksKey } from '../../contract/keys.ts';
import { fault, invalid } from '../../core/api/problem.ts';
import type { Campaign } from '../../core/entities/campaign.ts';
import type { Experiment } from '../../core/entities/experiment.ts';
import { isDrawing } from '../../core/experiments.ts';
import { accountExperiment } from '../experiment-checks.ts';
import type { ApiRequest } from '../http.ts';
import { journalOf } from '../journal.ts';
import type { ApiServices } from '../services.ts';

/**
 * The experiments that a mint draws subscribers into: the account-wide one first, then the campaign's.
 * @throws Problem 422 where the campaign names an experiment that does not exist: minting everybody would spoil it
 */
export async function drawingExperiments(campaign: Campaign | null, services: ApiServices): Promise<Experiment[]> {
  const ofAccount = await accountExperiment(services);
  const ofCampaign = campaign?.experiment ? await campaignExperiment(campaign, campaign.experiment, services) : null;
  const all = [ofAccount, ofCampaign?.scope === 'campaign' ? ofCampaign : null];
  return all.filter((each) => each !== null).filter((each) => isDrawing(each, services.now()));
}

async function campaignExperiment({ id }: Campaign, name: string, services: ApiServices): Promise<Experiment> {
  const store = new EntityStore(services.linksTable, services.now);
  const stored = await store.get<Experiment>(linksKey.experiment(name));
  if (stored) return stored.document;
  throw invalid([
    fault(
      'experiment',
      'no_such_experiment',
      `campaign ${id} names the experiment ${name}, which does not exist: create it first`,
    ),
  ]);
}

/**
 * Fixes arms and shares before the first subscriber is drawn, and gives back the experiment as it is fixed. The mark is
 * written over the very revision that was read, so a change of the arms comes either before it or is refused.
 */
export async function frozen({ id }: Experiment, request: ApiRequest, services: ApiServices): Promise<Experiment> {
  const store = new EntityStore(services.linksTable, services.now, journalOf(request, 'changed', services));
  const pk = linksKey.experiment(id);
  return retryOnConflict(async () => {
    const stored = await store.get<Experiment>(pk);
    if (!stored) throw new Error(`experiment ${id} was removed`);
    if (stored.document.assigned_at) return stored.document;
    const document = { ...stored.document, assigned_at: new Date(services.now()).toISOString() };
    return (await store.save({ pk, kind: 'experiment', sort: id, subject: pk }, document, stored)).document;
  });
}
