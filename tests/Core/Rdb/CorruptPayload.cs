using System.Text.Json;
using CacheBackup.Core.Rdb;
using CacheBackup.Fixtures;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>One line of the index of payloads that once broke a server.</summary>
/// <param name="File">Its name.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Type">The type byte.</param>
/// <param name="RdbVersion">What its footer states.</param>
/// <param name="TestExpects">Of a server's own test: <c>Bad data format</c> where it must be refused, <c>other</c> where it may be.</param>
/// <param name="TestSkipsChecksum">Whether that test switches the checksum off.</param>
public sealed record CorruptPayload(string File, int Bytes, RdbType Type, int RdbVersion, string TestExpects, bool TestSkipsChecksum)
{
    /// <summary>All indexed payloads; skips the calling test where the folder is absent.</summary>
    public static IReadOnlyList<CorruptPayload> All =>
        JsonSerializer.Deserialize<List<CorruptPayload>>(SharedFixtures.Read("corrupt", "index.json"), RdbFixtures.Json)!;

    public bool MustBeRefused => TestExpects == "Bad data format";

    public byte[] Read() => SharedFixtures.Read("corrupt", File);

    public override string ToString() => File;
}
