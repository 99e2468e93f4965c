import { defineConfig } from './lib/config/onehop-config.ts';

/**
 * What is deployed. Everything has a default, so this deploys as it is, on the name CloudFront gives.
 * A custom domain is one entry, e.g. for a zone in Route 53:
 *
 *   domains: [{ name: 'go.brand.com', hostedZone: { id: 'Z0123456789ABCDEFGHIJ', name: 'brand.com' } }],
 *
 * and with DNS elsewhere, once the certificate is issued in us-east-1:
 *
 *   domains: [{ name: 'go.brand.com', certificateArn: 'arn:aws:acm:us-east-1:…' }],
 */
export default defineConfig({});
