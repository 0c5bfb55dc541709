namespace CacheBackup.Core.Rdb;

/// <summary>What a value is to a client, whatever the encoding.</summary>
public enum ValueFamily : byte
{
    String = (byte)'s',
    List = (byte)'l',
    Set = (byte)'e',
    SortedSet = (byte)'z',
    Hash = (byte)'h',
    Stream = (byte)'x',
    Module = (byte)'m',
}
