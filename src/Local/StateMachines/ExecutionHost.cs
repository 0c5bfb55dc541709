using System.Collections.Concurrent;
using System.Text.Json;
using CacheBackup.Local.StateMachines.Journals;
using CacheBackup.Local.StateMachines.Json;
using CacheBackup.Local.StateMachines.Running;

namespace CacheBackup.Local.StateMachines;

/// <summary>
/// Runs executions and keeps them in a directory, so that one that was cut off is resumed or reported as failed, and never forgotten:
/// the local stand-in of Step Functions. One process owns the directory.
/// </summary>
public sealed class ExecutionHost : IAsyncDisposable
{
    private readonly ExecutionHostOptions _options;
    private readonly Dictionary<string, StateMachineDefinition> _definitions;
    private readonly ExecutionStore _store;
    private readonly StateMachineRunner _runner;
    private readonly EndReporter _reporter;
    private readonly ConcurrentDictionary<ExecutionKey, OpenExecution> _executions = new();

    /// <summary>Those that had no end when they were last looked at: few, beside the thousands of 90 days.</summary>
    private readonly ConcurrentDictionary<ExecutionKey, OpenExecution> _unended = new();
    private readonly SemaphoreSlim _places;
    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly CancellationTokenSource _stopping = new();

    private ExecutionHost(ExecutionHostOptions options, IEnumerable<StateMachineDefinition> definitions, ExecutionStore store)
    {
        _options = options;
        _definitions = definitions.ToDictionary(definition => definition.Name, StringComparer.Ordinal);
        _store = store;
        _runner = new StateMachineRunner(options.Runner);
        _reporter = new EndReporter(options);
        _places = new SemaphoreSlim(options.MaximumRunning);
    }

    /// <summary>Takes the directory and reads which executions it has. None is resumed before <see cref="ResumeAsync"/>.</summary>
    /// <param name="options">Directory, runner and bounds.</param>
    /// <param name="definitions">The machines that executions can be started of.</param>
    /// <exception cref="ExecutionsInUseException">Another process owns the directory.</exception>
    public static ExecutionHost Open(ExecutionHostOptions options, IEnumerable<StateMachineDefinition> definitions)
    {
        var store = ExecutionStore.Open(options.DirectoryPath, options.FlushToDisk);
        var host = new ExecutionHost(options, definitions, store);
        foreach (ExecutionFolder folder in store.All())
        {
            host.Keep(host.Known(folder));
        }

        return host;
    }

    /// <summary>
    /// Goes on with every execution that has no end and is not at work, and tells again of every end that was not told. One that cannot
    /// be resumed ends as FAILED and is told of. Harmless to repeat.
    /// </summary>
    /// <returns>How many were taken up.</returns>
    public async Task<int> ResumeAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            int taken = 0;
            foreach (OpenExecution execution in _executions.Values.Where(each => each.IsIdle).OrderBy(each => each.StartTime))
            {
                if (execution.End is null)
                {
                    Resume(execution);
                    taken++;
                }
                else if (!execution.End.IsReported)
                {
                    execution.BeginWork(() => _reporter.ReportAsync(execution, _stopping.Token));
                    taken++;
                }
            }

            return taken;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>Starts an execution. When this returns, it survives the end of the machine.</summary>
    /// <param name="key">The machine and a name that was not used before.</param>
    /// <param name="input">Its input; at most 262,144 bytes.</param>
    /// <param name="cancellationToken">Gives up the start, not the execution.</param>
    /// <returns>The execution; one of the same name and input that is running already is returned as it is.</returns>
    /// <exception cref="ExecutionAlreadyExistsException">The name was used, by one that has ended or has another input.</exception>
    /// <exception cref="StateMachineDoesNotExistException">No such machine.</exception>
    /// <exception cref="ExecutionLimitExceededException">Too many executions are open.</exception>
    /// <exception cref="ArgumentException">The input is too large.</exception>
    /// <exception cref="IOException">It could not be kept; it has not started.</exception>
    public async Task<StartedExecution> StartAsync(ExecutionKey key, JsonElement input, CancellationToken cancellationToken)
    {
        if (PayloadLimit.Exceeds(input))
        {
            throw new ArgumentException($"The input of the execution '{key}' is larger than {PayloadLimit.Bytes} bytes.", nameof(input));
        }

        await _starting.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_stopping.IsCancellationRequested, this);
            if (_executions.TryGetValue(key, out OpenExecution? existing))
            {
                bool hasSameInput = HasInput(existing, input);
                return existing.End is null && hasSameInput
                    ? new StartedExecution(key, existing.Id, existing.StartTime, IsNew: false)
                    : throw new ExecutionAlreadyExistsException(key, existing.Status, hasSameInput);
            }

