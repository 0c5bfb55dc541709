namespace Amazon.Lambda.RuntimeSupport;

/// <summary>
/// Tells the garbage collector how much memory the function has. It cannot see that by itself: Lambda's limit stands in no cgroup that .NET
/// reads, so the heap would grow past it and the sandbox be killed where a collection would have done.
/// </summary>
internal static class HeapLimit
{
    public const string DisableVariable = "AWS_LAMBDA_DOTNET_DISABLE_MEMORY_LIMIT_CHECK";

    // The rest is for what lies outside the heap: the program itself, stacks, sockets.
    private const int PercentOfMemory = 85;

    /// <summary>The heap's limit in bytes for a function of <paramref name="memoryMiB"/>; null: leave the collector's own.</summary>
    public static ulong? For(int memoryMiB, long availableBytes, string? disabled)
    {
        if (memoryMiB <= 0 || string.Equals(disabled, "true", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var limit = ((ulong)memoryMiB << 20) * PercentOfMemory / 100;
        return (ulong)availableBytes <= limit ? null : limit;
    }

    public static void Apply(int memoryMiB, Func<string, string?> variable)
    {
        if (For(memoryMiB, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, variable(DisableVariable)) is { } limit)
        {
            AppContext.SetData("GCHeapHardLimit", limit);
            GC.RefreshMemoryLimit();
        }
    }
}
