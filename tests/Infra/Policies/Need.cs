namespace CacheBackup.Infra.Tests.Policies;

/// <summary>What a call takes.</summary>
public sealed record Need(string Action, string Resource)
{
    /// <summary>The keys of conditions, with their values at the time of the call.</summary>
    public IReadOnlyDictionary<string, string> Circumstances { get; init; } = new Dictionary<string, string>();

    public override string ToString() => $"{Action} on {Resource}";
}
