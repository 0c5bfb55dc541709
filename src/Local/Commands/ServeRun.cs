using CacheBackup.Core.Operations;
using CacheBackup.Local.Host;

namespace CacheBackup.Local.Commands;

/// <summary>Runs the service until it is told to end.</summary>
internal static class ServeRun
{
    /// <summary>Jobs that run when the end comes are cancelled, which leaves nothing half-made; new caches are stopped with their data saved.</summary>
    public static async Task<int> RunAsync(ServeRequest request, ToolContext context, CancellationToken cancellationToken)
    {
        TextWriter output = context.Console.Output;
        LocalHostOptions options = new()
        {
            DataDirectory = request.DataDirectory,
            Store = request.Store,
            DataStore = request.DataStore,
            Url = request.Url,
            Events = request.Events,
            Ticks = true,
            TickInterval = request.TickInterval,
            VerifySharePercent = request.VerifySharePercent,
            SliceLength = request.SliceLength,
            StoragePricePerGigabyteMonth = request.StoragePrice,
            Quotas = request.Quotas ? BackupQuotas.OfElastiCache : null,
            Configured = request.Configured,
            Log = context.Console.Error.WriteLine,
        };
        await using LocalHost host = await LocalHost.StartAsync(options, decorate: null, cancellationToken);
        output.WriteLine($"{VersionText.Get()} serves {host.Url}");
        output.WriteLine($"Token: {host.Token.FilePath}");
        output.WriteLine($"""Try: curl -H "Authorization: Bearer $(cat {host.Token.FilePath})" {host.Url}backups""");
        output.Flush();
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using (cancellationToken.Register(told.SetResult))
        {
            await told.Task;
        }

        context.Console.Error.WriteLine("Ending: jobs are cancelled, caches are stopped with their data saved.");
        await host.CancelAllAsync(CancellationToken.None);
        return ExitStatus.Success;
    }
}
