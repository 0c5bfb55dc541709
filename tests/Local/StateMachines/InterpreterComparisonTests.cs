using System.Text.Json;
using System.Text.RegularExpressions;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines;

/// <summary>Every case of <c>machines/</c> must end the same in our runner and in an interpreter that is not ours.</summary>
public sealed partial class InterpreterComparisonTests(IndependentInterpreter interpreter) : IClassFixture<IndependentInterpreter>
{
    public static TheoryData<string> Cases => new(MachineCase.Names);

    /// <summary>Save those on which the other interpreter is known to differ from Step Functions; their files say in what.</summary>
    public static TheoryData<string> ComparedCases => new(MachineCase.Names.Where(name => MachineCase.Read(name).Differs is null));

    public static TheoryData<string> OwnMachines => new(MachineCase.OwnMachines);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case_ends_as_its_file_says(string name)
    {
        MachineCase machine = MachineCase.Read(name);
        Observed ours = RunOurs(machine);

        Assert.Equal(machine.Expected.GetProperty("status").GetString(), ours.Status);
        AssertSame("output", Optional(machine.Expected, "output"), ours.Output);
        Assert.Equal(Optional(machine.Expected, "error")?.GetString(), ours.Error);
        if (Optional(machine.Expected, "cause") is { } cause)
        {
            Assert.Equal(cause.GetString(), ours.Cause);
        }
    }

    [Theory]
    [MemberData(nameof(ComparedCases))]
    public async Task Case_ends_the_same_in_an_independent_interpreter(string name)
    {
        interpreter.Require();
        MachineCase machine = MachineCase.Read(name);
        Observed ours = RunOurs(machine);
        JsonElement theirs = await interpreter.AskAsync(new { name, definition = machine.Definition, input = machine.Input, tasks = machine.Tasks });

        Assert.False(theirs.TryGetProperty("refused", out JsonElement why), why.ToString());
        Assert.Equal((theirs.GetProperty("status").GetString(), theirs.GetProperty("error").GetString()), (ours.Status, ours.Error));
        AssertSame("output", theirs.GetProperty("output") is { ValueKind: not JsonValueKind.Null } output ? output : null, ours.Output);
        if (ours.Error?.StartsWith("States.", StringComparison.Ordinal) != true)
        {
            // The language's own causes are prose, and each interpreter has its own.
            Assert.Equal(theirs.GetProperty("cause").GetString(), ours.Cause);
        }

        IEnumerable<string> theirCalls = theirs.GetProperty("calls").EnumerateArray().Select(call => Canonical(call[0].GetString()!, call[1]));
        IEnumerable<string> ourCalls = ours.Calls.Select(call => Canonical(call.Function, call.Payload));
        Assert.Equal(machine.IsUnordered ? theirCalls.Order() : theirCalls, machine.IsUnordered ? ourCalls.Order() : ourCalls);
        Assert.Equal(theirs.GetProperty("waits").EnumerateArray().Sum(wait => wait.GetDouble()), ours.Waited.TotalSeconds, 3);
    }

    [Fact]
    public async Task Answers_can_come_from_a_listener_of_the_test()
    {
        interpreter.Require();
        using var listener = new AnswerListener(call => call.GetProperty("function").GetString() == "F"
            ? $$"""{"returns": {"seen": {{call.GetProperty("payload").GetRawText()}} } }"""
            : """{"fails": "Unknown"}""");
        MachineCase machine = MachineCase.Read("task-payload-template");
        JsonElement theirs = await interpreter.AskAsync(new { name = "listened", definition = machine.Definition, input = machine.Input, answersUrl = listener.Url });

        Assert.Equal("SUCCEEDED", theirs.GetProperty("status").GetString());
        Assert.Equal(7, theirs.GetProperty("output").GetProperty("seen").GetProperty("n").GetInt32());
    }

