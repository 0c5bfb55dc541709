using CacheBackup.Core.Catalog;
using CacheBackup.Core.Model;

namespace CacheBackup.Fixtures.Recording;

/// <summary>Notes that an event was passed on.</summary>
public sealed class RecordingSink(CallRecorder recorder) : IEventSink
{
    public const string Target = "events";

    public Task SendAsync(BackupEvent told, CancellationToken cancellationToken)
    {
        recorder.Note(Target, "Send");
        return Task.CompletedTask;
    }
}
