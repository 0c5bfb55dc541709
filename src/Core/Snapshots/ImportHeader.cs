using System.Text;
using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;
using CacheBackup.Core.Storage;

namespace CacheBackup.Core.Snapshots;

/// <summary>What the first bytes of an .rdb file say of the server that wrote it.</summary>
public sealed record ImportHeader
{
    /// <summary>The fields that tell of the server stand before the first key, within this.</summary>
    private const int MaxHeaderBytes = 64 * 1024;

    public required RdbVersion RdbVersion { get; init; }

    /// <summary>Null: the file does not say; Valkey 7.2 writes as Redis does.</summary>
    public CacheEngine? Engine { get; init; }

    public CacheVersion? Version { get; init; }

    /// <summary>When the file was written, by that server's clock.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Reads the beginning of a file.</summary>
    /// <param name="open">Opens the given range of the file.</param>
    /// <param name="lengthBytes">The file's length.</param>
    /// <exception cref="RdbFormatException">It does not begin like an .rdb file.</exception>
    public static async Task<ImportHeader> ReadAsync(
        Func<ByteRange, CancellationToken, Task<ObjectContent>> open, long lengthBytes, CancellationToken cancellationToken)
    {
        if (lengthBytes < RdbVersion.HeaderBytes)
        {
            throw new RdbFormatException(RdbError.UnexpectedEnd, lengthBytes, "The file is shorter than the magic that every .rdb file begins with.");
        }

        await using ObjectContent content = await open(new ByteRange(0, Math.Min(lengthBytes, MaxHeaderBytes)), cancellationToken);
        byte[] bytes = new byte[content.LengthBytes];
        await content.Stream.ReadExactlyAsync(bytes, cancellationToken);
        var fields = new Fields();
        new RdbReader(fields, RdbReaderOptions.Default with { EndOffsetBytes = lengthBytes }).Read(bytes);
        return fields.ToHeader();
    }

    private sealed class Fields : RdbHandler
    {
        private const int MaxFieldBytes = 64;
        private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
        private RdbVersion _version;
        private bool _hasKeys;

        public override void OnHeader(RdbVersion version) => _version = version;

        public override void OnAuxiliary(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
        {
            if (!_hasKeys && name.Length <= MaxFieldBytes && value.Length <= MaxFieldBytes)
            {
                _texts.TryAdd(Encoding.UTF8.GetString(name), Encoding.UTF8.GetString(value));
            }
        }

        public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key) => _hasKeys = true;

        public ImportHeader ToHeader()
        {
            bool isValkey = _version.Magic == RdbMagic.Valkey || _texts.ContainsKey("valkey-ver");
            string? text = _texts.GetValueOrDefault("valkey-ver") ?? _texts.GetValueOrDefault("redis-ver");
            return new ImportHeader
            {
                RdbVersion = _version,
                Engine = isValkey ? CacheEngine.Valkey : text is null ? null : CacheEngine.Redis,
                Version = CacheVersion.TryParse(text, out CacheVersion version) ? version : null,
                CreatedAt = long.TryParse(_texts.GetValueOrDefault("ctime"), out long seconds) && seconds is > 0 and < 253_402_300_800
                    ? DateTimeOffset.FromUnixTimeSeconds(seconds)
                    : null,
            };
        }
    }
}
