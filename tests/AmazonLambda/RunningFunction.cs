using Amazon.Lambda.Core;
using Amazon.Lambda.RuntimeSupport;
using Amazon.Lambda.Serialization.SystemTextJson;

namespace CacheBackup.AmazonLambda.Tests;

/// <summary>A bootstrap whose loop runs until the test ends.</summary>
public sealed class RunningFunction : IAsyncDisposable
{
    private readonly LambdaBootstrap _bootstrap;
    private readonly CancellationTokenSource _stop = new();

    public RunningFunction(LambdaBootstrap bootstrap)
    {
        _bootstrap = bootstrap;
        Loop = bootstrap.RunAsync(_stop.Token);
    }

    /// <summary>Ends when the function's process would.</summary>
    public Task Loop { get; }

    public static ILambdaSerializer Serializer => new SourceGeneratorLambdaJsonSerializer<LambdaTestContext>();

    public static RunningFunction Start(RuntimeApiServer api, Func<Order, ILambdaContext, Task<Receipt>> handler) =>
        Start(api, LambdaBootstrapBuilder.Create(handler, Serializer));

    public static RunningFunction Start(RuntimeApiServer api, LambdaBootstrapBuilder builder) =>
        new(builder.ConfigureOptions(options => options.RuntimeApiEndpoint = api.Endpoint).Build());

    public Task StopAsync() => _stop.CancelAsync();

    /// <summary>Waits for the loop's end; an exception that it ended in is thrown.</summary>
    public Task EndAsync() => Loop.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Loop.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        _bootstrap.Dispose();
        _stop.Dispose();
    }
}