    [Theory]
    [MemberData(nameof(OwnMachines))]
    public void Machine_of_ours_is_read_and_has_cases(string name)
    {
        StateMachineDefinition machine = StateMachineDefinition.Parse(name, File.ReadAllBytes(MachineCase.OwnMachine(name)));
        string[] statuses = [.. MachineCase.Names.Select(MachineCase.Read)
            .Where(each => each.Machine == name)
            .Select(each => each.Expected.GetProperty("status").GetString()!)];

        Assert.NotEmpty(machine.Functions);
        Assert.Contains("SUCCEEDED", statuses);
        Assert.Contains("FAILED", statuses);
    }

    private static Observed RunOurs(MachineCase machine)
    {
        var clock = new TurnedClock();
        var answers = new AnswerTable(machine.Tasks, clock);
        var log = new MemoryExecutionLog();
        var runner = new StateMachineRunner(new RunnerOptions { Invoker = answers, Services = new ServicesAsFunctions(answers), Clock = clock, Jitter = () => 1.0 });
        var start = new ExecutionStart(
            new ExecutionKey(machine.Name, "run-" + machine.Name), $"arn:aws:states:local:000000000000:execution:{machine.Name}:run-{machine.Name}", clock.GetUtcNow(), machine.Input);
        StateMachineDefinition definition = StateMachineDefinition.Parse(machine.Name, machine.Definition.GetRawText());
        ExecutionResult result = TurnedThread.Run(clock, () => runner.Start(definition, start, log).Completion);

        // The clock stands still while a task runs, save for one that hangs until its time-out.
        TimeSpan timedOut = log.Entries.Where(entry => entry.Type == HistoryEventType.TaskTimedOut)
            .Aggregate(TimeSpan.Zero, (sum, entry) => sum + (entry.Timestamp - log.Entries[(int)entry.PreviousId - 1].Timestamp));
        return new Observed(StepFunctionsName(result.Status), result.Output, result.Error, result.Cause, answers.Calls, clock.Elapsed - timedOut);
    }

    private static string StepFunctionsName(ExecutionStatus status) => WordStart().Replace(status.ToString(), "_$1").ToUpperInvariant();

    /// <summary>
    /// Execution ids and times are each interpreter's own; what they have in common is where they stand.
    /// </summary>
    private static string Canonical(string function, JsonElement payload) =>
        function + " " + ExecutionArn().Replace(Sorted(payload).ToJsonString(), "$1");

    private static System.Text.Json.Nodes.JsonNode Sorted(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => new System.Text.Json.Nodes.JsonObject(value.EnumerateObject()
            .OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => KeyValuePair.Create<string, System.Text.Json.Nodes.JsonNode?>(member.Name, Sorted(member.Value)))),
        JsonValueKind.Array => new System.Text.Json.Nodes.JsonArray([.. value.EnumerateArray().Select(Sorted)]),
        _ => System.Text.Json.Nodes.JsonNode.Parse(value.GetRawText())!,
    };

    private static void AssertSame(string what, JsonElement? expected, JsonElement? actual)
    {
        bool isSame = expected is { } one && actual is { } other ? JsonElement.DeepEquals(one, other) : expected is null && actual is null;
        Assert.True(isSame, $"{what}: expected {expected?.GetRawText() ?? "none"}, got {actual?.GetRawText() ?? "none"}");
    }

    private static JsonElement? Optional(JsonElement value, string name) => value.TryGetProperty(name, out JsonElement member) ? member : null;

    [GeneratedRegex("(?<=[a-z])([A-Z])")]
    private static partial Regex WordStart();

    [GeneratedRegex("arn:aws:states:[a-z0-9-]+:[0-9]+:(execution:[^\"]+)")]
    private static partial Regex ExecutionArn();

    private sealed record Observed(
        string Status, JsonElement? Output, string? Error, string? Cause, IReadOnlyList<(string Function, JsonElement Payload)> Calls, TimeSpan Waited);
}
