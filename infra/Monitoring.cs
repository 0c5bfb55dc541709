using Amazon.CDK;
using Amazon.CDK.AWS.CloudWatch;
using Amazon.CDK.AWS.CloudWatch.Actions;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.SNS;
using Amazon.CDK.AWS.SNS.Subscriptions;
using CacheBackup.Infra.Context;
using Constructs;
using Told = CacheBackup.Core.Operations.Metric;

namespace CacheBackup.Infra;

/// <summary>What rings, and where: <c>docs/operations.md</c> says of each alarm what to do.</summary>
internal sealed class Monitoring
{
    private static readonly Duration FiveMinutes = Duration.Minutes(5);
    private static readonly Duration Hour = Duration.Hours(1);

    private readonly Construct _scope;
    private readonly StackContext _context;
    private readonly List<Alarm> _alarms = [];

    public Monitoring(Construct scope, StackContext context, ExecutionRule rule, Schedules schedules)
    {
        (_scope, _context) = (scope, context);
        Topic = AddTopic();
        AddExecutionAlarms(rule, $"{context.Name}-{ExecutionRule.Function}");
        AddAlarm("BackupMissed", "A cache's window passed without an automatic backup.", Of(Told.BackupsMissed, "Sum", FiveMinutes), 1, 1, TreatMissingData.NOT_BREACHING);
        AddAlarm("BackupDamaged", "A backup was read back and is not what was stored.", Of(Told.BackupsDamaged, "Sum", FiveMinutes), 1, 1, TreatMissingData.NOT_BREACHING);

        // Told by every tick and every purge: that nothing is told is an alarm as well.
        AddAlarm(
            "BackupLate",
            $"A cache is more than {context.LatenessAlarmMinutes} minutes behind its policy, or no tick has told how things stand.",
            Of(Told.WorstBackupLateness, "Maximum", FiveMinutes),
            (context.LatenessAlarmMinutes * 60) + 1,
            3,
            TreatMissingData.BREACHING);
        if (context.VerifySharePercent > 0)
        {
            AddAlarm(
                "ProofOld",
                $"The last proof of a cache's backups is more than {context.ProofAlarmDays} days old, or no purge has told how things stand.",
                Of(Told.OldestProof, "Maximum", Hour),
                (context.ProofAlarmDays * 86_400) + 1,
                3,
                TreatMissingData.BREACHING);
        }

        if (context.Dashboard)
        {
            AddDashboard(schedules);
        }
    }

    public Topic Topic { get; }

    private Topic AddTopic()
    {
        Topic topic = new(_scope, "AlarmTopic", new TopicProps { DisplayName = $"{_context.Name} alarms", EnforceSSL = true });
        topic.AddToResourcePolicy(new PolicyStatement(new PolicyStatementProps
        {
            Sid = "AlarmsOfThisAccount",
            Principals = [new ServicePrincipal("cloudwatch.amazonaws.com")],
            Actions = ["sns:Publish"],
            Resources = [topic.TopicArn],
            Conditions = new Dictionary<string, object>
            {
                ["StringEquals"] = new Dictionary<string, object> { ["aws:SourceAccount"] = Aws.ACCOUNT_ID },
            },
        }));
        if (_context.AlarmAddress is { } address)
        {
            topic.AddSubscription(new EmailSubscription(address));
        }

        return topic;
    }

    /// <summary>
    /// By the rule on executions, which sees every machine: one alarm in place of three metrics for each of them. The function that it calls rings
    /// by its own errors: EventBridge hands an event over to Lambda's queue, and counts as failed only what it could not hand over.
    /// </summary>
    private void AddExecutionAlarms(ExecutionRule rule, string function)
    {
        AddAlarm(
            "ExecutionFailed",
            "An execution failed, timed out or was aborted.",
            OfRule(rule.Rule.RuleName, "TriggeredRules"),
            1,
            1,
            TreatMissingData.NOT_BREACHING);
        AddAlarm(
            "AbandonFailed",
            "The function that puts records in order after a failed execution failed itself; the purge does its work within the hour.",
            new Metric(new MetricProps
            {
                Namespace = "AWS/Lambda",
                MetricName = "Errors",
                Statistic = "Sum",
                Period = FiveMinutes,
                DimensionsMap = new Dictionary<string, string> { ["FunctionName"] = function },
            }),
            1,
            1,
            TreatMissingData.NOT_BREACHING);
        AddAlarm(
            "AbandonNotCalled",
            "The function that puts records in order after a failed execution could not be called; the purge does its work within the hour.",
            OfRule(rule.Rule.RuleName, "FailedInvocations"),
            1,
            1,
            TreatMissingData.NOT_BREACHING);
    }

    private void AddAlarm(string name, string description, Metric metric, double threshold, int periods, TreatMissingData missing)
    {
        Alarm alarm = new(_scope, $"{name}Alarm", new AlarmProps
        {
            AlarmName = $"{_context.Name}-{name}",
            AlarmDescription = description,
            Metric = metric,
            Threshold = threshold,
            ComparisonOperator = ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            EvaluationPeriods = periods,
            TreatMissingData = missing,
        });
        alarm.AddAlarmAction(new SnsAction(Topic));
        alarm.AddOkAction(new SnsAction(Topic));
        _alarms.Add(alarm);
    }

    private Metric Of(Told metric, string statistic, Duration period) => new(new MetricProps
    {
        Namespace = _context.MetricsNamespace,
        MetricName = metric.Name,
        Statistic = statistic,
        Period = period,
    });

    private static Metric OfRule(string rule, string metric) => new(new MetricProps
    {
        Namespace = "AWS/Events",
        MetricName = metric,
        Statistic = "Sum",
        Period = FiveMinutes,
        DimensionsMap = new Dictionary<string, string> { ["RuleName"] = rule },
    });

    private void AddDashboard(Schedules schedules) => _ = new Dashboard(_scope, "Dashboard", new DashboardProps
    {
        DashboardName = _context.Name,
        Widgets =
        [
            [new AlarmStatusWidget(new AlarmStatusWidgetProps { Title = "Alarms", Alarms = [.. _alarms], Width = 24 })],
            [
                new GraphWidget(new GraphWidgetProps
                {
                    Title = "Backups",
                    Left = [Of(Told.BackupsTaken, "Sum", Hour), Of(Told.BackupsFailed, "Sum", Hour), Of(Told.BackupsMissed, "Sum", Hour), Of(Told.BackupsDamaged, "Sum", Hour)],
                    Right = [Of(Told.RestoresFailed, "Sum", Hour)],
                }),
                new GraphWidget(new GraphWidgetProps
                {
                    Title = "Behind policy and unproven (seconds)",
                    Left = [Of(Told.WorstBackupLateness, "Maximum", FiveMinutes)],
                    Right = [Of(Told.OldestProof, "Maximum", Hour)],
                }),
                new GraphWidget(new GraphWidgetProps
                {
                    Title = "Ticks and purges",
                    Left = [OfRule(schedules.Tick.RuleName, "Invocations"), OfRule(schedules.Purge.RuleName, "Invocations")],
                }),
            ],
        ],
    });
}
