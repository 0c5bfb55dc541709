using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines;

public sealed class StateMachineDefinitionTests
{
    private const string Invoke = "\"Type\":\"Task\",\"Resource\":\"arn:aws:states:::lambda:invoke\",\"Parameters\":{\"FunctionName\":\"${F}\"}";

    /// <summary>State (null: the machine itself), field, and the body of state A or of the machine.</summary>
    public static TheoryData<string?, string, string> Refused => new()
    {
        { "A", "Type", """ "A": { "Type": "Activity", "End": true } """ },
        { "A", "Type", """ "A": { "End": true } """ },
        { "A", "QueryLanguage", """ "A": { "Type": "Pass", "QueryLanguage": "JSONata", "End": true } """ },
        { "A", "Output", """ "A": { "Type": "Pass", "Output": "{% 1 %}", "End": true } """ },
        { "A", "Assign", """ "A": { "Type": "Pass", "Assign": { "x": 1 }, "End": true } """ },
        { "A", "ResultSelector", """ "A": { "Type": "Pass", "ResultSelector": { "x": 1 }, "End": true } """ },
        { "A", "Parameters", """ "A": { "Type": "Pass", "Result": 1, "Parameters": { "x": 1 }, "End": true } """ },
        { "A", "Next", """ "A": { "Type": "Pass" } """ },
        { "A", "End", """ "A": { "Type": "Pass", "Next": "B", "End": true }, "B": { "Type": "Succeed" } """ },
        { "A", "Next", """ "A": { "Type": "Pass", "Next": "Gone" } """ },
        { "B", "(name)", """ "A": { "Type": "Pass", "End": true }, "B": { "Type": "Succeed" } """ },
        { "A", "Resource", """ "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken", "Parameters": { "FunctionName": "${F}" }, "End": true } """ },
        { "A", "Resource", """ "A": { "Type": "Task", "Resource": "arn:aws:states:::sns:publish", "End": true } """ },
        { "A", "Parameters", """ "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": true } """ },
        { "A", "Parameters.FunctionName", """ "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {}, "End": true } """ },
        { "A", "Parameters.Qualifier", """ "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "${F}", "Qualifier": "1" }, "End": true } """ },
        { "A", "Parameters.Payload", """ "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "${F}", "Payload": {}, "Payload.$": "$" }, "End": true } """ },
        { "A", "HeartbeatSeconds", "\"A\": { " + Invoke + ", \"HeartbeatSeconds\": 5, \"End\": true }" },
        { "A", "Credentials", "\"A\": { " + Invoke + ", \"Credentials\": {}, \"End\": true }" },
        { "A", "TimeoutSeconds", "\"A\": { " + Invoke + ", \"TimeoutSeconds\": 0, \"End\": true }" },
        { "A", "TimeoutSecondsPath", "\"A\": { " + Invoke + ", \"TimeoutSeconds\": 1, \"TimeoutSecondsPath\": \"$.t\", \"End\": true }" },
        { "A", "TimeoutSecondsPath", "\"A\": { " + Invoke + ", \"TimeoutSecondsPath\": \"$.t[*]\", \"End\": true }" },
        { "A", "Retry", "\"A\": { " + Invoke + ", \"Retry\": [], \"End\": true }" },
        { "A", "Retry[0].ErrorEquals", "\"A\": { " + Invoke + ", \"Retry\": [{}], \"End\": true }" },
        { "A", "Retry[0].ErrorEquals", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [] }], \"End\": true }" },
        { "A", "Retry[0].ErrorEquals", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [\"States.ALL\", \"X\"] }], \"End\": true }" },
        { "A", "Retry[0].ErrorEquals", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [\"States.ALL\"] }, { \"ErrorEquals\": [\"X\"] }], \"End\": true }" },
        { "A", "Retry[0].ErrorEquals", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [\"States.Runtime\"] }], \"End\": true }" },
        { "A", "Retry[0].ErrorEquals", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [\"States.Tiemout\"] }], \"End\": true }" },
        { "A", "Retry[0].IntervalSeconds", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [\"X\"], \"IntervalSeconds\": 0 }], \"End\": true }" },
        { "A", "Retry[0].IntervalSeconds", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [\"X\"], \"IntervalSeconds\": 1.5 }], \"End\": true }" },
        { "A", "Retry[0].BackoffRate", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [\"X\"], \"BackoffRate\": 0.9 }], \"End\": true }" },
        { "A", "Retry[0].MaxDelaySeconds", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [\"X\"], \"IntervalSeconds\": 5, \"MaxDelaySeconds\": 5 }], \"End\": true }" },
        { "A", "Retry[0].JitterStrategy", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [\"X\"], \"JitterStrategy\": \"HALF\" }], \"End\": true }" },
        { "A", "Retry[0].MaxAttempt", "\"A\": { " + Invoke + ", \"Retry\": [{ \"ErrorEquals\": [\"X\"], \"MaxAttempt\": 3 }], \"End\": true }" },
        { "A", "Catch[0].Next", "\"A\": { " + Invoke + ", \"Catch\": [{ \"ErrorEquals\": [\"X\"] }], \"End\": true }" },
        { "A", "Next", "\"A\": { " + Invoke + ", \"Catch\": [{ \"ErrorEquals\": [\"X\"], \"Next\": \"Gone\" }], \"End\": true }" },
        { "A", "Catch[0].Retry", "\"A\": { " + Invoke + ", \"Catch\": [{ \"ErrorEquals\": [\"X\"], \"Next\": \"A\", \"Retry\": 1 }], \"End\": true }" },
        { "A", "ResultPath", "\"A\": { " + Invoke + ", \"ResultPath\": \"$.a[0]\", \"End\": true }" },
        { "A", "ResultPath", "\"A\": { " + Invoke + ", \"ResultPath\": \"$$.Execution.Input\", \"End\": true }" },
        { "A", "InputPath", "\"A\": { " + Invoke + ", \"InputPath\": \"$..x\", \"End\": true }" },
        { "A", "InputPath", "\"A\": { " + Invoke + ", \"InputPath\": \"$.x[?(@.a==1)]\", \"End\": true }" },
        { "A", "InputPath", "\"A\": { " + Invoke + ", \"InputPath\": \"$.x[0:2]\", \"End\": true }" },
        { "A", "InputPath", "\"A\": { " + Invoke + ", \"InputPath\": \"$.x[0,2]\", \"End\": true }" },
        { "A", "InputPath", "\"A\": { " + Invoke + ", \"InputPath\": \"x\", \"End\": true }" },
        { "A", "InputPath", "\"A\": { " + Invoke + ", \"InputPath\": \"$$.Task.Token\", \"End\": true }" },
        { "A", "InputPath", "\"A\": { " + Invoke + ", \"InputPath\": \"$$.Map.Item.Value\", \"End\": true }" },
        { "A", "ResultSelector", "\"A\": { " + Invoke + ", \"ResultSelector\": { \"x.$\": \"plain\" }, \"End\": true }" },
        { "A", "ResultSelector", "\"A\": { " + Invoke + ", \"ResultSelector\": { \"x.$\": 5 }, \"End\": true }" },
        { "A", "ResultSelector", "\"A\": { " + Invoke + ", \"ResultSelector\": { \"x.$\": \"$.a\", \"x\": 1 }, \"End\": true }" },
        { "A", "ResultSelector", "\"A\": { " + Invoke + ", \"ResultSelector\": { \"x.$\": \"States.MathRandom(1, 2)\" }, \"End\": true }" },
        { "A", "ResultSelector", "\"A\": { " + Invoke + ", \"ResultSelector\": { \"x.$\": \"States.Format('{}', $.a\" }, \"End\": true }" },
        { "A", "ResultSelector", "\"A\": { " + Invoke + ", \"ResultSelector\": { \"x.$\": \"States.UUID($.a)\" }, \"End\": true }" },
        { "A", "ResultSelector", "\"A\": { " + Invoke + ", \"ResultSelector\": { \"x.$\": \"States.Format('a\\\\nb')\" }, \"End\": true }" },
        { "A", "Choices", """ "A": { "Type": "Choice", "Choices": [] } """ },
        { "A", "Choices[0].Next", """ "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsNull": true }] } """ },
        { "A", "Choices[0].Variable", """ "A": { "Type": "Choice", "Choices": [{ "IsNull": true, "Next": "A" }] } """ },
        { "A", "Choices[0].Variable", """ "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "StringContains": "x", "Next": "A" }] } """ },
        { "A", "Choices[0].NumericLessThan", """ "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "NumericEquals": 1, "NumericLessThan": 3, "Next": "A" }] } """ },
        { "A", "Choices[0].NumericEquals", """ "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "NumericEquals": "1", "Next": "A" }] } """ },
        { "A", "Choices[0].TimestampEquals", """ "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "TimestampEquals": "2026-01-01", "Next": "A" }] } """ },
        { "A", "Choices[0].StringMatches", """ "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "StringMatches": "a\\b", "Next": "A" }] } """ },
        { "A", "Choices[0].And[1].Next", """ "A": { "Type": "Choice", "Choices": [{ "And": [{ "Variable": "$.a", "IsNull": true }, { "Variable": "$.a", "IsNull": true, "Next": "A" }], "Next": "A" }] } """ },
        { "A", "Choices[0].Condition", """ "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsNull": true, "Condition": "{% 1 %}", "Next": "A" }] } """ },
        { "A", "Next", """ "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsNull": true, "Next": "A" }], "Default": "Gone" } """ },
        { "A", "Retry", """ "A": { "Type": "Choice", "Choices": [{ "Variable": "$.a", "IsNull": true, "Next": "A" }], "Retry": [] } """ },
        { "A", "Seconds", """ "A": { "Type": "Wait", "End": true } """ },
        { "A", "Seconds", """ "A": { "Type": "Wait", "Seconds": 1, "SecondsPath": "$.s", "End": true } """ },
        { "A", "Seconds", """ "A": { "Type": "Wait", "Seconds": -1, "End": true } """ },
        { "A", "Timestamp", """ "A": { "Type": "Wait", "Timestamp": "2026-01-01t00:00:00z", "End": true } """ },
        { "A", "ErrorPath", """ "A": { "Type": "Fail", "Error": "E", "ErrorPath": "$.e" } """ },
        { "A", "InputPath", """ "A": { "Type": "Fail", "InputPath": "$.e" } """ },
        { "A", "ItemProcessor", """ "A": { "Type": "Map", "End": true } """ },
        { "A", "ItemProcessor.ProcessorConfig.Mode", """ "A": { "Type": "Map", "ItemProcessor": { "ProcessorConfig": { "Mode": "DISTRIBUTED" }, "StartAt": "B", "States": { "B": { "Type": "Succeed" } } }, "End": true } """ },
        { "A", "ItemReader", """ "A": { "Type": "Map", "ItemReader": {}, "ItemProcessor": { "StartAt": "B", "States": { "B": { "Type": "Succeed" } } }, "End": true } """ },
        { "A", "ResultWriter", """ "A": { "Type": "Map", "ResultWriter": {}, "ItemProcessor": { "StartAt": "B", "States": { "B": { "Type": "Succeed" } } }, "End": true } """ },
        { "A", "ToleratedFailureCount", """ "A": { "Type": "Map", "ToleratedFailureCount": 1, "ItemProcessor": { "StartAt": "B", "States": { "B": { "Type": "Succeed" } } }, "End": true } """ },
        { "A", "Iterator", """ "A": { "Type": "Map", "Iterator": {}, "ItemProcessor": { "StartAt": "B", "States": { "B": { "Type": "Succeed" } } }, "End": true } """ },
        { "A", "Parameters", """ "A": { "Type": "Map", "Parameters": {}, "ItemProcessor": { "StartAt": "B", "States": { "B": { "Type": "Succeed" } } }, "End": true } """ },
        { "A", "MaxConcurrencyPath", """ "A": { "Type": "Map", "MaxConcurrency": 1, "MaxConcurrencyPath": "$.c", "ItemProcessor": { "StartAt": "B", "States": { "B": { "Type": "Succeed" } } }, "End": true } """ },
        { "A", "(name)", """ "M": { "Type": "Map", "ItemProcessor": { "StartAt": "A", "States": { "A": { "Type": "Succeed" } } }, "Next": "A" }, "A": { "Type": "Succeed" } """ },
        { "B", "Next", """ "M": { "Type": "Map", "ItemProcessor": { "StartAt": "B", "States": { "B": { "Type": "Pass", "Next": "A" } } }, "Next": "A" }, "A": { "Type": "Succeed" } """ },
        { "C", "(name)", """ "M": { "Type": "Map", "ItemProcessor": { "StartAt": "B", "States": { "B": { "Type": "Succeed" }, "C": { "Type": "Succeed" } } }, "End": true } """ },
        { "A", "Branches", """ "A": { "Type": "Parallel", "Branches": [], "End": true } """ },
        { "A", "Branches[0].TimeoutSeconds", """ "A": { "Type": "Parallel", "Branches": [{ "TimeoutSeconds": 1, "StartAt": "B", "States": { "B": { "Type": "Succeed" } } }], "End": true } """ },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Definition_outside_the_part_is_refused_with_its_place(string? state, string field, string states)
    {
        string startAt = states.TrimStart().Split('"')[1];
        string definition = $$"""{ "StartAt": "{{startAt}}", "States": { {{states}} } }""";
        UnsupportedDefinitionException refusal = Assert.Throws<UnsupportedDefinitionException>(() => StateMachineDefinition.Parse("job", definition));

        Assert.Equal(("job", state, field), (refusal.Machine, refusal.State, refusal.Field));
        Assert.Contains($"'{state}'", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(all)", "{ not JSON")]
    [InlineData("(all)", "[]")]
    [InlineData("(all)", """{ "StartAt": "A", "StartAt": "B", "States": { "A": { "Type": "Succeed" } } }""")]
    [InlineData("StartAt", """{ "States": { "A": { "Type": "Succeed" } } }""")]
    [InlineData("StartAt", """{ "StartAt": "B", "States": { "A": { "Type": "Succeed" } } }""")]
    [InlineData("States", """{ "StartAt": "A" }""")]
    [InlineData("States", """{ "StartAt": "A", "States": [] }""")]
    [InlineData("Version", """{ "StartAt": "A", "Version": "2.0", "States": { "A": { "Type": "Succeed" } } }""")]
    [InlineData("QueryLanguage", """{ "StartAt": "A", "QueryLanguage": "JSONata", "States": { "A": { "Type": "Succeed" } } }""")]
    [InlineData("TimeoutSeconds", """{ "StartAt": "A", "TimeoutSeconds": 0, "States": { "A": { "Type": "Succeed" } } }""")]
    [InlineData("Logging", """{ "StartAt": "A", "Logging": {}, "States": { "A": { "Type": "Succeed" } } }""")]
    [InlineData("States.A.Parameters.Bucket", """{ "StartAt": "A", "States": { "A": { "Type": "Pass", "Parameters": { "Bucket": "${Bucket}" }, "End": true } } }""")]
    public void Machine_outside_the_part_is_refused_with_its_field(string field, string definition)
    {
        UnsupportedDefinitionException refusal = Assert.Throws<UnsupportedDefinitionException>(() => StateMachineDefinition.Parse("job", definition));
        Assert.Equal((null, field), (refusal.State, refusal.Field));
    }

    [Fact]
    public void Name_longer_than_step_functions_takes_is_refused()
    {
        string name = new('x', 81);
        string definition = $$"""{ "StartAt": "{{name}}", "States": { "{{name}}": { "Type": "Succeed" } } }""";
        Assert.Equal("(name)", Assert.Throws<UnsupportedDefinitionException>(() => StateMachineDefinition.Parse("job", definition)).Field);
    }

    [Fact]
    public void Substitutions_stand_in_the_text_and_function_names_keep_their_own()
    {
        StateMachineDefinition machine = StateMachineDefinition.Parse(
            "job",
            """
            { "StartAt": "A", "TimeoutSeconds": 60, "States": {
              "A": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "${Snapshot}", "Payload": { "b": "${Bucket}" } }, "Next": "B" },
              "B": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "Plain" }, "End": true } } }
            """,
            new Dictionary<string, string> { ["Bucket"] = "a\"b" });

        Assert.Equal(["Plain", "Snapshot"], machine.Functions);
        Assert.Contains("""{ "b": "a\"b" }""", machine.Text, StringComparison.Ordinal);
        Assert.Equal((TimeSpan.FromSeconds(60), 64), (machine.Timeout, machine.Hash.Length));
        Assert.Equal(machine.Hash, StateMachineDefinition.Parse("other", machine.Text).Hash);
    }

    [Fact]
    public void Comments_are_allowed_everywhere() => StateMachineDefinition.Parse("job", """
        { "Comment": "${x}", "StartAt": "A", "Version": "1.0", "QueryLanguage": "JSONPath", "States": {
          "A": { "Comment": "c", "Type": "Task", "Resource": "arn:aws:states:::aws-sdk:elasticache:describeSnapshots",
                 "Retry": [{ "Comment": "c", "ErrorEquals": ["X"] }], "Catch": [{ "Comment": "c", "ErrorEquals": ["States.ALL"], "Next": "B" }], "Next": "B" },
          "B": { "Type": "Choice", "Choices": [{ "Comment": "c", "Not": { "Comment": "c", "Variable": "$.a", "IsPresent": true }, "Next": "B" }], "Default": "A" } } }
        """);
}
