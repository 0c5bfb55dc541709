using CacheBackup.Local.StateMachines;

namespace CacheBackup.Local.Tests.StateMachines.Support;

/// <summary>Keeps so many events and then no more.</summary>
internal sealed class FailingLog(IExecutionLog inner, int kept) : IExecutionLog
{
    private int _appended;

    public void Append(HistoryEvent entry)
    {
        if (++_appended > kept)
        {
            throw new IOException("disk full");
        }

        inner.Append(entry);
    }

    public ValueTask FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);
}
