using System.Text.Json;
using CacheBackup.Aws.Api;
using CacheBackup.Core;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Aws.Watching;

/// <summary>
/// Puts every event on an EventBridge bus: source <c>cache-backup</c>, detail type the event's code, detail the event as the catalog
/// writes it. What cannot be delivered is logged and not told to the job: the event is in the catalog's list all the same.
/// </summary>
/// <param name="bus">The bus's name or ARN.</param>
/// <param name="log">Takes one line for each event that was not delivered.</param>
public sealed class EventBridgeSink(AwsApi api, string bus, Action<string> log) : IEventSink
{
    private const string Source = "cache-backup";
    private const int Attempts = 2;

    private readonly AwsJsonApi _api = new(api, "AWSEvents", "1.1");

    public async Task SendAsync(BackupEvent told, CancellationToken cancellationToken)
    {
        string detail = JsonSerializer.Serialize(told, WatchingJson.CompactEvent);
        PutEventsRequest request = new([new PutEventsEntry(Source, $"{told.Code}", detail, bus, told.At.ToUnixTimeSeconds())]);
        try
        {
            string? refusal = null;
            for (int attempt = 1; attempt <= Attempts; attempt++)
            {
                PutEventsReply reply = await _api.SendAsync(
                    "PutEvents", request, WatchingJson.Default.PutEventsRequest, WatchingJson.Default.PutEventsReply, cancellationToken);
                refusal = RefusalIn(reply);
                if (refusal is null)
                {
                    return;
                }
            }

            Note(told, refusal!);
        }
        catch (Exception e) when (e is TransientException or PermanentException)
        {
            Note(told, e.Message);
        }
    }

    /// <summary>Success is answered for a call none of whose events was taken, too.</summary>
    private static string? RefusalIn(PutEventsReply reply) => reply.FailedEntryCount == 0
        ? null
        : $"EventBridge refused it: {reply.Entries?.Select(entry => entry.ErrorCode).FirstOrDefault(code => code is not null) ?? "it gives no reason"}.";

    private void Note(BackupEvent told, string why) => log($"Event {told.Code} {told.Id} is not on bus {bus}. {why}");
}
