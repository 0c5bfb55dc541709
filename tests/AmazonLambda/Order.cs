namespace CacheBackup.AmazonLambda.Tests;

/// <summary>A handler's input.</summary>
public sealed record Order(string Name, int Count);
