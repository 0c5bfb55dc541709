namespace CacheBackup.AmazonLambda.Tests;

public sealed class ShelfEmptyException(string message) : Exception(message);
