import { expect, it } from 'vitest';
import { CERTIFICATE, synthesise, ZONE } from './synthesise.ts';

const template = synthesise({
  domains: [
    { name: 'go.brand.com', hostedZone: ZONE },
    { name: 'two.brand.com', certificateArn: CERTIFICATE },
  ],
}).template();

it('every custom domain has an output that says where its record leads, wherever its zone is', () => {
  const records = Object.entries(template.findOutputs('*'))
    .filter(([name]) => name.includes('DnsRecord'))
    .map(([, { Value }]) => Value['Fn::Join'][1][0]);
  expect(records.sort()).toEqual(['go.brand.com CNAME ', 'two.brand.com CNAME ']);
});
