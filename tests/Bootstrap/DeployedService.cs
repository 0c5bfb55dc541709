using System.Text.Json;
using System.Text.RegularExpressions;
using CacheBackup.Aws.Api;
using CacheBackup.Aws.StepFunctions;
using CacheBackup.Core.Model;
using CacheBackup.Core.Operations;
using CacheBackup.Fixtures;
using CacheBackup.Local.Host;
using CacheBackup.Local.StateMachines;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>
/// The service as it is deployed, as far as one machine can have it: every function is the published binary; S3, Step Functions' API and
/// secrets are moto's. What moto's Step Functions was asked to start, our runner executes, since moto's calls no function.
/// </summary>
internal sealed class DeployedService : IAsyncDisposable, IExecutionEnded
{
    private readonly TemporaryDirectory _directory = new();
    private readonly AwsApi _api;
    private readonly ExecutionHost _host;
    private readonly StateMachineArns _arns;

    private DeployedService(MotoStack stack, string binary)
    {
        Stack = stack;
        Functions = new BinaryFunctions(binary, stack.Variables);
        _arns = StateMachineArns.Parse(stack.Variables["STATE_MACHINES"]);
        _api = AwsApi.Open(
            AwsService.StepFunctions,
            new AwsApiOptions { Endpoint = stack.Endpoint, Region = Settings.Region },
            TimeProvider.System,
            new global::Amazon.Runtime.BasicAWSCredentials("test", "test"));
        Executions = new StepFunctionsExecutions(_api, _arns);
        _host = ExecutionHost.Open(
            new ExecutionHostOptions
            {
                DirectoryPath = Path.Combine(_directory.Path, "executions"),
                Runner = new RunnerOptions { Invoker = Functions },
                Ended = this,
                IdOf = key => _arns.OfExecution(key.StateMachine, key.Name).Value,
                FlushToDisk = false,
            },
            MachineFiles.ReadAll());
    }

    public MotoStack Stack { get; }

    public BinaryFunctions Functions { get; }

    /// <summary>Step Functions, asked from outside.</summary>
    public StepFunctionsExecutions Executions { get; }

    public static async Task<DeployedService> StartAsync(MotoServer moto, PublishedBinary binary) =>
        new(await MotoStack.CreateAsync(await moto.EndpointAsync()), binary.Path);

    /// <summary>Sends a request as API Gateway would: links to files are a function of their own.</summary>
    public async Task<(int Status, JsonElement Body)> SendAsync(string method, string path, object? body = null)
    {
        JsonElement answer = await Functions.InvokeAsync(
            path.Split('?')[0].EndsWith("/download", StringComparison.Ordinal) ? "Download" : "Api",
            ProxyEvent.Of(method, path, body is null ? null : JsonSerializer.Serialize(body)));
        return (answer.GetProperty("statusCode").GetInt32(), JsonDocument.Parse(answer.GetProperty("body").GetString()!).RootElement);
    }

    /// <summary>Starts a job by a request and has its execution run to its end, as Step Functions was asked to.</summary>
    public async Task<ExecutionResult> RunJobAsync(string method, string path, object? body = null)
    {
        (int status, JsonElement answer) = await SendAsync(method, path, body);
        Assert.True(status == 202, answer.ToString());
        return await RunAsync(ExecutionIn(answer));
    }

    /// <summary>The same, and the job must succeed.</summary>
    public async Task CompleteJobAsync(string method, string path, object? body = null)
    {
        ExecutionResult result = await RunJobAsync(method, path, body);
        Assert.True(result.Status == Local.StateMachines.ExecutionStatus.Succeeded, $"{method} {path}: {result.Error}: {result.Cause}");
    }

    /// <summary>Runs what was started in Step Functions with the input that it was started with.</summary>
    public async Task<ExecutionResult> RunAsync(ExecutionId id)
    {
        ExecutionDescription? started = await Executions.DescribeAsync(id, CancellationToken.None);
        Assert.True(started is not null, $"{id} was not started in Step Functions.");
        return await RunAsync(started.Machine, started.Name, JsonDocument.Parse(started.Input).RootElement);
    }

    /// <summary>Runs an execution that EventBridge's scheduler starts.</summary>
    public async Task<ExecutionResult> RunAsync(string machine, string name, JsonElement input)
    {
        ExecutionKey key = new(machine, name);
        await _host.StartAsync(key, input, CancellationToken.None);
        return await _host.WaitAsync(key, CancellationToken.None);
    }

    /// <summary>The rule on the status of executions calls its function; here the caller does, where it wants that.</summary>
    public Task OnEndedAsync(ExecutionEnded ended, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>EventBridge's event, as Step Functions' developer guide shows it.</summary>
    public Task<JsonElement> TellOfEndAsync(ExecutionId id, string status) => Functions.InvokeAsync(
        "AbandonExecution",
        JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["version"] = "0",
            ["id"] = "315c1398-40ff-a850-213b-158f73e60175",
            ["detail-type"] = "Step Functions Execution Status Change",
            ["source"] = "aws.states",
            ["account"] = Settings.Account,
            ["time"] = "2026-03-12T19:03:58Z",
            ["region"] = Settings.Region,
            ["resources"] = new[] { id.Value },
            ["detail"] = new
            {
                executionArn = id.Value,
                stateMachineArn = "arn",
                name = "name",
                status,
                startDate = 1551225271984,
                stopDate = 1551225272000,
                input = (string?)null,
                output = (string?)null,
                inputDetails = new { included = false },
            },
        }));

    /// <summary>The execution that a job's answer names and that has not been run yet: a backup names those of its earlier uses as well.</summary>
    public ExecutionId ExecutionIn(JsonElement answer)
    {
        ExecutionId[] named =
        [
            .. Regex.Matches(answer.GetRawText(), "arn:aws:states:[^\"]+").Select(match => new ExecutionId(match.Value)).Distinct()
                .Where(id => _arns.TryParse(id, out string machine, out string name) && _host.Describe(new ExecutionKey(machine, name)) is null),
        ];
        return Assert.Single(named);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await Functions.DisposeAsync();
        _api.Dispose();
        await Stack.DisposeAsync();
        _directory.Dispose();
    }
}
