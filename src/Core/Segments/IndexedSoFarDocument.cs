using System.Buffers;
using System.Text.Json;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Segments;

/// <summary>The stored form of an <see cref="IndexedSoFar"/>.</summary>
internal sealed record IndexedSoFarDocument
{
    public required SegmentIndexDocument Index { get; init; }

    public required int Database { get; init; }

    public required IReadOnlyDictionary<string, string> Auxiliary { get; init; }

    public required DateTimeOffset? CreatedAt { get; init; }

    public required long? UsedMemoryBytes { get; init; }

    public required DateTimeOffset? AsOf { get; init; }

    /// <summary>Entries by the number of their type.</summary>
    public required IReadOnlyDictionary<int, long> Types { get; init; }

    public required IReadOnlyDictionary<int, long> Opcodes { get; init; }

    public required IReadOnlyList<StoredDatabase> Databases { get; init; }

    public required IReadOnlyList<ulong> Modules { get; init; }

    /// <summary>Of Memcached's items; null for other engines.</summary>
    public long? LargestItemBytes { get; init; }

    public static void Write(IndexedSoFar soFar, IBufferWriter<byte> destination)
    {
        RdbSummary summary = soFar.Summary;
        using var writer = new Utf8JsonWriter(destination);
        JsonSerializer.Serialize(
            writer,
            new IndexedSoFarDocument
            {
                Index = SegmentIndexDocument.From(new SegmentIndex
                {
                    RdbVersion = summary.Version,
                    SizeBytes = summary.SizeBytes,
                    Segments = soFar.Segments,
                    LargeEntries = soFar.LargeEntries,
                    Functions = soFar.Functions,
                }),
                Database = soFar.Database,
                Auxiliary = summary.Auxiliary,
                CreatedAt = summary.CreatedAt,
                UsedMemoryBytes = summary.UsedMemoryBytes,
                AsOf = summary.AsOf,
                Types = summary.Types.ToDictionary(type => (int)type.Key, type => type.Value),
                Opcodes = summary.Opcodes.ToDictionary(opcode => (int)opcode.Key, opcode => opcode.Value),
                Databases = [.. summary.Databases.Select(d => new StoredDatabase(d.Number, d.Keys, d.KeysWithExpiry, d.ExpiredKeys))],
                Modules = [.. summary.ModuleAuxiliary.Select(module => module.Id)],
                LargestItemBytes = summary.LargestItemBytes,
            },
            SegmentIndexJson.Default.IndexedSoFarDocument);
    }

    /// <exception cref="SegmentIndexException">It is not what <see cref="Write"/> wrote.</exception>
    public static IndexedSoFar Read(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, SegmentIndexJson.Default.IndexedSoFarDocument)?.ToIndexed()
                ?? throw new SegmentIndexException("it is empty");
        }
        catch (JsonException e)
        {
            throw new SegmentIndexException("it is not the JSON of an index that was left", e);
        }
    }

    private IndexedSoFar ToIndexed()
    {
        SegmentIndex index = Index.ToPart();
        return new IndexedSoFar
        {
            Database = Database,
            Segments = index.Segments,
            LargeEntries = index.LargeEntries,
            Functions = index.Functions,
            Summary = new RdbSummary
            {
                Version = index.RdbVersion,
                Auxiliary = Auxiliary,
                CreatedAt = CreatedAt,
                UsedMemoryBytes = UsedMemoryBytes,
                AsOf = AsOf,
                Keys = Databases.Sum(d => d.Keys),
                KeysWithExpiry = Databases.Sum(d => d.KeysWithExpiry),
                ExpiredKeys = Databases.Sum(d => d.ExpiredKeys),
                Types = Types.ToDictionary(type => (RdbType)type.Key, type => type.Value),
                Opcodes = Opcodes.ToDictionary(opcode => (RdbOpcode)opcode.Key, opcode => opcode.Value),
                Databases = [.. Databases.Select(d => new RdbDatabaseSummary(d.Number, d.Keys, d.KeysWithExpiry, d.ExpiredKeys))],
                Functions = index.Functions.Count,
                ModuleAuxiliary = [.. Modules.Select(id => new RdbModule(id))],
                SizeBytes = index.SizeBytes,
                Crc64 = 0,
                CrcState = RdbCrcState.Segment,
                LargestItemBytes = LargestItemBytes,
            },
        };
    }

    internal sealed record StoredDatabase(int Number, long Keys, long KeysWithExpiry, long ExpiredKeys);
}
