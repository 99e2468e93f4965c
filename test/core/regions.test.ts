import { describe, expect, it } from 'vitest';
import { nearestRegion } from '../../lambdas/core/regions.ts';

describe('nearest region', () => {
  const configured = ['us-east-1', 'eu-central-1', 'ap-northeast-1'];
  it.each([
    ['us-east-1', 'us-east-1'],
    ['us-west-2', 'us-east-1'],
    ['sa-east-1', 'us-east-1'],
    ['eu-west-2', 'eu-central-1'],
    ['me-central-1', 'eu-central-1'],
    ['ap-northeast-3', 'ap-northeast-1'],
    ['ap-southeast-2', 'ap-northeast-1'],
  ])('from %s is %s', (serving, nearest) => expect(nearestRegion(serving, configured)).toBe(nearest));

  it('is the first configured one where a place is not known', () =>
    expect(nearestRegion('moon-north-1', configured)).toBe('us-east-1'));
});
