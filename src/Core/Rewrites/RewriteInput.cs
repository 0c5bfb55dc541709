namespace CacheBackup.Core.Rewrites;

/// <summary>A file to take entries from.</summary>
/// <param name="Name">What errors call it.</param>
/// <param name="Content">Is read twice from its beginning; it must be seekable, and stays the caller's.</param>
public sealed record RewriteInput(string Name, Stream Content);
