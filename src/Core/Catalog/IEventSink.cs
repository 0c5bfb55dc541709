using CacheBackup.Core.Model;

namespace CacheBackup.Core.Catalog;

/// <summary>Somebody outside who is told of events: EventBridge in AWS, a command or webhook on one machine.</summary>
public interface IEventSink
{
    /// <summary>Passes an event on. Never throws for a listener that is not there: an event must not fail a job.</summary>
    Task SendAsync(BackupEvent told, CancellationToken cancellationToken);
}
