namespace CacheBackup.Local.Events;

/// <summary>Somebody who is told of events: a command, a web hook.</summary>
internal interface IEventListener
{
    /// <summary>What it is called in the log. Holds no secret.</summary>
    string Name { get; }

    /// <summary>Tells it of one event, as often as it takes.</summary>
    /// <param name="json">The event as one line of JSON.</param>
    /// <exception cref="EventNotDeliveredException">It could not be told; the message says why.</exception>
    Task DeliverAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken);
}
