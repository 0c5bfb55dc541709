using System.Text.Json;
using CacheBackup.Core.Rdb;
using CacheBackup.Fixtures;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>The sample files and their index.</summary>
public static class RdbFixtures
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly Dictionary<string, RdbType> TypeNames = new()
    {
        ["string"] = RdbType.String,
        ["list"] = RdbType.List,
        ["set"] = RdbType.Set,
        ["zset(ascii)"] = RdbType.SortedSet,
        ["hash"] = RdbType.Hash,
        ["zset2"] = RdbType.SortedSet2,
        ["module2"] = RdbType.Module2,
        ["hash-zipmap"] = RdbType.HashZipmap,
        ["list-ziplist"] = RdbType.ListZiplist,
        ["set-intset"] = RdbType.SetIntset,
        ["zset-ziplist"] = RdbType.SortedSetZiplist,
        ["hash-ziplist"] = RdbType.HashZiplist,
        ["quicklist"] = RdbType.ListQuicklist,
        ["stream-lp1"] = RdbType.Stream,
        ["hash-listpack"] = RdbType.HashListpack,
        ["zset-listpack"] = RdbType.SortedSetListpack,
        ["quicklist2"] = RdbType.ListQuicklist2,
        ["set-listpack"] = RdbType.SetListpack,
        ["stream-lp3"] = RdbType.Stream3,
        ["hash-meta-pre-ga|valkey-hash2"] = RdbType.HashWithFieldExpiry,
        ["hash-lp-ex-pre-ga"] = RdbType.HashListpackExpiryPreRelease,
    };

    private static readonly Dictionary<string, RdbOpcode> OpcodeNames = new()
    {
        ["slot-info"] = RdbOpcode.SlotInfo,
        ["function2"] = RdbOpcode.Function,
        ["module-aux"] = RdbOpcode.ModuleAuxiliary,
        ["idle"] = RdbOpcode.Idle,
        ["freq"] = RdbOpcode.Frequency,
        ["aux"] = RdbOpcode.Auxiliary,
        ["resizedb"] = RdbOpcode.ResizeDatabase,
        ["expire-ms"] = RdbOpcode.ExpireMilliseconds,
        ["selectdb"] = RdbOpcode.SelectDatabase,
        ["eof"] = RdbOpcode.End,
    };

    /// <summary>All indexed files; skips the calling test where the folder is absent.</summary>
    public static IReadOnlyList<RdbFixture> All =>
        JsonSerializer.Deserialize<List<RdbFixture>>(SharedFixtures.Read("rdb", "index.json"), Json)!;

    /// <summary>The files that are read to the end, up to a size.</summary>
    public static IEnumerable<(RdbFixture Fixture, byte[] Bytes)> Good(int mostBytes) =>
        All.Where(f => f.IsGood && f.Bytes <= mostBytes).Select(f => (f, Read(f)));

    public static byte[] Read(RdbFixture fixture) => SharedFixtures.Read("rdb", fixture.File);

    /// <summary>The index's counts in our words; types and opcodes that are not ours are a mistake in the tables above.</summary>
    public static Dictionary<RdbType, long> TypesOf(RdbFixture fixture) => fixture.Types.ToDictionary(t => TypeNames[t.Key], t => t.Value);

    public static Dictionary<RdbOpcode, long> OpcodesOf(RdbFixture fixture) =>
        fixture.Opcodes.ToDictionary(o => OpcodeNames[o.Key], o => o.Value);
}
