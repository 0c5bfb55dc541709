using CacheBackup.Fixtures;

namespace CacheBackup.EndToEnd;

/// <summary>A file that a service finds a password in, which a test may change.</summary>
internal sealed class PasswordFile : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public PasswordFile(string password)
    {
        Write(password);
        File.SetUnixFileMode(FilePath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    /// <summary>What a request says of it.</summary>
    public string Reference => $"file:{FilePath}";

    private string FilePath => Path.Combine(_directory.Path, "password");

    public void Write(string password) => File.WriteAllText(FilePath, password);

    public void Dispose() => _directory.Dispose();
}
