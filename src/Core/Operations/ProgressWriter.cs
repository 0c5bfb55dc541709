using System.Text.Json;
using CacheBackup.Core.Catalog;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Operations;

/// <summary>
/// Keeps one lane's progress object up to date: at most one write every few seconds, in the background, never two at once. A write that
/// fails is left out: progress must not end the work that it tells of.
/// </summary>
internal sealed class ProgressWriter(IObjectStore store, ObjectKey key, TimeProvider time) : IProgress<TransferProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _stop = new();
    private Task _write = Task.CompletedTask;
    private TransferProgress _latest;
    private long _lastWrite;

    public void Report(TransferProgress value)
    {
        _latest = value;
        if (_write.IsCompleted && (_lastWrite == 0 || time.GetElapsedTime(_lastWrite) >= Interval))
        {
            _lastWrite = time.GetTimestamp();
            _write = WriteAsync(value);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _write;
        await WriteAsync(_latest);
        _stop.Dispose();
    }

    private async Task WriteAsync(TransferProgress progress)
    {
        ProgressRecord record = new(progress.Bytes, progress.Keys, time.GetUtcNow(), progress.TotalBytes);
        try
        {
            await store.PutAsync(
                key, JsonSerializer.SerializeToUtf8Bytes(record, CatalogJson.Default.ProgressRecord), WriteCondition.None, _stop.Token);
        }
        catch (Exception e) when (e is TransientException or PermanentException or OperationCanceledException)
        {
            // The next one may succeed; nobody decides anything by it.
        }
    }
}
