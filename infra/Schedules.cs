using Amazon.CDK;
using Amazon.CDK.AWS.Events;
using Amazon.CDK.AWS.Events.Targets;
using Amazon.CDK.AWS.IAM;
using Amazon.CDK.AWS.StepFunctions;
using Constructs;

namespace CacheBackup.Infra;

/// <summary>
/// The tick, every five minutes, and the purge, every hour. The week's reading back is started by a tick. One that EventBridge starts twice
/// does nothing twice, and one that it could not start is not made up for: the next one does its work.
/// </summary>
internal sealed class Schedules
{
    private const int TickMinutes = 5;
    private const int Attempts = 2;

    public Schedules(Construct scope, Machines machines)
    {
        StateMachine tick = machines[Core.Operations.StateMachines.Schedule];
        StateMachine purge = machines[Core.Operations.StateMachines.Purge];
        Role role = new(scope, "ScheduleRole", new RoleProps
        {
            AssumedBy = new ServicePrincipal("events.amazonaws.com"),
            Description = "Starts the tick and the purge",
            InlinePolicies = new Dictionary<string, PolicyDocument>
            {
                ["Permissions"] = new(new PolicyDocumentProps
                {
                    Statements =
                    [
                        new PolicyStatement(new PolicyStatementProps
                        {
                            Actions = ["states:StartExecution"], Resources = [tick.StateMachineArn, purge.StateMachineArn],
                        }),
                    ],
                }),
            },
        });
        IRole fixedRole = role.WithoutPolicyUpdates();
        Tick = Add(scope, "Tick", Duration.Minutes(TickMinutes), tick, fixedRole);
        Purge = Add(scope, "Purge", Duration.Hours(1), purge, fixedRole);
    }

    public Rule Tick { get; }

    public Rule Purge { get; }

    private static Rule Add(Construct scope, string name, Duration every, StateMachine machine, IRole role) => new(scope, $"{name}Rule", new RuleProps
    {
        Schedule = Schedule.Rate(every),
        Targets =
        [
            new SfnStateMachine(machine, new SfnStateMachineProps
            {
                Role = role,
                Input = RuleTargetInput.FromObject(new Dictionary<string, object>()),
                RetryAttempts = Attempts,
                MaxEventAge = Duration.Minutes(TickMinutes),
            }),
        ],
    });
}