            if (!_definitions.TryGetValue(key.StateMachine, out StateMachineDefinition? definition))
            {
                throw new StateMachineDoesNotExistException(key.StateMachine);
            }

            if (Unended().Count() >= _options.MaximumOpen)
            {
                throw new ExecutionLimitExceededException(_options.MaximumOpen);
            }

            // The caller's buffer may go; what the execution holds must not.
            var start = new ExecutionStart(key, _options.IdOf(key), Timestamps.ToMilliseconds(_options.Runner.Clock.GetUtcNow()), input.Clone());
            var execution = new OpenExecution(_store.Create(definition, start), start.Id, start.StartTime);
            Keep(execution);
            Run(execution, definition, start);
            return new StartedExecution(key, start.Id, start.StartTime, IsNew: true);
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>What is known of an execution; null if there is none of the name.</summary>
    public ExecutionDetails? Describe(ExecutionKey key)
    {
        if (!_executions.TryGetValue(key, out OpenExecution? execution))
        {
            return null;
        }

        ExecutionResult? result = execution.End?.Result;
        return new ExecutionDetails(
            key,
            execution.Id,
            execution.Status,
            execution.CurrentState,
            execution.StartTime,
            result?.StopTime,
            TryReadInput(execution),
            result?.Output,
            result?.Error,
            result?.Cause,
            execution.Stalled);
    }

    /// <summary>Executions, the last started first.</summary>
    /// <param name="stateMachine">Only of this machine.</param>
    /// <param name="status">Only of this status.</param>
    public IReadOnlyList<ExecutionSummary> List(string? stateMachine = null, ExecutionStatus? status = null) =>
    [
        .. (status == ExecutionStatus.Running ? Unended() : _executions.Values)
            .Where(each => (stateMachine is null || each.Key.StateMachine == stateMachine) && (status is null || each.Status == status))
            .Select(each => each.Summarize())
            .OrderByDescending(each => each.StartTime)
            .ThenBy(each => each.Key.Name, StringComparer.Ordinal),
    ];

    /// <summary>The events of an execution, in order, read as they are asked for.</summary>
    /// <exception cref="ExecutionDoesNotExistException">No such execution.</exception>
    public IEnumerable<HistoryEvent> History(ExecutionKey key) => Find(key).Folder.ReadHistory();

    /// <summary>Ends an execution as ABORTED and returns once it has ended. One that has ended already stays as it is.</summary>
    /// <exception cref="ExecutionDoesNotExistException">No such execution.</exception>
    public async Task<ExecutionResult> StopAsync(ExecutionKey key, string? error, string? cause, CancellationToken cancellationToken)
    {
        OpenExecution execution = Find(key);
        if (execution.Running is { } running)
        {
            await running.StopAsync(error, cause).WaitAsync(cancellationToken);
        }

        return await execution.Completion.WaitAsync(cancellationToken);
    }

    /// <summary>Returns once the execution has ended, or has halted because the host stops.</summary>
    /// <exception cref="ExecutionDoesNotExistException">No such execution.</exception>
    /// <exception cref="IOException">It stands still: its journal cannot be written.</exception>
    public Task<ExecutionResult> WaitAsync(ExecutionKey key, CancellationToken cancellationToken) => Find(key).Completion.WaitAsync(cancellationToken);

    /// <summary>Forgets the executions that ended before, and were told of; Step Functions does so after 90 days. Their names are free again.</summary>
    /// <returns>How many.</returns>
    public int Purge(DateTimeOffset endedBefore)
    {
        int purged = 0;
        foreach (OpenExecution execution in _executions.Values.Where(each => each.End is { IsReported: true } end && end.Result.StopTime < endedBefore))
        {
            _store.Delete(execution.Folder);
            _executions.TryRemove(execution.Key, out _);
            _unended.TryRemove(KeyValuePair.Create(execution.Key, execution));
            purged++;
        }

        return purged;
    }

    /// <summary>
    /// Halts every execution without ending it: running tasks' tokens are cancelled, and the executions go on at the next start of a
    /// host. Then gives up the directory.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        // No start may slip in between.
        await _starting.WaitAsync(CancellationToken.None);
        await _stopping.CancelAsync();
        _starting.Release();
        foreach (OpenExecution execution in _executions.Values)
        {
            if (execution.Running is { } running)
            {
                _ = running.SuspendAsync();
            }
        }

