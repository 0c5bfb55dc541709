using System.Diagnostics;
using System.Globalization;
using CacheBackup.Caches;
using CacheBackup.Core.Model;
using CacheBackup.Fixtures;
using CacheBackup.Fixtures.Caches;
using CacheBackup.Local.Credentials;
using CacheBackup.Local.Demo;

namespace CacheBackup.Bootstrap.Tests;

/// <summary>The figures of docs/performance.md. They are taken when asked for: <c>-explicit only -class '*Measurements'</c>.</summary>
[Trait("Category", "Slow")]
public sealed class Measurements(PublishedBinary binary, MotoServer moto)
{
    private const int DemoKeys = 200_000;
    private const int Starts = 5;

    [Fact(Explicit = true)]
    public async Task Start_to_first_response()
    {
        Say($"dist/lambda/bootstrap: {new FileInfo(binary.Path).Length / 1e6:F1} MB");
        foreach ((string function, string payload) in new[] { ("Api", ProxyEvent.Of("GET", "/health")), ("BeginBackup", "null") })
        {
            List<double> milliseconds = [];
            for (int i = 0; i < Starts; i++)
            {
                long began = Stopwatch.GetTimestamp();
                await using FunctionProcess process = await FunctionProcess.StartAsync(binary.Path, function, Settings.Of("start"));
                await process.InvokeAsync(payload, TimeSpan.FromMinutes(1));
                milliseconds.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }

            Say($"{function}: {milliseconds.Order().ElementAt(Starts / 2):F0} ms from start to first response (median of {Starts})");
        }
    }

    [Fact(Explicit = true)]
    public async Task Peak_memory_of_each_function_on_the_demos_data()
    {
        await using ServerProcess source = await ServerProcess.StartAsync(CacheEngine.Redis);
        await using ServerProcess target = await ServerProcess.StartAsync(CacheEngine.Redis);
        await FillAsync(source);
        await using DeployedService service = await DeployedService.StartAsync(moto, binary);
        await service.CompleteJobAsync("POST", "/caches", new { name = "shop", host = "127.0.0.1", port = source.Port });
        await TimeAsync("backup", () => service.CompleteJobAsync("POST", "/backups", new { name = "first", cache = "shop" }));
        await TimeAsync("verify", () => service.CompleteJobAsync("POST", "/backups/first/verify"));
        await TimeAsync("copy", () => service.CompleteJobAsync("POST", "/backups/first/copy", new { name = "second", location = $"s3://{service.Stack.Name}-copies" }));
        await TimeAsync("export", () => service.CompleteJobAsync("POST", "/backups/first/export", new { location = $"s3://{service.Stack.Name}-exports", name = "monthly" }));
        await TimeAsync("import", () => service.CompleteJobAsync("POST", "/backups/import", new { name = "third", file = $"{service.Stack.Name}-exports/monthly-0001.rdb" }));
        await TimeAsync("restore", () => service.CompleteJobAsync(
            "POST", "/backups/first/restore", new { cache = "copy", endpoint = new { host = "127.0.0.1", port = target.Port } }));
        await service.CompleteJobAsync("DELETE", "/backups/second");
        foreach ((string function, FunctionProcess process) in service.Functions.Called.OrderBy(called => called.Key, StringComparer.Ordinal))
        {
            Say(string.Create(CultureInfo.InvariantCulture, $"| `{function}` | {process.PeakMiB():F0} | {FunctionProcess.MemoryOf(function)} |"));
        }
    }

    private static async Task FillAsync(ServerProcess source)
    {
        await using RespConnection connection = await RespConnection.ConnectAsync(
            source.Address, new LocalCredentials(), RespConnectionOptions.Default, TimeProvider.System, CancellationToken.None);
        await new DemoData(new DemoDataOptions { Keys = DemoKeys, Now = TimeProvider.System.GetUtcNow() }).FillAsync(connection, null, CancellationToken.None);
    }

    private static async Task TimeAsync(string what, Func<Task> act)
    {
        long began = Stopwatch.GetTimestamp();
        await act();
        Say($"{what}: {Stopwatch.GetElapsedTime(began).TotalSeconds:F1} s");
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper!.WriteLine(line);
}
