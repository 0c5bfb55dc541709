using Amazon.CDK;
using Amazon.CDK.AWS.Events;
using Amazon.CDK.AWS.Events.Targets;
using CacheBackup.Infra.Permissions;
using Constructs;

namespace CacheBackup.Infra;

/// <summary>
/// The last word on an execution that did not succeed, whatever stopped it: a state machine's own <c>Catch</c> sees neither a limit of Step
/// Functions, nor an abort, nor its own time-out.
/// </summary>
internal sealed class ExecutionRule
{
    /// <summary>What the rule calls.</summary>
    public const string Function = "AbandonExecution";
    private const int Attempts = 20;

    private static readonly string[] BadEnds = ["FAILED", "TIMED_OUT", "ABORTED"];

    public ExecutionRule(Construct scope, StackArns arns, Functions functions)
    {
        Rule = new Rule(scope, "ExecutionRule", new RuleProps
        {
            RuleName = $"{arns.Context.Name}-executions",
            Description = "Executions that failed, timed out or were aborted are abandoned",
            EventPattern = new EventPattern
            {
                Source = ["aws.states"],
                DetailType = ["Step Functions Execution Status Change"],
                Detail = new Dictionary<string, object>
                {
                    ["status"] = BadEnds,

                    // Each by its whole name: what ours begin with, those of another stack may begin with as well.
                    ["stateMachineArn"] = Core.Operations.StateMachines.All.Select(arns.Machine).ToArray(),
                },
            },
        });
        if (functions.Has(Function))
        {
            // The function as it is now: no execution is bound to a version of it, and the rule may call it without a break at each deployment.
            Rule.AddTarget(new LambdaFunction(functions.Latest(Function), new LambdaFunctionProps { RetryAttempts = Attempts, MaxEventAge = Duration.Hours(24) }));
        }
    }

    public Rule Rule { get; }
}
