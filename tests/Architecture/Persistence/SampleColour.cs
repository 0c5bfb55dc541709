namespace CacheBackup.Architecture.Tests.Persistence;

public enum SampleColour
{
    DeepRed,
    Green,
}
