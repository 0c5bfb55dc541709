namespace CacheBackup.Core.Model;

/// <summary>A value that must not be printed: its text form is <c>**redacted**</c>.</summary>
public sealed class Secret<T>(T value)
    where T : notnull
{
    /// <summary>The value itself. Call it as late as possible and keep the result no longer than needed.</summary>
    public T Reveal() => value;

    public override string ToString() => "**redacted**";
}
