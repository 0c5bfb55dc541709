using System.Globalization;
using CacheBackup.Core.Snapshots;

namespace CacheBackup.Faults.Host;

/// <summary>How long the slices of a scan are in a host of these tests.</summary>
public static class FaultyHostSlices
{
    /// <param name="arguments">None, or the keys of a slice.</param>
    public static SliceLimit Of(string[] arguments) =>
        arguments is [var keys] ? new SliceLimit { Keys = long.Parse(keys, CultureInfo.InvariantCulture) } : SliceLimit.None;
}
