namespace CacheBackup.AmazonLambda.Tests;

/// <summary>A handler's output.</summary>
public sealed record Receipt(string Text, string? Note = null);
