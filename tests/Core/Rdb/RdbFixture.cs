using System.Text.Json.Serialization;

namespace CacheBackup.Core.Tests.Rdb;

/// <summary>One line of the index of sample files: what independent readers say about a file.</summary>
public sealed record RdbFixture
{
    public required string File { get; init; }

    public required string Magic { get; init; }

    public required int RdbVersion { get; init; }

    public required long Bytes { get; init; }

    public required string Expect { get; init; }

    public required long Keys { get; init; }

    public required long Expires { get; init; }

    public required int[] Databases { get; init; }

    public required Dictionary<string, long> Types { get; init; }

    public required Dictionary<string, long> Opcodes { get; init; }

    public string? Crc { get; init; }

    /// <summary>By server and version, what it says when it loads the file: <c>loaded</c> and counts, or why not.</summary>
    public required Dictionary<string, string> Loads { get; init; }

    [JsonIgnore]
    public bool IsGood => Expect == "ok";

    public override string ToString() => File;
}
