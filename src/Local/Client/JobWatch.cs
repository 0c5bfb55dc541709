using System.Text.Json;
using CacheBackup.Core.Operations;
using CacheBackup.Local.Terminal;

namespace CacheBackup.Local.Client;

/// <summary>Waits for jobs to end, and shows how far they have come.</summary>
internal sealed class JobWatch(ServiceApi api, ToolConsole console)
{
    private const string Running = "running";
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly string[] Passing = ["creating", "snapshotting", "deleting", "restoring", "copying", "exporting", "verifying", "proving"];

    /// <summary>Waits until a record has left its passing statuses.</summary>
    /// <returns>The record at its good end; undefined where it is gone, as it was to be.</returns>
    /// <exception cref="ServiceProblemException">It ended otherwise; the message is the record's reason.</exception>
    public async Task<JsonElement> RecordAsync(ServiceJob job, CancellationToken cancellationToken)
    {
        await using ProgressPhase phase = console.Begin(job.Activity);
        while (true)
        {
            JsonElement? record = await api.FindAsync(job.Resource, cancellationToken);
            string? status = record?.TextOf("status");
            if (status == job.Good)
            {
                phase.Complete();
                return record ?? default;
            }

            // A removal that broke off stays as deleting, with the reason.
            bool isStuck = status == "deleting" && record?.TextOf("statusReason") is not null;
            if (status is null || isStuck || !Passing.Contains(status))
            {
                throw Ended(job.Resource.Path[^1], status ?? "gone", record?.TextOf("statusReason"));
            }

            if (ExecutionOf(record!.Value) is { } id)
            {
                Report(phase, await api.FindAsync(new ServiceCall("GET", "executions", id), cancellationToken));
            }

            await Task.Delay(PollInterval, console.Time, cancellationToken);
        }
    }

    /// <summary>Waits until an execution has ended.</summary>
    /// <exception cref="ServiceProblemException">It did not succeed; the message is its cause.</exception>
    public async Task<JsonElement> ExecutionAsync(string activity, string id, CancellationToken cancellationToken)
    {
        await using ProgressPhase phase = console.Begin(activity);
        while (true)
        {
            JsonElement execution = await api.SendAsync(new ServiceCall("GET", "executions", id), cancellationToken);
            string status = execution.TextOf("status") ?? "unknown";
            Report(phase, execution);
            if (status == "succeeded")
            {
                phase.Complete();
                return execution;
            }

            if (status != Running)
            {
                throw Ended(id, status, new FailureCause(execution.TextOf("error") ?? status, execution.TextOf("cause")).ToReason());
            }

            await Task.Delay(PollInterval, console.Time, cancellationToken);
        }
    }

    /// <summary>The execution that works on a record at present; null where none does.</summary>
    public static string? ExecutionOf(JsonElement record) =>
        record.Member("operation")?.TextOf("execution")
        ?? record.ItemsOf("uses").LastOrDefault().TextOf("execution")
        ?? record.TextOf("execution");

    private static void Report(ProgressPhase phase, JsonElement? execution)
    {
        if (execution?.Member("progress") is { } progress)
        {
            phase.Report(new TransferProgress(progress.NumberOf("bytes") ?? 0, progress.NumberOf("totalBytes"), progress.NumberOf("keys") ?? 0));
        }
    }

    private static ServiceProblemException Ended(string what, string status, string? reason) =>
        new(reason is null ? $"{what} ended as {status}." : $"{what} ended as {status}. {reason}");
}
