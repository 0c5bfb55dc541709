using System.Text;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.StepFunctions;
using CacheBackup.Aws.Tests.Api;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Core.Storage;
using CacheBackup.Fixtures;

namespace CacheBackup.Aws.Tests.StepFunctions;

/// <summary>Executions in moto, and answers of Step Functions that moto does not give.</summary>
public sealed class StepFunctionsExecutionsTests(MotoServer moto)
{
    // As a text within JSON.
    private const string Definition = """{\"StartAt\":\"S\",\"States\":{\"S\":{\"Type\":\"Succeed\"}}}""";

    private static readonly byte[] Input = """{"backup":"orders","ä":1}"""u8.ToArray();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Execution_is_started_described_listed_and_stopped()
    {
        (AwsApi api, StepFunctionsExecutions executions) = await ArrangeAsync("backup", "restore");
        using AwsApi closing = api;
        ExecutionId id = executions.IdOf("backup", "orders-1");

        Assert.Null(await executions.DescribeAsync(id, Cancellation));
        await executions.StartAsync(id, Input, Cancellation);

        ExecutionDescription running = Assert.IsType<ExecutionDescription>(await executions.DescribeAsync(id, Cancellation));
        Assert.Equal((id, "backup", "orders-1", ExecutionStatus.Running), (running.Id, running.Machine, running.Name, running.Status));
        Assert.Equal(Encoding.UTF8.GetString(Input), running.Input);
        Assert.InRange(running.StartedAt, TimeProvider.System.GetUtcNow().AddMinutes(-5), TimeProvider.System.GetUtcNow().AddMinutes(5));
        Assert.Null(running.EndedAt);

        await executions.StopAsync(id, "Cancelled", "Cancelled by a request.", Cancellation);

        ExecutionDescription stopped = Assert.IsType<ExecutionDescription>(await executions.DescribeAsync(id, Cancellation));
        Assert.Equal(ExecutionStatus.Aborted, stopped.Status);
        Assert.NotNull(stopped.EndedAt);
    }

    [Fact]
    public async Task Starting_again_is_as_good_as_started()
    {
        (AwsApi api, StepFunctionsExecutions executions) = await ArrangeAsync("backup");
        using AwsApi closing = api;
        ExecutionId id = executions.IdOf("backup", "orders-1");

        await executions.StartAsync(id, Input, Cancellation);
        await executions.StartAsync(id, Input, Cancellation);
        await executions.StartAsync(id, "{}"u8.ToArray(), Cancellation);

        Assert.Equal(Encoding.UTF8.GetString(Input), (await executions.DescribeAsync(id, Cancellation))!.Input);
    }

    [Fact]
    public async Task Stopping_what_was_never_started_is_said()
    {
        (AwsApi api, StepFunctionsExecutions executions) = await ArrangeAsync("backup");
        using AwsApi closing = api;

        await Assert.ThrowsAsync<NotFoundException>(() => executions.StopAsync(executions.IdOf("backup", "never"), "e", "c", Cancellation));
    }

