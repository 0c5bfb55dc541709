namespace CacheBackup.Local.Commands;

/// <summary>What became of files that were written anew. Its JSON form is for scripts: names are kept.</summary>
internal sealed record FileRewrite
{
    public required string RdbVersion { get; init; }

    /// <summary>Keys of the inputs that went nowhere.</summary>
    public required long LeftOut { get; init; }

    /// <summary>Function libraries in each file.</summary>
    public required int Functions { get; init; }

    /// <summary>Function libraries of the inputs that went nowhere.</summary>
    public required int FunctionsLeftOut { get; init; }

    public required IReadOnlyList<FileRewritten> Files { get; init; }
}
