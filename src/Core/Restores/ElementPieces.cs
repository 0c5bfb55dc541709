using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>
/// Sends one collection after another to a target by element commands: decoded as it comes, put together under a temporary key, named when it
/// is whole. Memory: <see cref="ElementCommands"/>'s, one encoded part of the value expanded, and what <see cref="SliceBytes"/> of stored
/// bytes can expand to (700 KiB).
/// </summary>
internal sealed class ElementPieces(IRestoreTarget target, TemporaryKeys temporaryKeys, TargetFormats formats)
{
    private const int SliceBytes = 8 * 1024;
    private const int SendAtBytes = 64 * 1024;

    private RestoreEntry _entry;
    private ElementCommands? _commands;
    private ValueDecoder? _decoder;

    public async ValueTask BeginAsync(RestoreEntry entryWithoutValue, CancellationToken cancellationToken)
    {
        _entry = entryWithoutValue;
        ReadOnlyMemory<byte> key = await target.BeginElementsAsync(entryWithoutValue, temporaryKeys, cancellationToken);
        _commands = new ElementCommands(key, formats);
        _decoder = new ValueDecoder(_commands, new ValueDecoderOptions { DuplicateCheckElements = 0 });
        _decoder.Begin(entryWithoutValue.Version, entryWithoutValue.Type, entryWithoutValue.OffsetBytes);
    }

    /// <exception cref="BackupDamagedException">The value does not decode.</exception>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken)
    {
        for (int position = 0; position < fragment.Length; position += SliceBytes)
        {
            Decode(fragment.Span.Slice(position, Math.Min(SliceBytes, fragment.Length - position)));
            if (_commands!.Part.Bytes.Length >= SendAtBytes)
            {
                await SendAsync(cancellationToken);
            }
        }
    }

    /// <exception cref="BackupDamagedException">The value does not decode.</exception>
    public async ValueTask EndAsync(CancellationToken cancellationToken)
    {
        try
        {
            _decoder!.Complete();
        }
        catch (RdbFormatException e)
        {
            throw Unreadable(e);
        }

        await SendAsync(cancellationToken);
        await target.EndElementsAsync(_commands!.MayVanish, cancellationToken);
        _commands = null;
        _decoder = null;
    }

    private void Decode(ReadOnlySpan<byte> slice)
    {
        try
        {
            _decoder!.Write(slice);
        }
        catch (RdbFormatException e)
        {
            throw Unreadable(e);
        }
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await target.AppendElementsAsync(_commands!.Part, cancellationToken);
        _commands.Release();
    }

    private BackupDamagedException Unreadable(RdbFormatException e) =>
        new($"The value of the entry at byte {_entry.OffsetBytes} of the data file cannot be read: {e.Code} at byte {e.OffsetBytes}. Verify the backup.", e);
}
