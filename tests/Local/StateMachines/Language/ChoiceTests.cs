using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines.Language;

public sealed class ChoiceTests
{
    private const string Input = """
        { "s": "b", "n": 5, "big": 12345678901234567890.5, "t": true, "f": false, "z": null, "at": "2026-02-28T23:00:00-01:00", "same": "2026-03-01T00:00:00.000Z",
          "late": "2026-03-01T00:00:01Z", "c": "c", "six": 6, "o": {}, "l": [] }
        """;

    [Theory]
    [InlineData(""" "Variable": "$.s", "StringEquals": "b" """, true)]
    [InlineData(""" "Variable": "$.s", "StringEquals": "B" """, false)]
    [InlineData(""" "Variable": "$.s", "StringLessThan": "c" """, true)]
    [InlineData(""" "Variable": "$.s", "StringLessThan": "b" """, false)]
    [InlineData(""" "Variable": "$.s", "StringLessThanEquals": "b" """, true)]
    [InlineData(""" "Variable": "$.s", "StringGreaterThan": "a" """, true)]
    [InlineData(""" "Variable": "$.s", "StringGreaterThan": "Z" """, true)]
    [InlineData(""" "Variable": "$.s", "StringGreaterThanEquals": "c" """, false)]
    [InlineData(""" "Variable": "$.s", "StringLessThanPath": "$.c" """, true)]
    [InlineData(""" "Variable": "$.s", "StringEqualsPath": "$.n" """, false)]
    [InlineData(""" "Variable": "$.n", "StringEquals": "5" """, false)]
    [InlineData(""" "Variable": "$.n", "NumericEquals": 5.0 """, true)]
    [InlineData(""" "Variable": "$.n", "NumericLessThan": 5 """, false)]
    [InlineData(""" "Variable": "$.n", "NumericLessThanEquals": 5 """, true)]
    [InlineData(""" "Variable": "$.n", "NumericGreaterThan": 4.999 """, true)]
    [InlineData(""" "Variable": "$.n", "NumericGreaterThanEqualsPath": "$.six" """, false)]
    [InlineData(""" "Variable": "$.big", "NumericGreaterThan": 12345678901234567890.4 """, true)]
    [InlineData(""" "Variable": "$.s", "NumericEquals": 5 """, false)]
    [InlineData(""" "Variable": "$.t", "BooleanEquals": true """, true)]
    [InlineData(""" "Variable": "$.f", "BooleanEquals": true """, false)]
    [InlineData(""" "Variable": "$.z", "BooleanEquals": false """, false)]
    [InlineData(""" "Variable": "$.t", "BooleanEqualsPath": "$.f" """, false)]
    [InlineData(""" "Variable": "$.at", "TimestampEquals": "2026-03-01T00:00:00Z" """, true)]
    [InlineData(""" "Variable": "$.at", "TimestampEqualsPath": "$.same" """, true)]
    [InlineData(""" "Variable": "$.at", "TimestampLessThanPath": "$.late" """, true)]
    [InlineData(""" "Variable": "$.late", "TimestampGreaterThanEquals": "2026-03-01T00:00:01+00:00" """, true)]
    [InlineData(""" "Variable": "$.s", "TimestampLessThan": "2026-03-01T00:00:00Z" """, false)]
    [InlineData(""" "Variable": "$.s", "StringMatches": "*b" """, true)]
    [InlineData(""" "Variable": "$.n", "StringMatches": "*" """, false)]
    [InlineData(""" "Variable": "$.z", "IsNull": true """, true)]
    [InlineData(""" "Variable": "$.n", "IsNull": false """, true)]
    [InlineData(""" "Variable": "$.n", "IsNumeric": true """, true)]
    [InlineData(""" "Variable": "$.s", "IsString": false """, false)]
    [InlineData(""" "Variable": "$.f", "IsBoolean": true """, true)]
    [InlineData(""" "Variable": "$.at", "IsTimestamp": true """, true)]
    [InlineData(""" "Variable": "$.s", "IsTimestamp": true """, false)]
    [InlineData(""" "Variable": "$.gone", "IsPresent": true """, false)]
    [InlineData(""" "Variable": "$.gone.far[0]", "IsPresent": false """, true)]
    [InlineData(""" "Variable": "$.z", "IsPresent": true """, true)]
    [InlineData(""" "Variable": "$$.State.Name", "StringEquals": "C" """, true)]
    [InlineData(""" "And": [{ "Variable": "$.gone", "IsPresent": true }, { "Variable": "$.gone", "NumericEquals": 1 }] """, false)]
    [InlineData(""" "Or": [{ "Variable": "$.n", "NumericEquals": 5 }, { "Variable": "$.gone", "NumericEquals": 1 }] """, true)]
    [InlineData(""" "Not": { "And": [{ "Variable": "$.n", "NumericEquals": 5 }, { "Not": { "Variable": "$.t", "BooleanEquals": true } }] } """, true)]
    public void Rule_holds_or_not(string rule, bool expected) => new MachineRun().Run($$"""
        "C": { "Type": "Choice", "Choices": [{ {{rule}}, "Next": "Yes" }], "Default": "No" },
        "Yes": { "Type": "Pass", "Result": true, "End": true }, "No": { "Type": "Pass", "Result": false, "End": true }
        """, Input).Succeeds(expected ? "true" : "false");

    [Theory]
    [InlineData(""" "Variable": "$.gone", "NumericEquals": 1 """)]
    [InlineData(""" "Variable": "$.n", "NumericEqualsPath": "$.gone" """)]
    [InlineData(""" "Not": { "Variable": "$.gone", "IsNull": true } """)]
    public void Missing_value_fails_the_execution(string rule) => new MachineRun().Run($$"""
        "C": { "Type": "Choice", "Choices": [{ {{rule}}, "Next": "S" }], "Default": "S" }, "S": { "Type": "Succeed" }
        """, Input).Fails("States.Runtime", "$.gone");

    [Fact]
    public void Choice_filters_its_input_and_output() => new MachineRun().Run("""
        "C": { "Type": "Choice", "InputPath": "$.o", "OutputPath": "$.q", "Choices": [{ "Variable": "$.p", "NumericEquals": 1, "Next": "S" }] }, "S": { "Type": "Succeed" }
        """, """{ "o": { "p": 1, "q": "out" } }""").Succeeds("\"out\"");
}
