import { linksKey } from '../contract/keys.ts';
import { ConditionFailedError, type DynamoTable } from './dynamo-table.ts';

/** Links remembered of one message: enough for every combination, and the item stays small. */
const MAX_LINKS = 2_000;

/**
 * Remembers that a link carries a message. Written before the link itself, so what is remembered may be too much, never too
 * little: whoever reads compares with the link.
 */
export async function rememberMessage(table: DynamoTable, messageId: string, linkNo: number): Promise<void> {
  const condition = {
    expression: 'attribute_not_exists(links) OR size(links) < :most',
    values: { ':most': MAX_LINKS },
  };
  const change = { add: { links: new Set([String(linkNo)]) } };
  try {
    await table.update(linksKey.message(messageId), change, condition);
  } catch (error) {
    if (!(error instanceof ConditionFailedError)) throw error;
  }
}

/** Numbers of links that carry or carried these messages, by message. */
export async function linksOfMessages(
  table: DynamoTable,
  messageIds: readonly string[],
): Promise<ReadonlyMap<string, readonly number[]>> {
  const items = await table.getMany(messageIds.map(linksKey.message));
  return new Map(
    messageIds.map((id) => {
      const links = items.get(linksKey.message(id))?.links;
      return [id, links instanceof Set ? [...links].map(Number) : []];
    }),
  );
}
