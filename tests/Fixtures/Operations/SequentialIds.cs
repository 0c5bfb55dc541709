using System.Globalization;
using CacheBackup.Core.Operations;

namespace CacheBackup.Fixtures.Operations;

/// <summary>Ids that a test can foresee: as long as real ones, and counted up.</summary>
public sealed class SequentialIds : IIdSource
{
    private int _last;

    public string Next() => "id" + Interlocked.Increment(ref _last).ToString("D24", CultureInfo.InvariantCulture);
}
