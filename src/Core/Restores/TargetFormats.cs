using CacheBackup.Core.Model;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Core.Restores;

/// <summary>What a target takes, as it follows from its engine and version (sources: <see cref="ServerFormats"/>).</summary>
/// <param name="HasModules">A module is loaded. Which types it has no server tells: the target itself judges each value then.</param>
public readonly record struct TargetFormats(CacheEngine Engine, CacheVersion Version, bool HasModules)
{
    /// <summary>The first RDB version with streams' counters of entries ever added, deleted and read.</summary>
    private const int CountersSince = 10;

    /// <summary>The first RDB version with streams.</summary>
    private const int StreamsSince = 9;

    public bool HasFunctions => Engine != CacheEngine.Memcached && Version.IsAtLeast(7, 0);

    /// <summary>Streams keep how many entries were ever added, deleted and read.</summary>
    public bool HasStreamCounters => Engine != CacheEngine.Memcached && Newest >= CountersSince;

    /// <summary>Fields of a hash may expire on their own (<c>HPEXPIREAT</c>).</summary>
    public bool HasFieldExpiry => Engine == CacheEngine.Valkey ? Version.IsAtLeast(9, 0) : Version.IsAtLeast(7, 4);

    /// <summary>A value may be put together from pieces on the target. An item of Memcached goes in one, whatever its size.</summary>
    public bool TakesPieces => Engine != CacheEngine.Memcached;

    private int Newest => ServerFormats.Newest(Engine, Version).Number;

    /// <summary>The target as a probe found it.</summary>
    public static TargetFormats Of(CacheProbe probe) => new(probe.Engine, probe.Version, probe.HasModules);

    /// <summary>How values of a type get there; <paramref name="magic"/> is that of the file, and says what the type's number means.</summary>
    public ValueWay WayOf(RdbMagic magic, RdbType type)
    {
        if (magic == RdbMagic.Memcached || Engine == CacheEngine.Memcached)
        {
            return magic == RdbMagic.Memcached && Engine == CacheEngine.Memcached && type == RdbType.String ? ValueWay.AsStored : ValueWay.None;
        }

        if (ValueShape.Of(type, magic) is null)
        {
            return ValueWay.None;
        }

        if (type == RdbType.Module2)
        {
            return HasModules ? ValueWay.AsStored : ValueWay.None;
        }

        if (ServerFormats.Knows(Engine, Version, magic, type))
        {
            return ValueWay.AsStored;
        }

        return OlderOf(type) is not null ? ValueWay.Older : HasFieldExpiry && type.Family() == ValueFamily.Hash ? ValueWay.Elements : ValueWay.None;
    }

    /// <summary>The older type that holds the same as one that the target lacks, and which it knows; null: there is none.</summary>
    public RdbType? OlderOf(RdbType type) => type switch
    {
        RdbType.HashWithFieldExpiry or RdbType.HashListpackExpiryPreRelease or RdbType.HashMetadata or RdbType.HashListpackExpiry => null,
        RdbType.Stream2 or RdbType.Stream3 when Newest >= CountersSince => RdbType.Stream2,
        RdbType.Stream2 or RdbType.Stream3 when Newest >= StreamsSince => RdbType.Stream,
        _ => type.Family() switch
        {
            ValueFamily.List => RdbType.List,
            ValueFamily.Set => RdbType.Set,
            ValueFamily.Hash => RdbType.Hash,
            ValueFamily.SortedSet => RdbType.SortedSet2,
            _ => null,
        },
    };
}
