import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Runtime } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct, type IConstruct } from 'constructs';

/** What is the same for every regional function of a stack. */
export interface FunctionDefaults {
  readonly runtime: Runtime;
  readonly logRetentionDays: RetentionDays;
}

/** Explains to cdk-nag a runtime that the config chose on purpose. */
export function acknowledgeRuntime(construct: IConstruct, runtime: Runtime): void {
  if (runtime === Runtime.NODEJS_24_X) return;
  const reason =
    'The config names an older runtime, for a region or an organisation that does not take the newest yet.';
  Validations.of(construct).acknowledge({ id: 'AwsSolutions-L1', reason });
}

/** The defaults a config asks for. */
export function functionDefaults(runtime: 'nodejs24.x' | 'nodejs22.x', logRetentionDays: number): FunctionDefaults {
  return { runtime: runtime === 'nodejs24.x' ? Runtime.NODEJS_24_X : Runtime.NODEJS_22_X, logRetentionDays };
}

export interface HouseFunctionProps extends FunctionDefaults {
  /** Folder under `lambdas/` whose `index.ts` exports `handler`. */
  readonly folder: string;
  readonly description: string;
  /** Environment variables, under names from `lambdas/contract/environment.ts`. @default none */
  readonly environment?: Readonly<Record<string, string>>;
  /** @default Duration.seconds(30) */
  readonly timeout?: Duration;
  /** Megabytes. @default 256 */
  readonly memorySize?: number;
  /** Folders to put beside the bundle: name there → path from the project's root. @default none */
  readonly files?: Readonly<Record<string, string>>;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Lets CommonJS packages inside an ES module bundle call `require`. */
const REQUIRE_BANNER =
  "import{createRequire as onehopRequire}from'node:module';const require=onehopRequire(import.meta.url);";

/** Copies with Node instead of `cp`, so that bundling works on every system. */
const COPY = "require('node:fs').cpSync(process.argv[1],process.argv[2],{recursive:true})";

/**
 * A regional function as this project makes them: bundled as an ES module with its own copy of the AWS SDK, on arm64,
 * with a log group of limited retention and a role that may write to that log group and nothing else.
 */
export class HouseFunction extends Construct {
  readonly function: NodejsFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: HouseFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    this.function = new NodejsFunction(this, 'Function', {
      entry: `${ROOT}lambdas/${props.folder}/index.ts`,
      projectRoot: ROOT,
      depsLockFilePath: `${ROOT}package-lock.json`,
      description: props.description,
      runtime: props.runtime,
      architecture: Architecture.ARM_64,
      environment: { ...props.environment },
      timeout: props.timeout ?? Duration.seconds(30),
      memorySize: props.memorySize ?? 256,
      role: this.role,
      logGroup,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node22',
        mainFields: ['module', 'main'],
        minify: true,
        keepNames: true,
        bundleAwsSDK: true,
        banner: REQUIRE_BANNER,
        commandHooks: copyHooks(props.files ?? {}),
      },
    });
    acknowledgeRuntime(this.function, props.runtime);
  }

  /** Lets the function do exactly these actions on exactly these resources. */
  allow(actions: readonly string[], resources: readonly string[], conditions?: Record<string, unknown>): void {
    this.role.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources], ...(conditions ? { conditions } : {}) }),
    );
  }
}

function copyHooks(files: Readonly<Record<string, string>>) {
  return {
    beforeBundling: () => [],
    beforeInstall: () => [],
    afterBundling: (_inputDir: string, outputDir: string) =>
      Object.entries(files).map(([name, path]) => `node -e "${COPY}" "${ROOT}${path}" "${outputDir}/${name}"`),
  };
}

/** ARN of a resource in the stack's own account, in its region unless another is named. */
export function arnIn(
  scope: Construct,
  service: string,
  resource: string,
  resourceName: string,
  region?: string,
): string {
  return Stack.of(scope).formatArn({ service, resource, resourceName, ...(region === undefined ? {} : { region }) });
}
