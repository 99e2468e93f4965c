import { describe, expect, it } from 'vitest';
import { abandonedBy, describeAbandoned } from '../../bin/adoption.ts';

const outputs = { LinksTableName: 'links-1', LedgerTableName: 'ledger-1', BucketName: 'lake-1', ApiUrl: 'https://api' };

/** CloudFormation with one stack that owns these resources, told over two pages. */
function cloudFormation(owned: readonly string[], exists = true) {
  const send = async (command: { constructor: { name: string }; input: { NextToken?: string } }) => {
    if (command.constructor.name === 'DescribeStacksCommand') {
      if (!exists) throw Object.assign(new Error('Stack with id x does not exist'), { name: 'ValidationError' });
      const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
      return { Stacks: [{ StackName: 'x', StackStatus: 'UPDATE_COMPLETE', Outputs }] };
    }
    const [first = [], second = []] = [owned.slice(0, 1), owned.slice(1)];
    const page = (ids: readonly string[]) => ids.map((PhysicalResourceId) => ({ PhysicalResourceId }));
    return command.input.NextToken
      ? { StackResourceSummaries: page(second) }
      : { StackResourceSummaries: page(first), NextToken: 'more' };
  };
  return { send } as never;
}

describe('a deployment', () => {
  it('lets go of nothing that the stack owns', async () => {
    expect(await abandonedBy(undefined, 'x', cloudFormation(['links-1', 'ledger-1', 'lake-1']))).toEqual({});
    expect(await abandonedBy(undefined, 'x', cloudFormation([], false))).toEqual({});
  });

  it('is stopped where it would replace adopted resources with empty ones', async () => {
    const abandoned = await abandonedBy(undefined, 'x', cloudFormation(['lake-1']));
    expect(abandoned).toEqual({ linksTable: 'links-1', ledgerTable: 'ledger-1' });
    const message = describeAbandoned('Onehop-prod', abandoned);
    expect(message).toContain('links table, ledger table');
    expect(message).toContain('"linksTable": "links-1"');
  });

  it('goes on where the config adopts them still', async () => {
    const adopt = { linksTable: 'links-1', ledgerTable: 'ledger-1' };
    expect(await abandonedBy(adopt, 'x', cloudFormation(['lake-1']))).toEqual({});
    expect(await abandonedBy({ ...adopt, linksTable: 'other' }, 'x', cloudFormation(['lake-1']))).toEqual({
      linksTable: 'links-1',
    });
  });
});
