using System.Text;
using System.Text.Json;
using CacheBackup.Local.StateMachines;
using CacheBackup.Local.Tests.StateMachines.Support;

namespace CacheBackup.Local.Tests.StateMachines;

/// <summary>A host that ends at any moment, and the one that comes after it.</summary>
public sealed class ExecutionHostRestartTests : IDisposable
{
    private const string MapOfTwo = """
        { "StartAt": "Begin", "States": {
          "Begin": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "${Begin}" }, "OutputPath": "$.Payload", "Next": "Each" },
          "Each": { "Type": "Map", "MaxConcurrency": 2, "ItemProcessor": { "StartAt": "Work", "States": {
             "Work": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke",
                       "Parameters": { "FunctionName": "${Work}", "Payload": { "item.$": "$", "id.$": "States.UUID()" } },
                       "ResultSelector": { "v.$": "$.Payload" },
                       "Retry": [ { "ErrorEquals": ["Cut"], "IntervalSeconds": 60, "MaxAttempts": 2 } ], "Next": "Rest" },
             "Rest": { "Type": "Wait", "Seconds": 600, "End": true } } }, "Next": "Done" },
          "Done": { "Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": { "FunctionName": "${Done}", "Payload.$": "$" }, "OutputPath": "$.Payload", "End": true } } }
        """;

    private readonly HostFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Journal_cut_at_every_byte_is_resumed_to_the_same_end()
    {
        byte[] journal = RunToEnd(MapOfTwo, out string[] whole);
        int[] ends = [.. Enumerable.Range(0, journal.Length).Where(i => journal[i] == '\n').Select(i => i + 1)];
        for (int length = 0; length <= journal.Length; length++)
        {
            _folder.Rewind("a", HostFile.History, journal.AsSpan(0, length));
            ExecutionResult result = Resume(MapOfTwo);

            Assert.Equal(ExecutionStatus.Succeeded, result.Status);
            Assert.Equal("\"end\"", result.Output!.Value.GetRawText());
            AssertNothingFinishedIsRepeated(journal, ends.TakeWhile(end => end <= length).LastOrDefault(), whole);
        }

        Assert.Empty(_folder.Ended);
    }

    [Fact]
    public void Resumed_task_gets_the_very_parameters_of_the_attempt_that_was_cut_off()
    {
        byte[] journal = RunToEnd(MapOfTwo, out _);
        string text = Encoding.UTF8.GetString(journal);
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int started = Array.FindIndex(lines, line => line.Contains("\"TaskStarted\"", StringComparison.Ordinal) && line.Contains("\"frame\"", StringComparison.Ordinal));
        string id = Uuid(Array.Find(lines, line => line.Contains("\"TaskScheduled\"", StringComparison.Ordinal) && line.Contains("\"frame\"", StringComparison.Ordinal))!);
        _folder.Rewind("a", HostFile.History, Encoding.UTF8.GetBytes(string.Join('\n', lines[..(started + 1)]) + "\n"));
        _folder.Functions.Forget();
        Resume(MapOfTwo);

        Assert.Contains(_folder.Functions.Calls, call => call.Function == "Work" && call.Payload.GetProperty("id").GetString() == id);
    }

