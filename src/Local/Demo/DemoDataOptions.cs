namespace CacheBackup.Local.Demo;

/// <summary>What a server is to be filled with. The same options make the same data.</summary>
internal sealed record DemoDataOptions
{
    /// <summary>Of all databases together, apart from keys that are made to expire at once. At least <see cref="DemoRequest.FewestKeys"/>.</summary>
    public required int Keys { get; init; }

    /// <summary>One incompressible string of this size.</summary>
    public long LargestValueBytes { get; init; } = 64L * 1024 * 1024;

    public int Seed { get; init; } = 20_240_229;

    /// <summary>What expiries and times in streams are counted from: about now.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>Function libraries, which servers have since version 7.0.</summary>
    public bool WithFunctions { get; init; } = true;
}
