using System.Text.Json;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>One run of a machine under a turned clock, and all that can be seen of it.</summary>
internal sealed class MachineRun
{
    public TurnedClock Clock { get; init; } = new();

    public ScriptedInvoker Functions { get; init; } = new();

    public MemoryExecutionLog Log { get; init; } = new();

    public Func<RunnerOptions, RunnerOptions> Options { get; init; } = options => options;

    public ExecutionResult Result { get; private set; } = null!;

    public string? Output => Result.Output is { } output ? JsonSerializer.Serialize(output) : null;

    public IReadOnlyList<HistoryEventType> Types => [.. Log.Entries.Select(entry => entry.Type)];

    public RunnerOptions RunnerOptions => Options(new RunnerOptions { Invoker = Functions, Services = new ServicesAsFunctions(Functions), Clock = Clock });

    /// <summary>A machine of the given states, the first of which it starts at.</summary>
    public static StateMachineDefinition Machine(string states, string more = "")
    {
        JsonElement all = JsonElement.Parse("{" + states + "}");
        return StateMachineDefinition.Parse("test", $$"""{ "StartAt": "{{all.EnumerateObject().First().Name}}", {{more}} "States": {{all.GetRawText()}} }""");
    }

    public MachineRun Run(string states, string input = "{}", string more = "") => Run(Machine(states, more), input);

    public MachineRun Run(StateMachineDefinition machine, string input = "{}")
    {
        Result = TurnedThread.Run(Clock, () => Begin(machine, input).Completion);
        return this;
    }

    public Execution Begin(StateMachineDefinition machine, string input = "{}") => new StateMachineRunner(RunnerOptions).Start(
        machine, new ExecutionStart(new ExecutionKey("test", "run-1"), "arn:aws:states:local:000000000000:execution:test:run-1", Clock.GetUtcNow(), JsonElement.Parse(input)), Log);

    public MachineRun Succeeds(string output)
    {
        Assert.Equal((ExecutionStatus.Succeeded, (string?)null, (string?)null), (Result.Status, Result.Error, Result.Cause));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(output), Result.Output!.Value), $"expected {output}, got {Output}");
        return this;
    }

    public MachineRun Fails(string error, string? cause = null)
    {
        Assert.Equal((ExecutionStatus.Failed, error), (Result.Status, Result.Error));
        if (cause is not null)
        {
            Assert.Contains(cause, Result.Cause, StringComparison.Ordinal);
        }

        return this;
    }
}
