namespace CacheBackup.Bench;

/// <summary>A program that does some of our jobs, and which one it is.</summary>
internal sealed record PeerProgram(string Program, string Path, string Version)
{
    public string Name => $"{Program} {Version}";
}
