using System.Text;
using CacheBackup.Core.Rdb;

namespace CacheBackup.Caches.Tests.Scan;

/// <summary>The keys of a file, and what stands beside them.</summary>
internal sealed class KeysOf : RdbHandler
{
    /// <summary>Entries, each as often as it comes.</summary>
    public int Count { get; private set; }

    public HashSet<string> All { get; } = [];

    public Dictionary<string, RdbEntryStart> Entries { get; } = [];

    public static KeysOf Read(byte[] rdb)
    {
        var keys = new KeysOf();
        var reader = new RdbReader(keys, RdbReaderOptions.Default);
        reader.Read(rdb);
        reader.Complete();
        return keys;
    }

    public override void OnEntryStart(in RdbEntryStart entry, ReadOnlySpan<byte> key)
    {
        Count++;
        string name = Encoding.Latin1.GetString(key);
        All.Add(name);
        Entries[name] = entry;
    }
}
