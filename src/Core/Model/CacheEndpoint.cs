namespace CacheBackup.Core.Model;

/// <summary>Where a cache node listens: a host name or address, and a TCP port (1–65,535).</summary>
public sealed record CacheEndpoint(string Host, int Port)
{
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
