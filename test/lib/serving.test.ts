import { describe, expect, it } from 'vitest';
import { routes } from '../../lambdas/api/routes.ts';
import { EDGE_CONFIG_HEADER, viewerHeaders } from '../../lambdas/contract/edge-config.ts';
import { inletRoutes } from '../../lib/constructs/api-routes.ts';
import { inspect, text } from './inspect.ts';
import { synthesise } from './synthesise.ts';

const synthesised = synthesise({});
const { actionsOf, of, one } = inspect(synthesised.template());

describe('the distribution', () => {
  const config = () => one('AWS::CloudFront::Distribution', 'Domains').Properties.DistributionConfig;

  it('caches nothing, errors included, and speaks HTTP/2, HTTP/3 and IPv6', () => {
    const { CustomErrorResponses, DefaultCacheBehavior, HttpVersion, IPV6Enabled } = config();
    expect(DefaultCacheBehavior.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
    const codes = CustomErrorResponses.map((each: { ErrorCode: number }) => each.ErrorCode);
    expect(codes).toEqual(expect.arrayContaining([400, 403, 404, 405, 414, 500, 501, 502, 503, 504]));
    expect(CustomErrorResponses.every((each: { ErrorCachingMinTTL: number }) => each.ErrorCachingMinTTL === 0)).toBe(
      true,
    );
    expect([HttpVersion, IPV6Enabled, DefaultCacheBehavior.ViewerProtocolPolicy]).toEqual([
      'http2and3',
      true,
      'redirect-to-https',
    ]);
  });

  it('calls the function at origin-request with Host, geography, ASN and JA4', () => {
    expect(config().DefaultCacheBehavior.LambdaFunctionAssociations).toMatchObject([{ EventType: 'origin-request' }]);
    const { HeadersConfig } = one('AWS::CloudFront::OriginRequestPolicy', 'Domains').Properties
      .OriginRequestPolicyConfig;
    expect(HeadersConfig).toEqual({ HeaderBehavior: 'allViewerAndWhitelistCloudFront', Headers: [...viewerHeaders] });
    expect(HeadersConfig.Headers.length).toBeLessThanOrEqual(10);
  });

  it('hands the settings over in the origin header', () => {
    const [origin] = config().Origins;
    expect(origin.OriginCustomHeaders).toMatchObject([{ HeaderName: EDGE_CONFIG_HEADER }]);
    const value = text(origin.OriginCustomHeaders[0].HeaderValue);
    for (const part of ['LinksTable', 'EdgeKeys', 'onehop-prod-clicks', 'hash']) expect(value).toContain(part);
    expect(value).not.toMatch(/resolve:|SecretString|key_\d/);
    expect(value).not.toContain('HomeKeys');
  });

  it('logs the fields a repair needs, without the address', () => {
    const { RecordFields, S3SuffixPath } = one('AWS::Logs::Delivery', 'Domains').Properties;
    expect(RecordFields).toEqual(
      expect.arrayContaining(['timestamp(ms)', 'x-edge-request-id', 'cs-uri-stem', 'cs-uri-query', 'x-host-header']),
    );
    expect(RecordFields).not.toContain('c-ip');
    expect(S3SuffixPath).toBeTruthy();
  });
});

describe('the API', () => {
  it('has a named route for each path of the function and no other', () => {
    const keys = of('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
    const paths = new Set(routes.map(({ path }) => `ANY ${path}`));
    const inlets = inletRoutes.flatMap(([path, ...methods]) => methods.map((method) => `${method} ${path}`));
    expect(keys.sort()).toEqual([...paths, ...inlets, '$default'].sort());
  });

  it('logs the route’s name, never path, query or address', () => {
    const { Format } = one('AWS::ApiGatewayV2::Stage', 'Api').Properties.AccessLogSettings;
    for (const named of ['$context.httpMethod', '$context.routeKey']) expect(Format).toContain(named);
    expect(Format).not.toMatch(/context\.path|requestUri|queryString|sourceIp|identity/);
  });

  it('lets networks and shops in when programs of our own have used up their share', () => {
    const stage = one('AWS::ApiGatewayV2::Stage', 'Api');
    const { DefaultRouteSettings: own, RouteSettings: theirs } = stage.Properties;
    expect(own).toEqual({ ThrottlingRateLimit: 500, ThrottlingBurstLimit: 1_000 });
    const limits = { ThrottlingRateLimit: 2_000, ThrottlingBurstLimit: 4_000 };
    expect(theirs).toEqual({
      'GET /postbacks/{source}/{token}': limits,
      'POST /postbacks/{source}/{token}': limits,
      'POST /webhooks/{source}': limits,
      'GET /pixel/{file}': limits,
    });
    const keyOf = new Map(of('AWS::ApiGatewayV2::Route').map(([id, { Properties }]) => [id, Properties.RouteKey]));
    const before = (stage.DependsOn as string[]).map((id) => keyOf.get(id));
    expect(before).toEqual(expect.arrayContaining(Object.keys(theirs)));
  });

  it('may touch its tables, keys, streams, workgroup and the lake’s rows, and nothing else', () => {
    const actions = new Set(actionsOf('ApiFunction'));
    expect(
      [...actions].filter((action) => /\*|Scan|PutSecret|UpdateSecret|PutObject|DeleteObject/.test(action)),
    ).toEqual([]);
    expect([...actions]).toEqual(
      expect.arrayContaining(['dynamodb:PutItem', 'athena:StartQueryExecution', 'glue:GetTable', 's3:GetObject']),
    );
  });
});
