namespace CacheBackup.Fixtures;

/// <summary>A new directory for one test, removed with all it holds.</summary>
public sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("cache-backup-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
