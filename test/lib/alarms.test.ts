import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SILENCE_CHECK } from '../../lambdas/contract/sweep.ts';
import { inspect, type Statement, text } from './inspect.ts';
import { synthesise } from './synthesise.ts';

const synthesised = synthesise({});
const { of, one } = inspect(synthesised.template());

describe('alarms', () => {
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
  const alarms = () => of('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  const named = () =>
    alarms().map(({ AlarmDescription }) => /Runbook: docs\/runbook\.md, "(.+)"/.exec(AlarmDescription)?.[1] ?? '');

  it('each have a heading of the runbook, and each heading an alarm', () =>
    expect([...new Set(named())].sort()).toEqual(headings.toSorted()));

  it('each say what is felt and tell somebody', () => {
    for (const alarm of alarms()) {
      expect(alarm.AlarmDescription).toMatch(/^Impact: .{20,}/);
      expect(alarm.AlarmActions).toHaveLength(1);
    }
  });

  it('reach the topic, which lets CloudWatch publish', () => {
    const statements = one('AWS::SNS::TopicPolicy', 'Alarms').Properties.PolicyDocument.Statement as Statement[];
    expect(
      statements.filter(
        ({ Effect, Principal }) => Effect === 'Allow' && text(Principal).includes('cloudwatch.amazonaws.com'),
      ),
    ).toMatchObject([
      { Action: 'sns:Publish', Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } },
    ]);
  });

  it('ring at these figures', () => {
    const figures = alarms().map(({ MetricName, Threshold, Period, EvaluationPeriods }) => [
      MetricName,
      Threshold,
      Period,
      EvaluationPeriods,
    ]);
    // One of each for every stream of clicks and events.
    expect([...new Set(figures.map((figure) => figure.join(' ').replace(/^\w{40,}-/, '')))].sort()).toEqual([
      ' 20  1',
      ' 20  2',
      ' 5  2',
      '429 20 300 1',
      '5xx 5 300 1',
      '5xxErrorRate 5 300 3',
      'ApproximateAgeOfOldestMessage 900 300 1',
      'ApproximateNumberOfMessagesVisible 0 300 1',
      'DeliveryToS3.DataFreshness 900 300 2',
      'Errors 1 900 1',
      'FailedConversion.Records 0 300 1',
      'Invocations 0 300 1',
      'ThrottledRecords 0 300 1',
      'Throttles 0 300 1',
      'pending 0 300 4',
      'silent 0 3600 1',
    ]);
  });

  it('look at the share of unmatched postbacks of networks by the day where few come, and never ring for one', () => {
    const alarm = alarms().find(({ AlarmName }) =>
      AlarmName.endsWith('Conversions of networks lack our click id all day'),
    );
    const [expression, ...metrics] = alarm.Metrics;
    expect(metrics.map(({ MetricStat }: { MetricStat: { Period: number } }) => MetricStat.Period)).toEqual([
      86_400, 86_400,
    ]);
    expect(expression.Expression).toBe('IF(whole >= 5, 100 * part / whole, 0)');
    const rings = (part: number, whole: number) => (whole >= 5 ? (100 * part) / whole : 0) > alarm.Threshold;
    expect([rings(1, 1), rings(4, 4), rings(1, 5), rings(2, 5), rings(5, 5)]).toEqual([
      false,
      false,
      false,
      true,
      true,
    ]);
  });

  it('listen for silent sources every hour, with what the sweep function looks for', () => {
    const hourly = of('AWS::Events::Rule').filter(
      ([, { Properties }]) => Properties.ScheduleExpression === 'rate(1 hour)',
    );
    expect(hourly.map(([, { Properties }]) => JSON.parse(Properties.Targets[0].Input))).toEqual([SILENCE_CHECK]);
    const filters = of('AWS::Logs::MetricFilter').map(([, { Properties }]) => Properties.FilterPattern);
    expect(filters).toContain('{ $.message = "sweep:silence" }');
  });

  it('each runbook entry says what it is, how to look and what to do', () => {
    for (const section of runbook.split(/^## /m).slice(1))
      expect([...section.matchAll(/^### (\w+)\n+\S/gm)].map(([, part]) => part)).toEqual([
        'Description',
        'Investigation',
        'Resolution',
      ]);
  });

  it('watch what can be seen: 5xx of each distribution globally, freshness, conversion, error prefix, API', () => {
    const metrics = alarms().map(({ MetricName }) => MetricName);
    expect(metrics).toEqual(
      expect.arrayContaining([
        '5xxErrorRate',
        'DeliveryToS3.DataFreshness',
        'FailedConversion.Records',
        'Invocations',
        '5xx',
        'Throttles',
      ]),
    );
    const edge = alarms().find(({ MetricName }) => MetricName === '5xxErrorRate');
    expect(text(edge.Dimensions)).toContain('Global');
  });
});
