using System.Buffers;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>Writes what a <see cref="RangeWalk"/> hands out into an RDB file. Memory: a buffer of a few hundred KiB, and the longest key.</summary>
internal sealed class PartFileWriter : IRangeConsumer
{
    private const int DrainBytes = 128 * 1024;

    private readonly Stream _output;
    private readonly ArrayBufferWriter<byte> _buffer = new(2 * DrainBytes);
    private readonly RdbWriter _writer;

    /// <param name="version">Of the file that the entries come from; one that is not written any more becomes the nearest that is.</param>
    public PartFileWriter(RdbVersion version, Stream output)
    {
        _output = output;
        _writer = new RdbWriter(RdbWriter.Nearest(version), _buffer);
    }

    public long Keys => _writer.Keys;

    /// <summary>Functions are of no key: a part has none.</summary>
    public ValueTask OnFunctionAsync(ReadOnlyMemory<byte> librarySource, long offsetBytes, CancellationToken cancellationToken) =>
        ValueTask.CompletedTask;

    public async ValueTask OnEntryAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        Begin(entry);
        await WriteValueAsync(entry.Value, cancellationToken);
        _writer.EndEntry();
    }

    public ValueTask OnLargeStartAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken)
    {
        Begin(entryWithoutValue);
        return ValueTask.CompletedTask;
    }

    public ValueTask OnLargeFragmentAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken) =>
        WriteValueAsync(fragment, cancellationToken);

    public ValueTask OnLargeEndAsync(CancellationToken cancellationToken)
    {
        _writer.EndEntry();
        return ValueTask.CompletedTask;
    }

    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        _writer.Complete();
        await DrainAsync(0, cancellationToken);
        await _output.FlushAsync(cancellationToken);
    }

    private void Begin(in RestoreEntry entry) => _writer.BeginEntry(
        new RdbEntryHead
        {
            Database = entry.Database,
            Magic = entry.Version.Magic,
            Type = entry.Type,
            ExpireAtMilliseconds = entry.ExpireAtMilliseconds,
            IdleSeconds = entry.IdleSeconds,
            Frequency = entry.Frequency,
        },
        entry.Key.Span);

    private async ValueTask WriteValueAsync(ReadOnlyMemory<byte> value, CancellationToken cancellationToken)
    {
        // In pieces, so that the buffer stays small whatever the value's size.
        while (!value.IsEmpty)
        {
            ReadOnlyMemory<byte> piece = value[..Math.Min(DrainBytes, value.Length)];
            _writer.WriteValue(piece.Span);
            value = value[piece.Length..];
            await DrainAsync(DrainBytes, cancellationToken);
        }
    }

    private async ValueTask DrainAsync(int leaveBytes, CancellationToken cancellationToken)
    {
        if (_buffer.WrittenCount > leaveBytes)
        {
            await _output.WriteAsync(_buffer.WrittenMemory, cancellationToken);
            _buffer.ResetWrittenCount();
        }
    }
}
