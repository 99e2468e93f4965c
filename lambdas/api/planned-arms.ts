import { z } from 'zod';
import type { ReportContext } from '../../sql/catalog.ts';
import { linksKey } from '../contract/keys.ts';
import type { ApiServices } from './services.ts';

/** What of an experiment's document says how its arms are planned. */
const planSchema = z.object({ arms: z.array(z.object({ name: z.string(), share: z.coerce.number() })) });

/** Reads the arms of experiments as they are set up. */
export function plannedArms({ linksTable }: ApiServices): ReportContext['plannedArms'] {
  return async (experiments) => {
    const items = await linksTable.getMany(experiments.map(linksKey.experiment));
    const found = experiments.flatMap((id) => {
      const plan = planSchema.safeParse(items.get(linksKey.experiment(id))?.doc);
      return plan.success ? [[id, plan.data.arms] as const] : [];
    });
    return new Map(found);
  };
}
