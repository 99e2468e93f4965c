import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Code, type IVersion, Function as LambdaFunction, type Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { buildEdgeBundle, type WarmRegions } from './edge-bundle.ts';
import { type EdgeRoleProps, edgeRole } from './edge-role.ts';
import { acknowledgeRuntime } from './house-function.ts';

export interface RedirectProps extends EdgeRoleProps {
  /** Regions to which an instance opens connections while it starts. */
  readonly warmRegions: WarmRegions;
  readonly runtime: Runtime;
}

/** CDK's switch for making a log group with every function (https://github.com/aws/aws-cdk/blob/main/packages/aws-cdk-lib/cx-api/FEATURE_FLAGS.md). */
const LAMBDA_USE_CDK_MANAGED_LOG_GROUP = '@aws-cdk/aws-lambda:useCdkManagedLogGroup';

const SOURCE = fileURLToPath(new URL('../../lambdas/redirect', import.meta.url));

/**
 * The function that answers every tap, at the edge. One for all domains: its settings travel in a header, so its code is
 * the same for every stage. It is retained on destroy, because CloudFront takes hours to let go of its replicas and
 * CloudFormation would fail meanwhile; `npm run destroy` says how to delete it later.
 */
export class Redirect extends Construct {
  readonly version: IVersion;

  constructor(scope: Construct, id: string, props: RedirectProps) {
    super(scope, id);
    // CDK would add a log group that never gets a line: edge functions log under another name, in every region.
    this.node.setContext(LAMBDA_USE_CDK_MANAGED_LOG_GROUP, false);
    const edge = new LambdaFunction(this, 'Function', {
      description: 'Onehop redirect: answers taps at the edge',
      runtime: props.runtime,
      handler: 'index.handler',
      code: edgeCode(props.warmRegions),
      role: edgeRole(this, 'Role', props),
      // CPU grows with memory and is felt by every subscriber; 256 MB loads the bundle about twice as fast as 128.
      memorySize: 256,
      timeout: Duration.seconds(10),
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN, description: 'Onehop redirect' },
    });
    acknowledgeRuntime(edge, props.runtime);
    edge.applyRemovalPolicy(RemovalPolicy.RETAIN);
    // The class declares optional members wider than its own interface does, hence the cast.
    this.version = edge.currentVersion as IVersion;
  }
}

/** The bundle, built while the app is synthesised; skipped where CDK skips bundling (diffs of another stack, template tests). */
function edgeCode(warmRegions: WarmRegions): Code {
  return Code.fromAsset(SOURCE, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      image: DockerImage.fromRegistry('unused: the bundle is built without Docker'),
      local: {
        tryBundle(outputDir: string): boolean {
          buildEdgeBundle({ outfile: join(outputDir, 'index.js'), warmRegions });
          return true;
        },
      },
    },
  });
}