        await Task.WhenAll(_executions.Values.Select(execution => execution.Work));
        _store.Dispose();
        _stopping.Dispose();
        _places.Dispose();
        _starting.Dispose();
    }

    private void Keep(OpenExecution execution)
    {
        _executions[execution.Key] = execution;
        _unended[execution.Key] = execution;
    }

    private IEnumerable<OpenExecution> Unended()
    {
        foreach (KeyValuePair<ExecutionKey, OpenExecution> each in _unended)
        {
            if (each.Value.End is null)
            {
                yield return each.Value;
            }
            else
            {
                _unended.TryRemove(each);
            }
        }
    }

    private OpenExecution Known(ExecutionFolder folder)
    {
        OpenExecution execution;
        try
        {
            ExecutionRecord record = folder.ReadRecord();
            execution = new OpenExecution(folder, record.Id, record.StartTime);
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            // It cannot be resumed either, and is reported when that is tried.
            execution = new OpenExecution(folder, _options.IdOf(folder.Key), Directory.GetLastWriteTimeUtc(folder.FullPath));
        }

        if (folder.TryReadEnd() is { } end)
        {
            execution.SetEnd(end);
        }

        return execution;
    }

    private void Resume(OpenExecution execution)
    {
        ExecutionJournal? journal = null;
        try
        {
            StateMachineDefinition definition = execution.Folder.ReadDefinition();
            ExecutionStart start = execution.Folder.ReadStart();
            (ExecutionReplay replay, journal) = execution.Folder.OpenJournal();
            _options.Logger.Resumed(execution.Key, replay.LastEventId);
            Run(execution, definition, start, journal, replay);
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException or UnsupportedDefinitionException)
        {
            journal?.Dispose();
            _options.Logger.NotResumable(execution.Key, unreadable.Message);
            var result = new ExecutionResult(
                ExecutionStatus.Failed,
                null,
                StatesErrors.Runtime,
                $"The execution could not be resumed after a stop of the host: {unreadable.Message}.",
                Timestamps.ToMilliseconds(_options.Runner.Clock.GetUtcNow()));
            execution.BeginWork(() => _reporter.EndAsync(execution, result, _stopping.Token));
        }
    }

    private void Run(OpenExecution execution, StateMachineDefinition definition, ExecutionStart start)
    {
        (ExecutionReplay replay, ExecutionJournal journal) = execution.Folder.OpenJournal();
        Run(execution, definition, start, journal, replay);
    }

    private void Run(
        OpenExecution execution, StateMachineDefinition definition, ExecutionStart start, ExecutionJournal journal, ExecutionReplay replay) =>
        execution.Begin(_runner.Resume(definition, start, _options.Decorate(journal), replay, _places), running => WatchAsync(execution, running, journal));

    /// <summary>Sees an execution to its end, or to the stop of the host.</summary>
    private async Task WatchAsync(OpenExecution execution, Execution running, ExecutionJournal journal)
    {
        using (journal)
        {
            ExecutionResult result;
            try
            {
                result = await running.Completion;
            }
            catch (LogUnavailableException unavailable)
            {
                _options.Logger.Stalled(execution.Key, unavailable.Message);
                execution.Stall(unavailable.Message);
                return;
            }
            catch (Exception broken)
            {
                // The edge of the runner: an error of ours must not leave an execution that nobody ends.
                _options.Logger.Broken(execution.Key, broken);
                result = new ExecutionResult(
                    ExecutionStatus.Failed,
                    null,
                    StatesErrors.Runtime,
                    $"The runner failed: {broken.GetType().Name}.",
                    Timestamps.ToMilliseconds(_options.Runner.Clock.GetUtcNow()));
            }

            if (result.Status == ExecutionStatus.Running)
            {
                execution.Halt(result);
                return;
            }

            await _reporter.EndAsync(execution, result, _stopping.Token);
        }
    }

    private OpenExecution Find(ExecutionKey key) => _executions.GetValueOrDefault(key) ?? throw new ExecutionDoesNotExistException(key);

    private static bool HasInput(OpenExecution execution, JsonElement input) =>
        TryReadInput(execution) is { } existing && JsonElement.DeepEquals(existing, input);

    private static JsonElement? TryReadInput(OpenExecution execution)
    {
        try
        {
            return execution.Folder.ReadInput();
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
