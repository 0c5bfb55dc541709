using CacheBackup.Core.Model;

namespace CacheBackup.Local.Events;

/// <summary>Who is told of events, besides the event log.</summary>
public sealed record EventTargets
{
    public static readonly EventTargets None = new();

    /// <summary>A program and its arguments, run for each event; null: none.</summary>
    public IReadOnlyList<string>? Command { get; init; }

    /// <summary>Where each event is posted; null: nowhere.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>Signs what is posted; null: it is not signed.</summary>
    public Secret<string>? WebhookSecret { get; init; }

    /// <summary>A queue for each target. Whoever opens them disposes them.</summary>
    internal IReadOnlyList<EventQueue> Open(TimeProvider time, Action<string> log)
    {
        List<EventQueue> queues = [];
        if (Command is { } command)
        {
            queues.Add(new EventQueue(new CommandListener(command, time), time, log));
        }

        if (Webhook is { } url)
        {
            WebhookListener listener = new(url, WebhookSecret, new SocketsHttpHandler { AllowAutoRedirect = false }, time);
            queues.Add(new EventQueue(listener, time, log));
        }

        return queues;
    }
}