    [Fact]
    public async Task Listing_has_the_running_ones_of_one_machine_or_of_all_the_last_first()
    {
        (AwsApi api, StepFunctionsExecutions executions) = await ArrangeAsync([.. StateMachines.All]);
        using AwsApi closing = api;
        foreach ((string machine, string name) in new[] { ("backup", "one"), ("restore", "two"), ("backup", "three"), ("backup", "stopped") })
        {
            await executions.StartAsync(executions.IdOf(machine, name), Input, Cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        await executions.StopAsync(executions.IdOf("backup", "stopped"), "e", "c", Cancellation);

        Assert.Equal(["three", "two", "one"], await NamesAsync(null, 10));
        Assert.Equal(["three", "one"], await NamesAsync("backup", 10));
        Assert.Equal(["three"], await NamesAsync(null, 1));
        Assert.Empty(await NamesAsync("no-such-machine", 10));

        async Task<IEnumerable<string>> NamesAsync(string? machine, int most) =>
            (await executions.ListRunningAsync(machine, most, Cancellation)).Select(found => found.Name);
    }

    [Fact]
    public async Task Execution_of_somebody_else_is_neither_known_nor_asked_for()
    {
        await using ScriptedServer server = new(Answers.Json("{}"));
        using AwsApi api = Open(server);
        StepFunctionsExecutions executions = new(api, Arns("own"));
        ExecutionId other = new StepFunctionsExecutions(api, Arns("other")).IdOf("backup", "one");

        Assert.False(executions.Knows(other));
        Assert.True(executions.Knows(executions.IdOf("backup", "one")));
        Assert.Null(await executions.DescribeAsync(other, Cancellation));
        await Assert.ThrowsAsync<NotFoundException>(() => executions.StopAsync(other, "e", "c", Cancellation));
        await Assert.ThrowsAsync<NotFoundException>(() => executions.StartAsync(other, Input, Cancellation));
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Failure_is_told_with_error_cause_times_and_the_state_it_was_in()
    {
        await using ScriptedServer server = new(
            Answers.Json("""{"status":"FAILED","startDate":1420000000.123,"stopDate":1.42000001E9,"input":"{}","error":"E","cause":"C","unknown":[1]}"""),
            Answers.Json(
                """{"events":[{"type":"ExecutionFailed"},{"type":"TaskFailed"},{"type":"TaskStateEntered","stateEnteredEventDetails":{"name":"Snapshot"}},{"stateEnteredEventDetails":{"name":"Begin"}}]}"""));
        using AwsApi api = Open(server);
        StepFunctionsExecutions executions = new(api, Arns("own"));

        ExecutionDescription failed = Assert.IsType<ExecutionDescription>(
            await executions.DescribeAsync(executions.IdOf("backup", "one"), Cancellation));

        Assert.Equal((ExecutionStatus.Failed, "E", "C", "Snapshot"), (failed.Status, failed.Error, failed.Cause, failed.State));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1420000000123), failed.StartedAt);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1420000010), failed.EndedAt);
        Assert.Equal(
            $$"""{"executionArn":"{{failed.Id}}","maxResults":20,"reverseOrder":true,"includeExecutionData":false}""",
            Encoding.UTF8.GetString(server.Requests[1].Body));
    }

    [Fact]
    public async Task State_that_cannot_be_had_keeps_nobody_from_the_rest()
    {
        await using ScriptedServer server = new(
            Answers.Json("""{"status":"TIMED_OUT","startDate":1,"input":"{}"}"""), Answers.Json("""{"__type":"AccessDeniedException"}""", 400));
        using AwsApi api = Open(server);
        StepFunctionsExecutions executions = new(api, Arns("own"));

        ExecutionDescription found = Assert.IsType<ExecutionDescription>(
            await executions.DescribeAsync(executions.IdOf("backup", "one"), Cancellation));

        Assert.Equal(ExecutionStatus.TimedOut, found.Status);
        Assert.Null(found.State);
    }

    [Fact]
    public async Task Listing_goes_on_page_by_page_and_ends_at_what_was_asked_for()
    {
        await using ScriptedServer server = new(Page("a", "next"), Page("b", "more"));
        using AwsApi api = Open(server);
        StepFunctionsExecutions executions = new(api, Arns("own"));

        IReadOnlyList<ExecutionDescription> found = await executions.ListRunningAsync("backup", 2, Cancellation);

        Assert.Equal(["a", "b"], found.Select(execution => execution.Name));
        Assert.Equal(2, server.Requests.Count);
        Assert.Contains("\"maxResults\":1,\"nextToken\":\"next\"", Encoding.UTF8.GetString(server.Requests[1].Body), StringComparison.Ordinal);

        static ScriptedAnswer Page(string name, string next) => Answers.Json(
            $$"""{"executions":[{"executionArn":"{{name}}","name":"{{name}}","status":"RUNNING","startDate":1}],"nextToken":"{{next}}"}""");
    }

    [Fact]
    public async Task Machine_that_is_not_there_is_a_failure_that_stays()
    {
        (AwsApi api, StepFunctionsExecutions executions) = await ArrangeAsync("restore");
        using AwsApi closing = api;

        AwsServiceException failure = await Assert.ThrowsAsync<AwsServiceException>(
            () => executions.StartAsync(executions.IdOf("backup", "one"), Input, Cancellation));

        Assert.Equal("StateMachineDoesNotExist", failure.Failure.Code);
    }

    [Fact]
    public async Task Too_many_executions_are_a_failure_that_passes()
    {
        await using ScriptedServer server = new(Answers.Json("""{"__type":"ExecutionLimitExceeded"}""", 400));
        using AwsApi api = Open(server);
        StepFunctionsExecutions executions = new(api, Arns("own"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => executions.StartAsync(executions.IdOf("backup", "one"), Input, Cancellation));
    }

    private static StateMachineArns Arns(string stack) => StateMachineArns.Parse($"arn:aws:states:us-east-1:123456789012:stateMachine:{stack}-");

    private static AwsApi Open(ScriptedServer server) =>
        AwsApi.Open(AwsService.StepFunctions, Answers.Impatient(server.Endpoint), TimeProvider.System, MotoApi.Credentials);

    /// <summary>A stack of its own, so that no test sees another's executions.</summary>
    private async Task<(AwsApi Api, StepFunctionsExecutions Executions)> ArrangeAsync(params string[] machines)
    {
        AwsApi api = await MotoApi.OpenAsync(moto, AwsService.StepFunctions);
        string stack = MotoApi.NewName("stack");
        foreach (string machine in machines)
        {
            await MotoApi.ArrangeAsync(
                api,
                "AWSStepFunctions.CreateStateMachine",
                "1.0",
                $$"""{"name":"{{stack}}-{{machine}}","roleArn":"arn:aws:iam::123456789012:role/r","definition":"{{Definition}}"}""");
        }

        return (api, new StepFunctionsExecutions(api, Arns(stack)));
    }
}