    [Fact]
    public void Wait_ends_when_it_would_have_ended_without_the_restart()
    {
        byte[] journal = RunToEnd(MapOfTwo, out _);
        string[] lines = Encoding.UTF8.GetString(journal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int entered = Array.FindLastIndex(lines, line => line.Contains("\"WaitStateEntered\"", StringComparison.Ordinal));
        _folder.Rewind("a", HostFile.History, Encoding.UTF8.GetBytes(string.Join('\n', lines[..(entered + 1)]) + "\n"));

        var late = new TurnedClock(TurnedClock.Noon + TimeSpan.FromSeconds(60 + 599));
        ExecutionResult result = Resume(MapOfTwo, late);
        Assert.Equal(ExecutionStatus.Succeeded, result.Status);
        Assert.Equal(TimeSpan.FromSeconds(60 + 600), late.Elapsed);
    }

    [Fact]
    public void Delay_of_a_retry_counts_from_the_failure_not_from_the_restart()
    {
        byte[] journal = RunToEnd(MapOfTwo, out _);
        string[] lines = Encoding.UTF8.GetString(journal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int failed = Array.FindIndex(lines, line => line.Contains("\"TaskFailed\"", StringComparison.Ordinal));
        _folder.Rewind("a", HostFile.History, Encoding.UTF8.GetBytes(string.Join('\n', lines[..(failed + 1)]) + "\n"));
        _folder.Functions.Forget();

        var late = new TurnedClock(TurnedClock.Noon + TimeSpan.FromSeconds(59));
        DateTimeOffset? again = null;
        _folder.Functions.On("Work", call =>
        {
            again = call.Payload.GetProperty("item").GetInt32() == 2 ? late.GetUtcNow() : again;
            return "0";
        });
        Resume(MapOfTwo, late);
        Assert.Equal(TurnedClock.Noon + TimeSpan.FromSeconds(60), again);
    }

    [Theory]
    [InlineData(HostFile.Record)]
    [InlineData(HostFile.Input)]
    [InlineData(HostFile.Definition)]
    public void File_of_the_start_cut_at_every_byte_ends_the_execution_and_tells_so(string file)
    {
        byte[] journal = RunToEnd(HostFolder.TwoTasks, out _);
        byte[] content = File.ReadAllBytes(_folder.FileOf("a", file));
        for (int length = 0; length < content.Length; length++)
        {
            _folder.Rewind("a", HostFile.History, journal.AsSpan(0, journal.Length / 2));
            File.WriteAllBytes(_folder.FileOf("a", file), content.AsSpan(0, length));
            _folder.Ended.Clear();
            ExecutionResult result = Resume(HostFolder.TwoTasks);

            Assert.Equal((ExecutionStatus.Failed, "States.Runtime"), (result.Status, result.Error));
            Assert.Contains("could not be resumed", result.Cause, StringComparison.Ordinal);
            Assert.Equal(HostFolder.Key("a"), Assert.Single(_folder.Ended).Key);
        }
    }

    [Fact]
    public void End_file_cut_at_every_byte_is_made_again_from_the_journal()
    {
        _folder.Functions.On("First", "!Broken");
        byte[] journal = RunToEnd(HostFolder.TwoTasks, out _);
        byte[] content = File.ReadAllBytes(_folder.FileOf("a", HostFile.End));
        for (int length = 0; length < content.Length; length++)
        {
            _folder.Rewind("a", HostFile.History, journal);
            File.WriteAllBytes(_folder.FileOf("a", HostFile.End), content.AsSpan(0, length));
            _folder.Ended.Clear();
            ExecutionResult result = Resume(HostFolder.TwoTasks);

            Assert.Equal((ExecutionStatus.Failed, "Broken"), (result.Status, result.Error));
            Assert.Equal("Broken", Assert.Single(_folder.Ended).Error);
        }
    }

    [Fact]
    public void Damage_in_the_middle_ends_the_execution_and_tells_so()
    {
        byte[] journal = RunToEnd(HostFolder.TwoTasks, out _);
        int lastLine = journal.AsSpan(0, journal.Length - 1).LastIndexOf((byte)'\n') + 1;

        // Not the last line feed: without it the last two lines are one that is not whole, as a torn tail is.
        for (int at = 0; at < lastLine - 1; at += 7)
        {
            byte[] damaged = [.. journal];
            damaged[at] ^= 0x01;
            _folder.Rewind("a", HostFile.History, damaged);
            _folder.Ended.Clear();
            ExecutionResult result = Resume(HostFolder.TwoTasks);

            Assert.Equal((ExecutionStatus.Failed, "States.Runtime"), (result.Status, result.Error));
            Assert.Single(_folder.Ended);
        }
    }

    [Fact]
    public void Journal_that_does_not_fit_its_definition_ends_the_execution()
    {
        byte[] journal = RunToEnd(MapOfTwo, out _);
        RunToEnd(HostFolder.TwoTasks, out _, name: "b");
        _folder.Rewind("b", HostFile.History, journal.AsSpan(0, journal.Length / 2));
        _folder.Ended.Clear();
        ExecutionResult result = Resume(HostFolder.TwoTasks, name: "b");

        Assert.Equal((ExecutionStatus.Failed, "States.Runtime"), (result.Status, result.Error));
        Assert.Single(_folder.Ended);
    }

    [Fact]
    public void Execution_goes_on_with_the_definition_that_it_began_with()
    {
        byte[] journal = RunToEnd(HostFolder.TwoTasks, out _);
        _folder.Rewind("a", HostFile.History, journal.AsSpan(0, journal.Length / 2));
        const string Newer = """{ "StartAt": "New", "States": { "New": { "Type": "Fail", "Error": "WrongDefinition" } } }""";

        Assert.Equal(ExecutionStatus.Succeeded, Resume(Newer).Status);
    }

    [Fact]
    public void End_that_was_not_told_is_told_after_a_restart()
    {
        _folder.Functions.On("First", "!Broken");
        _folder.OnEnded = _ => throw new IOException("nobody there");
        Start("a");
        Assert.Empty(_folder.Ended);

        _folder.OnEnded = _ => Task.CompletedTask;
        Resume(HostFolder.TwoTasks);
        Assert.Equal((HostFolder.Key("a"), ExecutionStatus.Failed, "Broken"), _folder.Ended.Select(each => (each.Key, each.Status, each.Error)).Single());

        Resume(HostFolder.TwoTasks);
        Assert.Single(_folder.Ended);
    }

    [Fact]
    public void Listener_that_fails_is_told_again_in_the_same_host()
    {
        int calls = 0;
        _folder.Functions.On("First", "!Broken");
        _folder.OnEnded = _ => ++calls < 3 ? throw new IOException("not now") : Task.CompletedTask;
        Start("a", TimeSpan.FromMinutes(2));

        Assert.Equal((3, 1), (calls, _folder.Ended.Count));
    }

    [Fact]
    public void Attempt_that_always_takes_the_host_down_fails_in_the_end()
    {
        byte[] journal = RunToEnd(HostFolder.TwoTasks, out _);
        string[] lines = Encoding.UTF8.GetString(journal).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        int started = Array.FindIndex(lines, line => line.Contains("\"TaskStarted\"", StringComparison.Ordinal));
        byte[] cutOff = Encoding.UTF8.GetBytes(string.Join('\n', lines[..(started + 1)]) + "\n");
        for (int death = 1; death <= 5; death++)
        {
            // Each death comes while the task runs; what it leaves is what was recorded before the call.
            _folder.Rewind("a", HostFile.History, cutOff);
            byte[]? left = null;
            _folder.Functions.On("First", _ =>
            {
                left = File.ReadAllBytes(_folder.FileOf("a", HostFile.History));
                return "1";
            });
            Assert.Equal(ExecutionStatus.Succeeded, Resume(HostFolder.TwoTasks).Status);
            cutOff = left!;
        }

        _folder.Rewind("a", HostFile.History, cutOff);
        _folder.Functions.Forget();
        ExecutionResult result = Resume(HostFolder.TwoTasks);
        Assert.Equal((ExecutionStatus.Failed, "Runtime.ExitError"), (result.Status, result.Error));
        Assert.Empty(_folder.Functions.Calls);
    }

    [Fact]
    public void Orderly_stops_of_the_host_do_not_count_as_deaths()
    {
        _folder.Functions.On("First", async call =>
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, _folder.Clock, call.Cancelled);
            return default;
        });
        TurnedThread.Run(_folder.Clock, async () =>
        {
            await using ExecutionHost host = _folder.Open();
            await host.StartAsync(HostFolder.Key("a"), JsonElement.Parse("{}"), CancellationToken.None);
            await _folder.Functions.CalledAsync(1);
        });
        for (int stop = 2; stop <= 10; stop++)
        {
            TurnedThread.Run(_folder.Clock, async () =>
            {
                await using ExecutionHost host = _folder.Open();
                await host.ResumeAsync(CancellationToken.None);
                await _folder.Functions.CalledAsync(stop);
            });
        }

        _folder.Functions.On("First", "1").On("Second", "2");
        Assert.Equal(ExecutionStatus.Succeeded, Resume(HostFolder.TwoTasks).Status);
        Assert.Equal(11, _folder.Functions.Called.Count(function => function == "First"));
    }

