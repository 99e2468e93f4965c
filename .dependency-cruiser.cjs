/** The import rule of docs/architecture.md: dependencies point inward only. */
const inward = (name, from, allowed, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { path: from },
  to: { path: '^(bin|lib|lambdas|sql|cli|local|bench|test|web)/', pathNot: [from, ...allowed] },
});

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'contract-imports-nothing',
      severity: 'error',
      from: { path: '^lambdas/contract/' },
      to: { pathNot: '^lambdas/contract/' },
    },
    inward('core-is-pure', '^lambdas/core/', ['^lambdas/contract/']),
    {
      name: 'core-has-no-sdk',
      severity: 'error',
      from: { path: '^lambdas/core/' },
      to: { path: '^(node:)?(fs|http|https|tls|child_process|process|dgram|dns)(/|$)|node_modules/(@aws-sdk|aws4)/' },
    },
    inward('adapters-stay-below-functions', '^lambdas/adapters/', ['^lambdas/(contract|core)/']),
    {
      name: 'functions-do-not-import-each-other',
      severity: 'error',
      from: { path: '^lambdas/(?!contract|core|adapters)([^/]+)/' },
      to: { path: '^lambdas/(?!contract|core|adapters)', pathNot: '^lambdas/$1/' },
    },
    {
      name: 'lambdas-know-no-infrastructure',
      severity: 'error',
      from: { path: '^lambdas/' },
      to: { path: '^(lib|bin|cli|local|bench|test|web)/|node_modules/(aws-cdk-lib|constructs)/' },
    },
    inward('sql-imports-contract-and-core', '^sql/', ['^lambdas/(contract|core)/']),
    inward('lib-imports-contract-and-catalog', '^lib/', ['^lambdas/contract/', '^sql/catalog\\.ts$']),
    inward('lib-config-is-innermost', '^lib/config/', ['^lambdas/contract/']),
    {
      name: 'constructs-do-not-import-stacks',
      severity: 'error',
      from: { path: '^lib/constructs/' },
      to: { path: '^lib/stacks/' },
    },
    {
      name: 'nothing-imports-the-outer-ring',
      severity: 'error',
      from: { path: '^(lib|lambdas|sql)/' },
      to: { path: '^(cli|local|bench|test|bin)/' },
    },
    {
      name: 'outer-ring-stays-apart',
      severity: 'error',
      from: { path: '^(cli|local)/' },
      to: { path: '^(bench|test|bin)/', pathNot: '^bin/run\\.mjs$' },
    },
    { name: 'cli-is-not-local', severity: 'error', from: { path: '^cli/' }, to: { path: '^local/' } },
    { name: 'local-is-not-cli', severity: 'error', from: { path: '^local/' }, to: { path: '^cli/' } },
    {
      name: 'no-test-code-in-product',
      severity: 'error',
      from: { pathNot: '^(test|bench|vitest)' },
      to: { dependencyTypes: ['npm-dev'], path: 'vitest|fast-check|user-agents|crawler-user-agents|autocannon' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
};
