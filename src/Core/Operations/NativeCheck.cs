using CacheBackup.Core.Model;

namespace CacheBackup.Core.Operations;

/// <summary>What a look at ElastiCache's work found.</summary>
/// <param name="State">Whether to look again.</param>
/// <param name="Shards">The numbers of the shards whose files are there.</param>
public sealed record NativeCheck(NativeState State, IReadOnlyList<int> Shards)
{
    public static NativeCheck Wait { get; } = new(NativeState.Wait, []);

    public static NativeCheck Ready(IReadOnlyList<SnapshotFile> files) => new(NativeState.Ready, [.. files.Select(file => file.Number)]);
}
