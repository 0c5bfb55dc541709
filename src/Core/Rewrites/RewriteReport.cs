using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Rewrites;

/// <summary>What became of the files that were written anew.</summary>
public sealed record RewriteReport
{
    public required RdbVersion Version { get; init; }

    /// <summary>In the order of the route's numbers.</summary>
    public required IReadOnlyList<RewrittenFile> Files { get; init; }

    /// <summary>Keys of the inputs that went nowhere.</summary>
    public required long LeftOut { get; init; }

    /// <summary>Function libraries in each output.</summary>
    public required int Functions { get; init; }

    /// <summary>Function libraries of the inputs that went nowhere.</summary>
    public required int FunctionsLeftOut { get; init; }

    /// <summary>Inputs that state no checksum: nothing proves that their bytes are what a server wrote.</summary>
    public required IReadOnlyList<string> Unverified { get; init; }
}
