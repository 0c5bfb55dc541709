namespace CacheBackup.Core.Operations;

/// <summary>Where random identity comes from, so that tests can foresee it.</summary>
public interface IIdSource
{
    /// <summary>A fresh text of 26 lower-case letters and digits with 128 bits of randomness.</summary>
    string Next();
}
