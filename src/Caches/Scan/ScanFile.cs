using System.Globalization;
using System.IO.Pipelines;
using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Caches.Scan;

/// <summary>
/// The RDB file that a scan makes, written into a pipe as its values arrive. A DUMP's value goes from the socket to the pipe in whatever
/// pieces it comes, and its own checksum is computed on the way.
/// </summary>
internal sealed class ScanFile
{
    private const int FlushBytes = 128 * 1024;

    private readonly PipeWriter _pipe;
    private readonly RdbVersion _version;
    private readonly RdbWriter _writer;
    private readonly byte[] _footer = new byte[RdbFooter.SizeBytes];
    private ScannedDatabase? _announced;

    /// <summary>Begins a file.</summary>
    /// <param name="pipe">Takes the file; it is flushed every <see cref="FlushBytes"/>.</param>
    /// <param name="version">Of the server's payloads.</param>
    public ScanFile(PipeWriter pipe, RdbVersion version)
        : this(pipe, version, new RdbWriter(RdbWriter.Nearest(version), pipe))
    {
    }

    /// <summary>Goes on with a file that another has begun.</summary>
    public ScanFile(PipeWriter pipe, ScanPosition position)
        : this(pipe, position.ParsePayloadVersion(), new RdbWriter(position.ToFilePosition(), pipe))
    {
    }

    private ScanFile(PipeWriter pipe, RdbVersion version, RdbWriter writer) => (_pipe, _version, _writer) = (pipe, version, writer);

    /// <summary>Of the server's payloads.</summary>
    public RdbVersion Version => _version;

    public ScanFileMark Mark => new(_writer.Keys, _writer.SizeBytes);

    /// <summary>Between two entries.</summary>
    public RdbWriterPosition Position => _writer.Position;

    /// <summary>What stands before the first key: who wrote it, when, and function libraries.</summary>
    /// <param name="greeting">The server.</param>
    /// <param name="functions">A payload of FUNCTION DUMP; null: none.</param>
    public void Begin(ScanGreeting greeting, ReadOnlyMemory<byte>? functions)
    {
        WriteAuxiliary(greeting.Engine == CacheEngine.Valkey ? "valkey-ver" : "redis-ver", greeting.Version.ToString());
        WriteAuxiliary("redis-bits", "64");
        WriteAuxiliary("ctime", greeting.ServerTime.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        WriteAuxiliary("used-mem", greeting.UsedMemoryBytes.ToString(CultureInfo.InvariantCulture));
        if (functions is { } payload)
        {
            foreach (byte[] source in FunctionPayload.Read(payload.Span))
            {
                _writer.WriteFunction(source);
            }
        }
    }

    /// <summary>Its sizes are written with its first entry, and not at all where it proves to have none.</summary>
    public void BeginDatabase(ScannedDatabase database) => _announced = database.Number == _writer.Database ? null : database;

    /// <summary>Takes one value from the connection to its last byte.</summary>
    /// <param name="head">Everything but magic and type, which the payload tells.</param>
    /// <param name="dump">The reply of DUMP.</param>
    /// <exception cref="TransferCutException">The payload's checksum is wrong.</exception>
    /// <exception cref="CacheProtocolException">It is no payload, or one of another version than the server's.</exception>
    /// <exception cref="NotInRdbVersionException">It holds a type that no version known here defines.</exception>
    public async ValueTask WriteAsync(RdbEntryHead head, ReadOnlyMemory<byte> key, RespReplyHead dump, CancellationToken cancellationToken)
    {
        if (dump.LengthBytes <= RdbFooter.OverheadBytes)
        {
            throw new CacheProtocolException($"A DUMP of {dump.LengthBytes} bytes is too short to hold a value.");
        }

        long valueEnd = dump.LengthBytes - RdbFooter.SizeBytes;
        long offset = 0;
        RdbFooter check = default;
        PipeReader body = dump.Body!;
        while (true)
        {
            if (!body.TryRead(out ReadResult read))
            {
                read = await body.ReadAsync(cancellationToken).ConfigureAwait(false);
            }

            foreach (ReadOnlyMemory<byte> chunk in read.Buffer)
            {
                offset = Take(chunk.Span, offset, valueEnd, head, key.Span, ref check);
            }

            body.AdvanceTo(read.Buffer.End);
            if (_pipe.UnflushedBytes >= FlushBytes)
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }

            if (read.IsCompleted)
            {
                break;
            }
        }

        _writer.EndEntry();
        if (!check.TryCheck(_footer, out int stated))
        {
            throw new TransferCutException($"The checksum of a DUMP is not that of its bytes (at byte {_writer.SizeBytes} of the file). Try again.");
        }

        if (stated != _version.Number)
        {
            throw new CacheProtocolException($"A DUMP states version {stated}, and the server's files are {_version}.");
        }
    }

    /// <summary>Takes one value that was put together here.</summary>
    /// <param name="head">Everything but the magic.</param>
    /// <param name="length">A string's bytes, or the elements of what is no string: it stands before the value.</param>
    /// <param name="value">As an RDB file stores it.</param>
    public async ValueTask WriteAsync(RdbEntryHead head, ReadOnlyMemory<byte> key, long length, ValueSpool value, CancellationToken cancellationToken)
    {
        Begin(head, head.Type, key.Span);
        WriteLength(length);
        foreach (ReadOnlyMemory<byte> piece in value.Read())
        {
            _writer.WriteValue(piece.Span);
            await FlushAsync(cancellationToken).ConfigureAwait(false);
        }

        _writer.EndEntry();
    }

    /// <summary>Leaves the file where it is, between two entries. The pipe is completed by its owner.</summary>
    public ValueTask LeaveAsync(CancellationToken cancellationToken) => FlushAsync(cancellationToken);

    /// <summary>Ends the file. The pipe is completed by its owner.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        _writer.Complete();
        await FlushAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Distributes the next bytes of a payload: the type, the value, the footer.</summary>
    private long Take(ReadOnlySpan<byte> chunk, long offset, long valueEnd, in RdbEntryHead head, ReadOnlySpan<byte> key, ref RdbFooter check)
    {
        if (offset == 0 && chunk.Length > 0)
        {
            var type = (RdbType)chunk[0];
            Begin(head, type, key);
            check = new RdbFooter(type);
            chunk = chunk[1..];
            offset = 1;
        }

        int value = (int)Math.Clamp(valueEnd - offset, 0, chunk.Length);
        _writer.WriteValue(chunk[..value]);
        check.Update(chunk[..value]);
        offset += value;
        chunk = chunk[value..];
        chunk.CopyTo(_footer.AsSpan((int)Math.Max(0, offset - valueEnd)));
        return offset + chunk.Length;
    }

    private void Begin(in RdbEntryHead head, RdbType type, ReadOnlySpan<byte> key)
    {
        if (_announced is { } database)
        {
            _writer.WriteResize(database.Number, database.Keys, database.Expiring);
            _announced = null;
        }

        _writer.BeginEntry(head with { Magic = _version.Magic, Type = type }, key);
    }

    private void WriteLength(long length)
    {
        Span<byte> bytes = stackalloc byte[RdbLength.MaxBytes];
        _writer.WriteValue(bytes[..RdbLength.Write(bytes, (ulong)length)]);
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        FlushResult flushed = await _pipe.FlushAsync(cancellationToken).ConfigureAwait(false);
        if (flushed.IsCompleted)
        {
            throw new OperationCanceledException("The file's reader has left.");
        }
    }

    private void WriteAuxiliary(string name, string value) => _writer.WriteAuxiliary(Encoding.ASCII.GetBytes(name), Encoding.ASCII.GetBytes(value));
}
