using System.Text;
using CacheBackup.Aws.Api;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;

namespace CacheBackup.Aws.StepFunctions;

/// <summary>The state machines of one installation in Step Functions; an execution's id is its ARN.</summary>
public sealed class StepFunctionsExecutions(AwsApi api, StateMachineArns arns) : IExecutions
{
    // Step Functions takes no more of either.
    private const int MaxErrorCharacters = 256;
    private const int MaxCauseCharacters = 32 * 1024;
    private const int MaxPage = 1000;

    // Between a state's entry and what happens in it lie few events; a state that is not among these is not worth another page.
    private const int HistoryEvents = 20;

    private readonly AwsJsonApi _api = new(api, "AWSStepFunctions", "1.0");

    public ExecutionId IdOf(string machine, string name) => arns.OfExecution(machine, name);

    public bool Knows(ExecutionId id) => arns.TryParse(id, out _, out _);

    public async Task StartAsync(ExecutionId id, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        (string machine, string name) = Parse(id);
        try
        {
            await _api.SendAsync(
                "StartExecution",
                new StartExecutionRequest(arns.OfMachine(machine), name, Encoding.UTF8.GetString(input.Span)),
                StepFunctionsJson.Default.StartExecutionRequest,
                StepFunctionsJson.Default.StartExecutionReply,
                cancellationToken);
        }
        catch (AwsServiceException e) when (e.Failure.Code == "ExecutionAlreadyExists")
        {
            // Names are used once: one that exists was started by an earlier call of the same operation.
        }
    }

    public async Task<ExecutionDescription?> DescribeAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        if (!arns.TryParse(id, out string machine, out string name))
        {
            return null;
        }

        DescribeExecutionReply found;
        try
        {
            found = await _api.SendAsync(
                "DescribeExecution",
                new ExecutionRequest(id.Value),
                StepFunctionsJson.Default.ExecutionRequest,
                StepFunctionsJson.Default.DescribeExecutionReply,
                cancellationToken);
        }
        catch (AwsServiceException e) when (e.Failure.Code == "ExecutionDoesNotExist")
        {
            return null;
        }

        return new ExecutionDescription
        {
            Id = id,
            Machine = machine,
            Name = name,
            Status = StatusOf(found.Status),
            StartedAt = TimeOf(found.StartDate),
            EndedAt = found.StopDate is { } stop ? TimeOf(stop) : null,
            Input = found.Input ?? "null",
            State = await StateAsync(id, cancellationToken),
            Error = found.Error,
            Cause = found.Cause,
        };
    }

    /// <summary>As the interface says; the input is not told here, nor the state: each would be a call for every execution.</summary>
    public async Task<IReadOnlyList<ExecutionDescription>> ListRunningAsync(string? machine, int most, CancellationToken cancellationToken)
    {
        List<ExecutionDescription> running = [];
        foreach (string one in StateMachines.All.Where(known => machine is null || known == machine))
        {
            await ListAsync(one, most, running, cancellationToken);
        }

        return [.. running.OrderByDescending(execution => execution.StartedAt).Take(most)];
    }

    public async Task StopAsync(ExecutionId id, string error, string cause, CancellationToken cancellationToken)
    {
        Parse(id);
        try
        {
            await _api.SendAsync(
                "StopExecution",
                new StopExecutionRequest(id.Value, Cut(error, MaxErrorCharacters), Cut(cause, MaxCauseCharacters)),
                StepFunctionsJson.Default.StopExecutionRequest,
                StepFunctionsJson.Default.StopExecutionReply,
                cancellationToken);
        }
        catch (AwsServiceException e) when (e.Failure.Code == "ExecutionDoesNotExist")
        {
            throw new NotFoundException($"There is no execution {id}: Step Functions keeps one for 90 days after its end.", e);
        }
    }

    private async Task ListAsync(string machine, int most, List<ExecutionDescription> running, CancellationToken cancellationToken)
    {
        string? next = null;
        int listed = 0;
        do
        {
            ListExecutionsReply page = await _api.SendAsync(
                "ListExecutions",
                new ListExecutionsRequest(arns.OfMachine(machine), "RUNNING", Math.Clamp(most - listed, 1, MaxPage), next),
                StepFunctionsJson.Default.ListExecutionsRequest,
                StepFunctionsJson.Default.ListExecutionsReply,
                cancellationToken);
            foreach (ListedExecution found in page.Executions ?? [])
            {
                listed++;
                running.Add(new ExecutionDescription
                {
                    Id = new ExecutionId(found.ExecutionArn),
                    Machine = machine,
                    Name = found.Name,
                    Status = StatusOf(found.Status),
                    StartedAt = TimeOf(found.StartDate),
                    Input = "null",
                });
            }

            next = page.NextToken;
        }
        while (next is not null && listed < most);
    }

    /// <summary>The name of the state that was entered last; null where it is not to be had: it decides nothing.</summary>
    private async Task<string?> StateAsync(ExecutionId id, CancellationToken cancellationToken)
    {
        try
        {
            ExecutionHistoryReply page = await _api.SendAsync(
                "GetExecutionHistory",
                new ExecutionHistoryRequest(id.Value, HistoryEvents, ReverseOrder: true, IncludeExecutionData: false),
                StepFunctionsJson.Default.ExecutionHistoryRequest,
                StepFunctionsJson.Default.ExecutionHistoryReply,
                cancellationToken);
            return page.Events?.Select(told => told.StateEnteredEventDetails?.Name).FirstOrDefault(name => name is not null);
        }
        catch (Exception e) when (e is AwsServiceException or StoreUnavailableException)
        {
            return null;
        }
    }

    private (string Machine, string Name) Parse(ExecutionId id) => arns.TryParse(id, out string machine, out string name)
        ? (machine, name)
        : throw new NotFoundException($"{id} is not an execution of this installation.");

    private static ExecutionStatus StatusOf(string status) => status switch
    {
        "RUNNING" or "PENDING_REDRIVE" => ExecutionStatus.Running,
        "SUCCEEDED" => ExecutionStatus.Succeeded,
        "TIMED_OUT" => ExecutionStatus.TimedOut,
        "ABORTED" => ExecutionStatus.Aborted,
        _ => ExecutionStatus.Failed,
    };

    /// <summary>AWS's JSON has seconds since 1970, with milliseconds behind the point.</summary>
    private static DateTimeOffset TimeOf(double seconds) => DateTimeOffset.UnixEpoch.AddMilliseconds(Math.Round(seconds * 1000));

    private static string Cut(string text, int most) => text.Length <= most ? text : text[..most];
}
