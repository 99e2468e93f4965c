import { CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  DomainName,
  HttpApi as GatewayApi,
  HttpMethod,
  HttpRoute,
  HttpRouteKey,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Certificate, CertificateValidation, type ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { CfnPermission, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { ResolvedHost } from '../config/schema.ts';
import { apiPaths, inletRoutes } from './api-routes.ts';
import { addressRecords, zoneOf } from './dns-records.ts';

export interface HttpApiProps {
  readonly function: IFunction;
  /** Function that answers what networks and shops send. */
  readonly inlets: IFunction;
  readonly logRetentionDays: RetentionDays;
  /** Host of its own. @default the name API Gateway gives */
  readonly domain?: ResolvedHost;
}

/** One line per request. Neither path nor query nor address: tokens travel in the first two, people behind the third. */
const ACCESS_LOG = {
  request_id: '$context.requestId',
  method: '$context.httpMethod',
  route: '$context.routeKey',
  status: '$context.status',
  response_ms: '$context.responseLatency',
  function_ms: '$context.integrationLatency',
  bytes: '$context.responseLength',
  error: '$context.integrationErrorMessage',
};

/** Requests a second, and in a burst; beyond them API Gateway answers 429. The account's own limit is 10,000 and 5,000. */
const THROTTLE = { rateLimit: 500, burstLimit: 1_000 };
/** The same for each route of networks and shops: some of these switch a postback off that is refused a few times. */
const INLET_THROTTLE = { ThrottlingRateLimit: 2_000, ThrottlingBurstLimit: 4_000 };

/** The HTTP API in front of the API's function, with named routes and an access log that shows those names only. */
export class HttpApi extends Construct {
  readonly api: GatewayApi;
  readonly accessLog: LogGroup;
  /** Origin of the API, without a slash at its end. */
  readonly origin: string;

  constructor(scope: Construct, id: string, props: HttpApiProps) {
    super(scope, id);
    this.api = new GatewayApi(this, 'Api', { description: 'Onehop API', createDefaultStage: false });
    this.accessLog = new LogGroup(this, 'AccessLog', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.#routes(props.function);
    this.#inlets(props.inlets);
    this.#allowCatchAll(props.function);
    const domainName = props.domain && this.#domainName(props.domain);
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: THROTTLE,
      accessLogSettings: {
        destination: new LogGroupLogDestination(this.accessLog),
        format: AccessLogFormat.custom(JSON.stringify(ACCESS_LOG)),
      },
      ...(domainName ? { domainMapping: { domainName } } : {}),
    });
    this.#letInletsHaveMore(stage);
    this.origin = props.domain ? `https://${props.domain.name}` : this.api.apiEndpoint;
  }

  /** The integration's own permission names three parts behind the API, the catch-all route has two. */
  #allowCatchAll(handler: IFunction): void {
    new CfnPermission(this, 'CatchAll', {
      action: 'lambda:InvokeFunction',
      functionName: handler.functionArn,
      principal: 'apigateway.amazonaws.com',
      sourceArn: Stack.of(this).formatArn({
        service: 'execute-api',
        resource: this.api.apiId,
        resourceName: '*/$default',
      }),
    });
  }

  #routes(handler: IFunction): void {
    const integration = new HttpLambdaIntegration('Function', handler, { scopePermissionToRoute: false });
    this.#add(
      [...apiPaths.map((path) => routeKey(path)), ['$default', HttpRouteKey.DEFAULT]],
      integration,
      'Tokens with scopes are checked by the function, which knows the scope each call needs and answers with a problem document.',
    );
  }

  #inlets(handler: IFunction): void {
    const integration = new HttpLambdaIntegration('Inlets', handler, { scopePermissionToRoute: false });
    this.#add(
      inletKeys,
      integration,
      'Senders prove themselves by the token in the path or a signature over the body, which only the function can check.',
    );
  }

  /** A stage can set a limit for routes only that exist, so it is made after them. */
  #letInletsHaveMore(stage: HttpStage): void {
    const routes = inletKeys.map(([name]) => this.node.findChild(nodeId(name)));
    stage.node.addDependency(...routes);
    const settings = inletKeys.map(([name]) => [name, INLET_THROTTLE] as const);
    (stage.node.defaultChild as CfnStage).routeSettings = Object.fromEntries(settings);
  }

  #add(keys: readonly RouteKey[], integration: HttpLambdaIntegration, reason: string): void {
    for (const [name, routeKey] of keys) {
      const route = new HttpRoute(this, nodeId(name), { httpApi: this.api, routeKey, integration });
      Validations.of(route).acknowledge({ id: 'AwsSolutions-APIG4', reason });
    }
  }

  #domainName(domain: ResolvedHost): DomainName {
    const domainName = new DomainName(this, 'Domain', {
      domainName: domain.name,
      certificate: this.#certificate(domain),
    });
    const { regionalDomainName: target, regionalHostedZoneId } = domainName;
    if (domain.hostedZone)
      addressRecords(this, domain.name, domain.hostedZone, { dnsName: target, hostedZoneId: regionalHostedZoneId });
    else
      new CfnOutput(this, 'DnsRecord', {
        description: `Record to make for ${domain.name}`,
        value: `${domain.name} CNAME ${target}`,
      });
    return domainName;
  }

  #certificate({ name, hostedZone, certificateArn }: ResolvedHost): ICertificate {
    if (certificateArn !== undefined) return Certificate.fromCertificateArn(this, 'Certificate', certificateArn);
    const zone = hostedZone && zoneOf(this, hostedZone);
    return new Certificate(this, 'Certificate', { domainName: name, validation: CertificateValidation.fromDns(zone) });
  }
}

type RouteKey = readonly [name: string, key: HttpRouteKey];

/** Names of constructs have no slash. */
const nodeId = (name: string) => name.replaceAll('/', ':');

/** One route a path: a route a method would be a third of what a stack may hold. @param method left out, the route takes all */
function routeKey(path: string, method: string = HttpMethod.ANY): RouteKey {
  return [`${method} ${path}`, HttpRouteKey.with(path, method as HttpMethod)];
}

const inletKeys = inletRoutes.flatMap(([path, ...methods]) => methods.map((method) => routeKey(path, method)));