    private static string Uuid(string line) => JsonElement.Parse(line[9..]).GetProperty("parameters").GetProperty("Payload").GetProperty("id").GetString()!;

    /// <summary>What finished before the cut has its result in the journal and must not be called again; what did not, must.</summary>
    private void AssertNothingFinishedIsRepeated(byte[] journal, int wholeLength, string[] whole)
    {
        HistoryCounts before = HistoryCounts.Of(Encoding.UTF8.GetString(journal, 0, wholeLength));
        Assert.Equal(whole.Length - before.Finished, _folder.Functions.Calls.Count);
        _folder.Functions.Forget();
    }

    private byte[] RunToEnd(string definition, out string[] called, string name = "a")
    {
        _folder.Functions.OnMissing("Begin", "[1,2]").OnMissing("Done", "\"end\"").OnMissing("First", "1").OnMissing("Second", "2");
        _folder.Functions.OnMissing("Work", call => call.Payload.GetProperty("item").GetInt32() == 2 && call.Context.RetryCount == 0
            ? throw ScriptedInvoker.Error("Cut")
            : "true");
        Start(name, definition: definition);
        called = [.. _folder.Functions.Called];
        _folder.Functions.Forget();
        return File.ReadAllBytes(_folder.FileOf(name, HostFile.History));
    }

    private void Start(string name, TimeSpan? stay = null, string definition = HostFolder.TwoTasks) => TurnedThread.Run(_folder.Clock, async () =>
    {
        await using ExecutionHost host = _folder.Open(definition);
        await host.StartAsync(HostFolder.Key(name), JsonElement.Parse("{}"), CancellationToken.None);
        await host.WaitAsync(HostFolder.Key(name), CancellationToken.None);
        await Task.Delay(stay ?? TimeSpan.Zero, _folder.Clock);
    });

    private ExecutionResult Resume(string definition, TurnedClock? clock = null, string name = "a") => TurnedThread.Run(clock ?? _folder.Clock, async () =>
    {
        await using ExecutionHost host = _folder.Open(definition, clock);
        await host.ResumeAsync(CancellationToken.None);
        return await host.WaitAsync(HostFolder.Key(name), CancellationToken.None);
    });
}
