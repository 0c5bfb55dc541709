namespace CacheBackup.Architecture.Tests.StateMachines;

/// <summary>Each rule, seen to turn red on a machine that breaks it alone.</summary>
public sealed class AslRulesTests
{
    private const string Sound = """
        {
          "StartAt": "Each",
          "States": {
            "Each": {
              "Type": "Map",
              "ItemProcessor": {
                "StartAt": "Work",
                "States": {
                  "Work": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::lambda:invoke",
                    "Parameters": { "FunctionName": "${Work}", "Payload.$": "$" },
                    "TimeoutSeconds": 90,
                    "Retry": [{
                      "ErrorEquals": ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
                        "Lambda.ClientExecutionTimeoutException", "Lambda.TooManyRequestsException", "Lambda.Unknown",
                        "Runtime.ExitError", "Sandbox.Timedout", "States.Timeout", "Lambda.ResourceNotReadyException", "LuckException"],
                      "IntervalSeconds": 1, "MaxAttempts": 6, "BackoffRate": 2, "MaxDelaySeconds": 30, "JitterStrategy": "FULL"
                    }],
                    "End": true
                  }
                }
              },
              "Catch": [{ "ErrorEquals": ["DataException"], "Next": "Failed" }, { "ErrorEquals": ["States.ALL"], "Next": "Abandon" }],
              "End": true
            },
            "Abandon": {
              "Type": "Task",
              "Resource": "arn:aws:states:::lambda:invoke",
              "Parameters": { "FunctionName": "${AbandonWork}", "Payload.$": "$" },
              "TimeoutSeconds": 60,
              "Retry": [{
                "ErrorEquals": ["Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
                  "Lambda.ClientExecutionTimeoutException", "Lambda.TooManyRequestsException", "Lambda.ResourceNotReadyException",
                  "Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError", "States.Timeout"],
                "MaxAttempts": 8, "MaxDelaySeconds": 60, "JitterStrategy": "FULL"
              }],
              "Next": "Failed"
            },
            "Failed": { "Type": "Fail", "Error": "DataException" }
          }
        }
        """;

    private static readonly AslRules Rules = new(
        new ErrorNames(new HashSet<string> { "LuckException" }, new HashSet<string> { "DataException" }),
        [new HandlerFunction("Work", "WorkFunction", 60, 128), new HandlerFunction("AbandonWork", "AbandonWorkFunction", 30, 128)]);

    public static TheoryData<string, string, string> Broken => new()
    {
        { "\"StartAt\": \"Each\",", "\"StartAt\": \"Each\", \"QueryLanguage\": \"JSONata\",", "is written in JSONata, not in JSONPath" },
        { "\"Work\": {", "\"Abandon\": {", "has the state name Abandon more than once" },
        { "\"LuckException\"", "\"LukException\"", "Work speaks of LukException, which is no exception of ours and not on the list of AWS's" },
        { "[\"DataException\"]", "[\"DatException\"]", "Each speaks of DatException, which is no exception of ours and not on the list of AWS's" },
        { "\"Error\": \"DataException\"", "\"Error\": \"Oops\"", "Failed speaks of Oops, which is no exception of ours and not on the list of AWS's" },
        { "\"LuckException\"", "\"DataException\"", "Work retries DataException, which cannot pass by itself" },
        { "\"LuckException\"", "\"States.ALL\"", "Work retries States.ALL, which cannot pass by itself" },
        { "\"LuckException\"", "\"States.TaskFailed\"", "Work retries States.TaskFailed, which cannot pass by itself" },
        { "\"MaxAttempts\": 6,", "", "Work retries without a MaxAttempts of 1 to 100" },
        { "\"MaxAttempts\": 6,", "\"MaxAttempts\": 99999999,", "Work retries without a MaxAttempts of 1 to 100" },
        { "\"MaxAttempts\": 6,", "\"MaxAttempts\": 0,", "Work retries without a MaxAttempts of 1 to 100" },
        { "\"MaxDelaySeconds\": 30,", "", "Work retries without MaxDelaySeconds" },
        { ", \"JitterStrategy\": \"FULL\"\n            }],\n            \"End\"", "\n            }],\n            \"End\"", "Work retries without JitterStrategy FULL" },
        { "\"MaxDelaySeconds\": 60, \"JitterStrategy\": \"FULL\"", "\"MaxDelaySeconds\": 60, \"JitterStrategy\": \"NONE\"", "Abandon retries without JitterStrategy FULL" },
        { "\"Lambda.ResourceNotReadyException\", \"LuckException\"", "\"LuckException\"", "Work does not retry Lambda.ResourceNotReadyException" },
        { "\"Sandbox.Timedout\", \"States.Timeout\"", "\"States.Timeout\"", "Work does not retry Sandbox.Timedout" },
        { "[\"States.ALL\"]", "[\"States.Timeout\"]", "Work has no Catch for States.ALL, neither itself nor around it" },
        { "${Work}", "${Werk}", "Work calls Werk, which no handler's [LambdaFunction] is named" },
        { "\"${Work}\"", "\"Work\"", "Work calls a function that is no ${Placeholder}, which no handler's [LambdaFunction] is named" },
        { "\"TimeoutSeconds\": 90", "\"TimeoutSeconds\": 89", "Work lacks a TimeoutSeconds of at least 90: Work may run 60 s" },
        { "\"TimeoutSeconds\": 60,", "", "Abandon lacks a TimeoutSeconds of at least 60: AbandonWork may run 30 s" },
    };

    [Fact]
    public void Sound_machine_breaks_no_rule() => Violations.None(Rules.Check(AslMachine.Parse("sample", Sound)));

    [Theory]
    [MemberData(nameof(Broken))]
    public void Machine_with_one_thing_wrong_is_told_so(string sound, string broken, string told)
    {
        Assert.Contains(sound, Sound);

        Assert.Equal([$"sample: {told}"], Rules.Check(AslMachine.Parse("sample", Sound.Replace(sound, broken))));
    }

    [Fact]
    public void ElastiCache_errors_are_aws_names() =>
        Violations.None(Rules.Check(AslMachine.Parse("sample", Sound.Replace("LuckException", "ElastiCache.SnapshotNotFoundException"))));
}
