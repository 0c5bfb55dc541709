namespace CacheBackup.Architecture.Tests.Persistence;

public sealed record SampleSquare(int Id, int Side) : SampleShape(Id);
