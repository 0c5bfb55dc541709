using CacheBackup.Core.Model;
using CacheBackup.Core.Restores;

namespace CacheBackup.Core.Tests.Restores;

/// <summary>A target that takes everything, and says what it was given.</summary>
internal sealed class RecordingTarget : IRestoreTarget
{
    private readonly MemoryStream _open = new();

    public List<RestoreEntry> Entries { get; } = [];

    public List<byte[]> Libraries { get; } = [];

    /// <summary>How many entries had been sent when the first library came.</summary>
    public int EntriesBeforeLibraries { get; private set; }

    /// <summary>Values that were begun, also those that were never ended.</summary>
    public int LargeBegun { get; private set; }

    public int LargeEnded { get; private set; }

    public int StringsBegun { get; private set; }

    public int ElementsBegun { get; private set; }

    /// <summary>Commands of collections that were sent whole.</summary>
    public int CommandsEnded { get; private set; }

    /// <summary>The newest Redis: it takes every type under Redis's magic as it is stored.</summary>
    public static TargetFormats Everything { get; } = new(CacheEngine.Redis, new CacheVersion(8, 0, 0), HasModules: true);

    public TargetFormats Formats { get; set; } = Everything;

    public long LargestPieceBytes { get; private set; }

    public bool IsFlushed { get; private set; }

    public long NowMilliseconds { get; set; } = 1_000;

    public long LongestArgumentBytes { get; set; } = 512L << 20;

    /// <summary>Called before each entry with how many there were before: the place where a test lets something happen meanwhile.</summary>
    public Func<int, Task> WhenSent { get; set; } = _ => Task.CompletedTask;

    public Task<CacheProbe> DescribeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<long> TimeAsync(CancellationToken cancellationToken) => Task.FromResult(NowMilliseconds);

    public async ValueTask RestoreAsync(RestoreEntry entry, CancellationToken cancellationToken)
    {
        await WhenSent(Entries.Count);
        cancellationToken.ThrowIfCancellationRequested();
        lock (Entries)
        {
            Entries.Add(entry with { Key = entry.Key.ToArray(), Value = entry.Value.ToArray() });
        }
    }

    public ValueTask BeginLargeAsync(RestoreEntry entryWithoutValue, long valueLengthBytes, CancellationToken cancellationToken)
    {
        LargeBegun++;
        return BeginAsync(entryWithoutValue);
    }

    public ValueTask AppendLargeAsync(ReadOnlyMemory<byte> fragment, CancellationToken cancellationToken) => AppendAsync(fragment);

    public ValueTask EndLargeAsync(CancellationToken cancellationToken)
    {
        LargeEnded++;
        return EndAsync();
    }

    public ValueTask BeginStringAsync(
        RestoreEntry entryWithoutValue, long lengthBytes, TemporaryKeys temporaryKeys, CancellationToken cancellationToken)
    {
        StringsBegun++;
        return BeginAsync(entryWithoutValue);
    }

    public ValueTask AppendStringAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        LargestPieceBytes = Math.Max(LargestPieceBytes, piece.Length);
        return AppendAsync(piece);
    }

    public ValueTask EndStringAsync(CancellationToken cancellationToken) => EndAsync();

    public ValueTask<ReadOnlyMemory<byte>> BeginElementsAsync(
        RestoreEntry entryWithoutValue, TemporaryKeys temporaryKeys, CancellationToken cancellationToken)
    {
        ElementsBegun++;
        _open.SetLength(0);
        Entries.Add(entryWithoutValue with { Key = entryWithoutValue.Key.ToArray() });
        return ValueTask.FromResult<ReadOnlyMemory<byte>>("temporary"u8.ToArray());
    }

    public ValueTask AppendElementsAsync(CommandPart commands, CancellationToken cancellationToken)
    {
        CommandsEnded += commands.Ended;
        return AppendAsync(commands.Bytes);
    }

    /// <summary>The entry's value is the commands that it was said with.</summary>
    public ValueTask EndElementsAsync(bool mayVanish, CancellationToken cancellationToken) => EndAsync();

    public ValueTask<TargetFormats> FormatsAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Formats);

    public Task<long> RemoveTemporaryAsync(int database, TemporaryKeys temporaryKeys, CancellationToken cancellationToken) => Task.FromResult(0L);

    public Task<long> LongestArgumentBytesAsync(CancellationToken cancellationToken) => Task.FromResult(LongestArgumentBytes);

    public ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        IsFlushed = true;
        return ValueTask.CompletedTask;
    }

    public Task LoadFunctionAsync(ReadOnlyMemory<byte> librarySource, CancellationToken cancellationToken)
    {
        EntriesBeforeLibraries = Libraries.Count == 0 ? Entries.Count : EntriesBeforeLibraries;
        Libraries.Add(librarySource.ToArray());
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<ReadOnlyMemory<byte>>> ListFunctionsAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReadOnlyMemory<byte>>>([.. Libraries.Select(library => (ReadOnlyMemory<byte>)library)]);

    /// <summary>Every key is missing.</summary>
    public Task<IReadOnlyList<ReadBack>> ReadBackAsync(
        int database, IReadOnlyList<ReadBackRequest> requests, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ReadBack>>([.. requests.Select(_ => default(ReadBack))]);

    public ValueTask DisposeAsync() => _open.DisposeAsync();

    private ValueTask BeginAsync(RestoreEntry entry)
    {
        _open.SetLength(0);
        Entries.Add(entry with { Key = entry.Key.ToArray() });
        return ValueTask.CompletedTask;
    }

    private ValueTask AppendAsync(ReadOnlyMemory<byte> bytes) => _open.WriteAsync(bytes);

    private ValueTask EndAsync()
    {
        Entries[^1] = Entries[^1] with { Value = _open.ToArray() };
        return ValueTask.CompletedTask;
    }
}
